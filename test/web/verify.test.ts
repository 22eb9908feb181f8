import request from 'supertest';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
let credential: string;
let revoked: string;

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openBadgeSchool(cairn);
  credential = await school.award();
  revoked = await school.award();
  await school.publish(credential);
  await school.publish(revoked);
  await school.revoke(revoked);
});
afterAll(async () => {
  await cairn.close();
});

const form = () => request(cairn.app).post('/verify').set('Accept', 'text/html');
const download = async (suffix: string, id = credential) => {
  const answer = await request(cairn.app).get(`/credentials/${id}.${suffix}`).buffer(true);
  return Buffer.isBuffer(answer.body) && answer.body.length > 0
    ? answer.body
    : Buffer.from(answer.text);
};

describe('the verify form', () => {
  it.each(['png', 'svg', 'json', 'jwt'])(
    'finds a badge valid that was downloaded as %s',
    async (suffix) => {
      const answer = await form().attach('file', await download(suffix), `badge.${suffix}`);

      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.text).toContain('This badge is valid');
      expect(answer.text).toContain('Noa Lindqvist');
    },
  );

  it('takes pasted text and the address of a badge of its own', async () => {
    const text = (await download('json')).toString('utf8');
    const address = `http://localhost:3000/credentials/${credential}`;

    expect((await form().field('text', text)).text).toContain('This badge is valid');
    expect((await form().field('text', address)).text).toContain('This badge is valid');
    expect((await form().field('url', `${address}.png`)).text).toContain('This badge is valid');
  });

  it('tells a status list from a badge', async () => {
    const badge = JSON.parse((await download('json')).toString('utf8')) as {
      credentialStatus: { statusListCredential: string };
    };
    const { pathname } = new URL(badge.credentialStatus.statusListCredential);
    const list = await request(cairn.app).get(pathname).buffer(true);
    const text = Buffer.isBuffer(list.body) ? list.body.toString('utf8') : list.text;
    const answer = await form().field('text', text);

    expect(answer.text).toContain('This is a status list, not a badge');
    expect(answer.text).not.toContain('What the badge says');
    expect(answer.text).not.toContain('without a name');
  });

  it('tells a changed badge from a good one, and shows its words as unproven', async () => {
    const text = (await download('json')).toString('utf8').replace('Noa Lindqvist', 'Eve');
    const answer = await form().field('text', text);

    expect(answer.status).toBe(200);
    expect(answer.text).toContain('This cannot be relied on');
    expect(answer.text).toContain('What it says, without proof');
    expect(answer.text).toContain('The signature does not hold');
    expect(answer.text).not.toMatch(/fake|forg|fraud/i);
  });

  it('says that a withdrawn badge was withdrawn', async () => {
    const answer = await form().attach('file', await download('png', revoked), 'badge.png');

    expect(answer.text).toContain('This badge was withdrawn by its issuer');
    expect(answer.text).toContain('What the badge says');
  });

  it('does not hold an unknown issuer against a badge', async () => {
    const text = (await download('json')).toString('utf8');
    const foreign = text.replaceAll('did:web:localhost%3A3000:issuers', 'did:web:nowhere.invalid');
    const answer = await form().field('text', foreign);

    expect(answer.text).toContain('This could not be verified');
    expect(answer.text).toContain('This says nothing against the badge or its earner');
    expect(answer.text).not.toMatch(/fake|forg|fraud/i);
  });

  it('says when there is no badge in a file', async () => {
    const picture = await download('svg');
    const plain = picture
      .toString('utf8')
      .replace(/<openbadges:credential[\s\S]*?<\/openbadges:credential>/, '');
    const answer = await form().attach('file', Buffer.from(plain), 'badge.svg');

    expect(answer.text).toContain('There is no badge in this');
    expect(answer.text).toContain('Screenshots and pictures that were saved again');
  });

  it.each([
    ['nothing', {}, 400, 'Choose a file'],
    ['no address', { url: 'javascript:alert(1)' }, 400, 'This is no web address'],
    ['an address inside', { url: 'http://127.0.0.1:9/x' }, 422, 'Verify a badge'],
  ])('asks again for %s', async (_what, fields, status, words) => {
    const answer = await form().field({ other: '', ...fields });

    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('role="alert"');
  });

  it('refuses more than 5 MB', async () => {
    const answer = await form().attach('file', Buffer.alloc(5_000_001), 'badge.png');

    expect(answer.status).toBe(413);
    expect(answer.text).toContain('at most 5 MB');
  });

  it('answers a program that sends the form with the result', async () => {
    const send = () => request(cairn.app).post('/verify').set('Accept', '*/*');
    const good = await send().attach('file', await download('png'), 'badge.png');
    const large = await send().attach('file', Buffer.alloc(5_000_001), 'badge.png');

    expect(good.headers['access-control-allow-origin']).toBe('*');
    expect(good.body).toMatchObject({ verified: true, outcome: 'valid' });
    expect(large.headers['content-type']).toContain('application/problem+json');
    expect(large.body).toMatchObject({ status: 413, code: 'verify.too_large' });
  });

  it('leaves programs their JSON', async () => {
    const json = await request(cairn.app)
      .post('/verify')
      .set('Accept', 'text/html')
      .type('application/vc')
      .send((await download('json')).toString('utf8'));

    expect(json.body).toMatchObject({ verified: true, outcome: 'valid' });
  });

  it('is filled in with the address that a badge page hands over', async () => {
    const { text } = await request(cairn.app).get('/verify?url=https://school.example/b/1');

    expect(text).toContain('value="https://school.example/b/1"');
  });

  it('is filled in with the badge that a link carries, as text', async () => {
    const vc = '{"name":"</textarea><b>x"}';
    const { text } = await request(cairn.app).get(`/verify?vc=${encodeURIComponent(vc)}`);

    expect(text).toContain('&lt;/textarea>');
    expect(text).not.toContain('</textarea><b>');
  });

  it('keeps what was typed when it asks again', async () => {
    const answer = await form().field({ url: 'not an address', text: 'some text' });

    expect(answer.text).toContain('value="not an address"');
    expect(answer.text).toContain('>some text</textarea>');
  });

  it('has a script of its own site and needs none', async () => {
    const { text } = await request(cairn.app).get('/verify');
    const [, address = ''] = /<script type="module" src="([^"]+)">/.exec(text) ?? [];
    const script = await request(cairn.app).get(address);

    expect(address).toMatch(/^\/assets\/verify-[0-9a-f]{10}\.js$/);
    expect(script.headers['content-type']).toContain('javascript');
    expect(text).toContain('<form class="card form" method="post" action="/verify"');
  });
});

describe('the result', () => {
  it('says who, to whom, what for, and keeps the technical part folded', async () => {
    const { text } = await form().attach('file', await download('json'), 'badge.json');

    for (const words of ['Noa Lindqvist', 'Alder Creek School', 'Tells linear from exponential']) {
      expect(text).toContain(words);
    }
    expect(text).toContain('<details class="card details">');
    expect(text).toContain('eddsa-rdfc-2022');
    expect(text).toContain('&quot;outcome&quot;: &quot;valid&quot;');
  });

  it('does not ask other sites for pictures, nor show those that nothing proves', async () => {
    const document = JSON.parse((await download('json')).toString('utf8')) as {
      credentialSubject: { achievement: { image?: object } };
    };
    for (const id of ['https://tracker.example/x.png', 'data:image/png;base64,iVBORw0KGgo=']) {
      document.credentialSubject.achievement.image = { id, type: 'Image' };
      const { text } = await form().field('text', JSON.stringify(document));
      expect(text).toContain('This cannot be relied on');
      expect(text).not.toContain('<img');
    }
  });
});
