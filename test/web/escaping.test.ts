import request from 'supertest';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

const attack = `"'></script><script>alert(1)</script><img src=x onerror=alert(1)>`;
const markdown = `${attack}

[link](javascript:alert(1)) [data](data:text/html,x) ![pixel](https://spy.example/pixel.png)

<svg onload=alert(1)></svg>`;

let cairn: TestCairn;
const pages: string[] = [];

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openBadgeSchool(cairn, {
    school: `School ${attack}`,
    name: `Badge ${attack}`,
    description: `About ${attack}`,
    criteria: markdown,
    standard: `Standard ${attack}`,
    learner: `Noa ${attack}`,
    narrative: markdown,
    evidenceName: `Evidence ${attack}`,
    evidenceNarrative: markdown,
  });
  const credential = await school.award();
  await school.publish(credential);
  const get = async (path: string) => {
    const answer = await request(cairn.app).get(path).set('Accept', 'text/html');
    expect(answer.status).toBe(200);
    pages.push(answer.text);
  };
  await get('/');
  await get(`/credentials/${credential}`);
  await get(`/issuers/${school.organization}`);
  await get(`/achievements/${school.achievement}`);
  await get(`/verify?url=${encodeURIComponent(attack)}`);
  const verified = await request(cairn.app)
    .post('/verify')
    .set('Accept', 'text/html')
    .field('url', `http://localhost:3000/credentials/${credential}`);
  expect(verified.text).toContain('This badge is valid');
  pages.push(verified.text);
  const foreign = { issuer: { id: `did:web:${attack}`, name: attack }, name: attack };
  const shown = await request(cairn.app)
    .post('/verify')
    .set('Accept', 'text/html')
    .field('text', JSON.stringify(foreign));
  pages.push(shown.text);
});
afterAll(async () => {
  await cairn.close();
});

describe('words of people', () => {
  it('never become markup, on any page', () => {
    expect(pages).toHaveLength(7);
    for (const page of pages) {
      const markup = page
        .replace(/<script type="application\/ld\+json">.*?<\/script>/gs, '')
        .replace(/<script type="module" src="\/assets\/[\w.-]+"><\/script>/g, '');
      expect(page).toContain('&lt;script>alert(1)');
      expect(markup).not.toMatch(/<script/i);
      expect(markup).not.toMatch(/<svg[^>]*onload|<img[^>]*onerror|<img src=.?x/i);
      expect(markup).not.toMatch(/href="(javascript|data):/i);
      expect(markup).not.toMatch(/="https:\/\/spy\.example/);
    }
  });

  it('cannot leave the description for search engines', () => {
    const [, credential = ''] = pages;
    const blocks = [
      ...credential.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs),
    ];
    const [, json = ''] = blocks[0] ?? [];

    expect(blocks).toHaveLength(1);
    expect((JSON.parse(json) as { name: string }).name).toBe(`Badge ${attack}`);
  });
});
