import request from 'supertest';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

const browser =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;
let credential: string;

const get = (path: string, accept = browser) => request(cairn.app).get(path).set('Accept', accept);

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
  credential = await school.award();
  await school.publish(credential);
});
afterAll(async () => {
  await cairn.close();
});

describe('the page of a badge', () => {
  it('shows what is signed', async () => {
    const { text, headers } = await get(`/credentials/${credential}`);

    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('private, no-cache');
    for (const words of [
      'Linear or exponential?',
      'Noa Lindqvist',
      'Alder Creek School',
      'Level 2: Explorer',
      'This badge is valid',
      '<strong>two situations</strong>',
      'HSF.LE.1, HSF.LE.2',
      'Duckweed on the mill pond',
      'The issuer has not withdrawn it',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('marks the levels of the rubric in words', async () => {
    const { text } = await get(`/credentials/${credential}`);
    const cells = text.match(/<td role="cell".*?<\/td>/gs) ?? [];
    const marked = cells.map((cell) =>
      cell
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );

    expect(marked).toHaveLength(12);
    expect(marked.filter((cell) => cell.endsWith('Reached Required'))).toHaveLength(1);
    expect(marked).toContain('Proficient Argues with steps and factors. Required');
    expect(marked).toContain('Advanced Proves it for every such function. Reached');
  });

  it('tells other sites about the badge and not about its earner', async () => {
    const { text } = await get(`/credentials/${credential}`);
    const [head = ''] = text.split('</head>');
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head) ?? [];

    expect(head).toContain('<meta property="og:title" content="Linear or exponential?"/>');
    expect(head).toContain(`/credentials/${credential}.png"`);
    expect(head).toContain('<meta name="robots" content="noindex"/>');
    expect(head).not.toContain('Noa');
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'EducationalOccupationalCredential',
      name: 'Linear or exponential?',
      recognizedBy: { name: 'Alder Creek School' },
    });
  });

  it('says so when the badge was withdrawn', async () => {
    const revoked = await school.award();
    await school.publish(revoked);
    await school.revoke(revoked);
    const { text } = await get(`/credentials/${revoked}`);

    expect(text).toContain('This badge was withdrawn by its issuer');
    expect(text).not.toContain('This badge is valid');
  });

  it('says so while the badge is suspended, and not why', async () => {
    const held = await school.award();
    await school.publish(held);
    await school.call('post', `/credentials/${held}/suspend`, { reason: 'Between teachers.' });
    const { text } = await get(`/credentials/${held}`);

    expect(text).toContain('This badge is suspended for now');
    expect(text).not.toContain('This badge is valid');
    expect(text).not.toContain('Between teachers');
  });

  it('is the same "nothing here" for a private, an absent and a malformed id', async () => {
    const hidden = await school.award();
    const pages = await Promise.all(
      [hidden, '5a3fd0c2-7c1e-4b7a-9d35-000000000000', 'x', '%00'].map((id) =>
        get(`/credentials/${id}`),
      ),
    );
    const elsewhere = await get('/no-such-page');

    for (const { status, text, headers } of pages) {
      expect(status).toBe(404);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['cache-control']).toBe('no-store');
      expect(text).toBe(elsewhere.text);
    }
  });
});

describe('what is answered', () => {
  it.each([
    ['text/html', 'text/html'],
    [browser, 'text/html'],
    ['application/json, text/html;q=0.1', 'text/html'],
    ['*/*', 'application/vc'],
    ['application/vc', 'application/vc'],
    ['application/ld+json', 'application/ld+json'],
    ['application/xhtml+xml, */*', 'application/vc'],
    ['text/htmlx', 'application/vc'],
  ])('for Accept: %s is %s', async (accept, type) => {
    const answer = await get(`/credentials/${credential}`, accept);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
    expect(answer.headers.vary).toContain('Accept');
  });

  it.each([
    ['.json', 'application/vc'],
    ['.jwt', 'text/plain'],
    ['.png', 'image/png'],
    ['.svg', 'image/svg+xml'],
  ])('with the suffix %s is that form, also to a browser', async (suffix, type) => {
    const answer = await get(`/credentials/${credential}${suffix}`);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain(type);
  });

  it('at the address of an issuer is a page for people and a Profile for programs', async () => {
    const page = await get(`/issuers/${school.organization}`);
    const profile = await get(`/issuers/${school.organization}`, '*/*');
    const did = await get(`/issuers/${school.organization}/did.json`);

    expect(page.text).toContain('<h1 lang="en">Alder Creek School</h1>');
    expect(profile.body).toMatchObject({ type: ['Profile'], name: 'Alder Creek School' });
    expect(did.headers['content-type']).toContain('application/did+json');
  });

  it('at the address of an achievement is its definition, and of a version that version', async () => {
    const before = await get(`/achievements/${school.achievement}`);
    await school.call('patch', `/achievements/${school.achievement}`, {
      description: 'Said in other words.',
    });
    await school.call('post', `/achievements/${school.achievement}/publish`);
    const first = await get(`/achievements/${school.achievement}/versions/1`);
    const newest = await get(`/achievements/${school.achievement}`);
    const machine = await get(`/achievements/${school.achievement}/versions/1`, '*/*');

    expect(before.text).toContain('What has to be shown');
    expect(before.text).not.toContain('See the newest version');
    expect(newest.text).toContain('Said in other words.');
    expect(first.text).not.toContain('Said in other words.');
    expect(first.text).toContain('See the newest version');
    expect(machine.headers['content-type']).toContain('application/ld+json');
    for (const number of ['3', '0', 'x', '1e0']) {
      const absent = await get(`/achievements/${school.achievement}/versions/${number}`);
      expect(absent.status).toBe(404);
    }
  });

  it('at the address of an achievement says so where learners judge their own work', async () => {
    const path = `/achievements/${school.achievement}`;
    const said = 'judges it, too, by the same rubric.';
    expect((await get(path, 'text/html')).text).not.toContain(said);
    const evidencePolicy = { minItems: 1, selfAssessment: true };
    await school.call('patch', path, { evidencePolicy });
    await school.call('post', `${path}/publish`);
    expect((await get(path, 'text/html')).text).toContain(said);
  });

  it('at the address of an achievement names the kinds of evidence that are welcome', async () => {
    const path = `/achievements/${school.achievement}`;
    expect((await get(path, 'text/html')).text).not.toContain('These are welcome');
    const evidencePolicy = { minItems: 1, accepted: ['A radio play', 'A <model>'] };
    await school.call('patch', path, { evidencePolicy });
    await school.call('post', `${path}/publish`);
    const { text } = await get(path, 'text/html');
    expect(text).toContain('These are welcome');
    expect(text).toContain('<li>A radio play</li><li>A &lt;model></li>');
  });

  it('to programs stays a problem document when there is nothing', async () => {
    const absent = await get('/credentials/x', 'application/json');
    const api = await get('/api/v1/people');

    expect(absent.headers['content-type']).toContain('application/problem+json');
    expect(api.status).toBe(401);
    expect(api.headers['content-type']).toContain('application/problem+json');
  });

  it('at the front door names the school', async () => {
    const { text } = await get('/');

    expect(text).toContain(`href="/issuers/${school.organization}"`);
    expect(text).toContain('href="/verify"');
  });
});

describe('the style sheet', () => {
  it('has an address of its own for each content and is kept for ever', async () => {
    const { text } = await get('/');
    const [, address = ''] = /rel="stylesheet" href="([^"]+)"/.exec(text) ?? [];
    const sheet = await get(address, '*/*');

    expect(address).toMatch(/^\/assets\/cairn-[0-9a-f]{10}\.css$/);
    expect(sheet.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(sheet.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await get('/assets/cairn.css', '*/*')).status).toBe(404);
    expect((await get('/assets/..%2fpackage.json', '*/*')).status).toBe(404);
  });

  it('is all that pages need: no script or style stands in them', async () => {
    const pages = await Promise.all(
      ['/', '/verify', `/credentials/${credential}`, `/issuers/${school.organization}`].map(
        (path) => get(path),
      ),
    );
    for (const { text, headers } of pages) {
      const scripts = text
        .replaceAll('<script type="application/ld+json">', '')
        .replace(/<script type="module" src="\/assets\/verify-[0-9a-f]{10}\.js"><\/script>/, '');
      expect(scripts).not.toContain('<script');
      expect(text).not.toMatch(/\sstyle=|<style|\son\w+=/);
      expect(headers['content-security-policy']).toContain("script-src 'self'");
    }
  });
});
