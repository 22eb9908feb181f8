// A school's own words are shown to people and never signed: neither in what was signed before nor in what is signed
// after they were set.
import request from 'supertest';
import { terms } from '../../src/domain/vocabulary.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { publishLearningFramework } from '../support/learning-framework.ts';

/** Words that stand nowhere else: `xachievementx`, and `xachievementsx` for several. */
const absurd = (mark: string) =>
  Object.fromEntries(
    terms.map((term) => [term, { one: `${mark}${term}${mark}`, other: `${mark}${term}s${mark}` }]),
  );

const anyWord = new RegExp(`[xz](?:${terms.join('|')})s?[xz]`, 'i');

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;
let credential: string;
let standard: string;
let before: Awaited<ReturnType<typeof signed>>;
let problemsBefore: readonly unknown[];
let firstShape: string;

const get = (path: string, accept = '*/*', language = '') =>
  request(cairn.app)
    .get(path)
    .set('Accept', accept)
    .set('Accept-Language', language)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
const bytes = async (path: string) => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return (answer.body as Buffer).toString('base64');
};
const page = async (path: string, language = '') => {
  const answer = await get(path, 'text/html', language);
  expect(answer.status).toBe(200);
  return (answer.body as Buffer).toString('utf8');
};

/** Everything that is signed, or that what is signed points at, byte for byte. */
async function signed(id: string) {
  const paths = [
    ...['.json', '.jwt', '.png', '.svg'].map((suffix) => `/credentials/${id}${suffix}`),
    `/achievements/${school.achievement}`,
    `/achievements/${school.achievement}/versions/1`,
    `/achievements/${school.achievement}/versions/1/image.svg`,
    `/achievements/${school.achievement}/versions/1/image.png`,
    `/issuers/${school.organization}`,
    `/issuers/${school.organization}/did.json`,
    standard,
  ];
  return Promise.all(paths.map(async (path) => [path, await bytes(path)] as const));
}

/** A credential without what is different in each: ids, moments, hashes, signatures. */
async function shapeOf(id: string): Promise<string> {
  const text = Buffer.from(await bytes(`/credentials/${id}.json`), 'base64').toString('utf8');
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/#\d+"/g, '#INDEX"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(
      /"(proofValue|salt|identityHash|statusListIndex|digestMultibase)":"[^"]*"/g,
      '"$1":""',
    );
}

const refused = [
  ['get', '/achievements/x'],
  ['post', '/achievements', { kind: 'nothing' }],
  ['post', '/awards', { learner: 'x' }],
  ['put', '/frameworks/x/levels', []],
] as const;

async function problems() {
  return Promise.all(
    refused.map(async ([method, path, body]) => {
      const agent = request(cairn.app);
      const answer = await agent[method](`/api/v1${path}`)
        .auth(cairn.owner, { type: 'bearer' })
        .send(body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      return answer.body as unknown;
    }),
  );
}

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
  credential = await school.award();
  await school.publish(credential);
  await publishLearningFramework(cairn);
  firstShape = await shapeOf(credential);
  const definition = await request(cairn.app).get(`/achievements/${school.achievement}`);
  const { alignment } = definition.body as { alignment: readonly { targetUrl: string }[] };
  standard = new URL(alignment[0]?.targetUrl ?? '').pathname;
  before = await signed(credential);
  problemsBefore = await problems();
  const { status } = await request(cairn.app)
    .patch('/api/v1/organization')
    .auth(cairn.owner, { type: 'bearer' })
    .send({ vocabulary: { en: absurd('x'), es: absurd('z') } });
  expect(status).toBe(200);
});
afterAll(async () => {
  await cairn.close();
});

describe("a school's own words", () => {
  it.each([
    [
      'the achievement',
      () => `/achievements/${school.achievement}`,
      'Xmicrocredentialx Xcriterionx',
    ],
    ['the credential', () => `/credentials/${credential}`, 'Xevidencesx Xcriterionx xachievementx'],
    ['the standard', () => standard, 'Xstandardx Xframeworkx'],
    ['the policy', () => `/policy/${school.organization}`, 'Xachievementsx xcriterionx Xlevelsx'],
    ['the school', () => `/schools/${school.organization}`, 'Xschoolx Xachievementsx'],
    ['the issuer', () => `/issuers/${school.organization}`, 'xbadgex xschoolx'],
    [
      'the learning framework',
      () => `/schools/${school.organization}/learning-framework`,
      'Xcreditsx',
    ],
  ])('stand on the page of %s', async (_name, path, words) => {
    const text = await page(path());
    for (const word of words.split(' ')) expect(text).toContain(word);
  });

  it('follow the language of the reader', async () => {
    const text = await page(`/achievements/${school.achievement}`, 'es');
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('Zcriterionz');
    expect(text).not.toMatch(/x[a-z]+x/i);
  });

  it('stand in what a learner and the family read', async () => {
    const ask = (method: 'get' | 'post', path: string) =>
      request(cairn.app)[method](`/api/v1${path}`).auth(cairn.owner, { type: 'bearer' });
    const made = await ask('post', '/people').send({ name: 'Ada', roles: ['learner'] });
    const { id } = made.body as { id: string };
    const flag = await ask('post', '/support-flags').send({ learner: id, text: 'Seems lost.' });
    expect(flag.body).toMatchObject({
      summary: 'Somebody at the xschoolx would like to help.',
    });
    const shown = await ask('get', `/learners/${id}/progress`);
    const { pace, frameworks } = shown.body as {
      pace: { words: string };
      frameworks: readonly { id: string }[];
    };
    expect(pace.words).toContain('xachievementsx a month');
    const chart = await ask('get', `/learners/${id}/chart.svg?framework=${frameworks[0]?.id}`);
    expect((chart.body as Buffer).toString()).toContain('0 of 1 xachievementx earned');
  });

  // Whoever issued a badge, a verdict is told in the same words: no school words the verdict on itself.
  it('do not stand in what verifying says', async () => {
    const document = await bytes(`/credentials/${credential}.json`);
    const answer = await request(cairn.app)
      .post('/verify')
      .set('Accept', 'text/html')
      .field('text', Buffer.from(document, 'base64').toString());
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('What we checked');
    expect(answer.text).not.toMatch(anyWord);
  });

  it('leave every byte as it is that was signed, or that what was signed points at', async () => {
    expect(await signed(credential)).toEqual(before);
  });

  it('do not get into what is signed after', async () => {
    const later = await school.award();
    await school.publish(later);
    expect(await shapeOf(later)).toBe(firstShape);
    for (const [path, content] of await signed(later)) {
      const text = Buffer.from(content, 'base64').toString('latin1');
      expect([path, /[xz](?:achievement|level|school|standard|evidence)s?[xz]/.test(text)]).toEqual(
        [path, false],
      );
    }
  });

  it('leave the problems of the API as they are', async () => {
    expect(await problems()).toEqual(problemsBefore);
  });
});
