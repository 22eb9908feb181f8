import request from 'supertest';
import { newRandomId } from '../../src/shared/ids.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { publishLearningFramework } from '../support/learning-framework.ts';

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
});
afterAll(async () => {
  await cairn.close();
});

const get = (path: string, accept = 'text/html', language = '') =>
  request(cairn.app).get(path).set('Accept', accept).set('Accept-Language', language);

describe('the page of a school', () => {
  it('leads to what it teaches and how it decides', async () => {
    const { text, headers } = await get(`/schools/${school.organization}`);

    expect(text).toContain('<h1 lang="en">Alder Creek School</h1>');
    expect(text).toContain(`href="/policy/${school.organization}"`);
    expect(text).toContain(`href="/achievements/${school.achievement}"`);
    expect(text).toContain('Achievements that can be earned here');
    expect(text).toContain(`did:web:localhost%3A3000:issuers:${school.organization}`);
    expect(headers['cache-control']).toBe('public, no-cache');
  });

  it('is data for programs', async () => {
    const answer = await get(`/schools/${school.organization}`, 'application/json');
    expect(answer.body).toMatchObject({
      id: school.organization,
      name: 'Alder Creek School',
      url: 'https://alder-creek.example/',
      policy: `http://localhost:3000/policy/${school.organization}`,
      achievements: [{ kind: 'microcredential', name: 'Linear or exponential?' }],
    });
  });

  it('shows neither drafts nor what is retired', async () => {
    const draft = { name: 'Not yet', description: 'x', criteria: 'x', kind: 'microcredential' };
    await school.call('post', '/achievements', { ...draft, standards: [], rubric: [] });
    expect((await get(`/schools/${school.organization}`)).text).not.toContain('Not yet');
    await school.call('post', `/achievements/${school.achievement}/retire`);
    expect((await get(`/schools/${school.organization}`)).text).toContain('Nothing is published');
    expect((await get(`/schools/${school.organization}?cursor=x&cursor=y`)).status).toBe(200);
  });
});

describe('a school that is not there', () => {
  it.each(['/policy/', '/schools/'])('%s is the same nothing as anywhere else', async (path) => {
    const elsewhere = await get('/no-such-page');
    for (const id of [newRandomId(), 'x', '%00', '$ne', 'constructor']) {
      const page = await get(`${path}${id}`);
      expect([page.status, page.text]).toEqual([404, elsewhere.text]);
      const data = await get(`${path}${id}`, 'application/json');
      expect(data.status).toBe(404);
      expect((data.body as { code: string }).code).toBe('school.not_found');
    }
  });
});

describe('what is promised to graduates', () => {
  const path = () => `/schools/${school.organization}/learning-framework`;

  it('is linked from the school as soon as it is published', async () => {
    const link = `href="${path()}"`;
    const data = () => get(`/schools/${school.organization}`, 'application/json');
    expect((await get(`/schools/${school.organization}`)).text).not.toContain(link);
    expect((await data()).body).not.toHaveProperty('learningFramework');
    await publishLearningFramework(cairn);
    expect((await get(`/schools/${school.organization}`)).text).toContain(link);
    const { learningFramework } = (await data()).body as { learningFramework: string };
    expect(new URL(learningFramework).pathname).toBe(path());
    expect((await get(path(), 'application/json')).status).toBe(200);
  });

  it('is told in the language of the reader around what the school wrote', async () => {
    await school.call('patch', '/organization', { languages: ['en', 'es', 'de'] });
    const { text, headers } = await get(path(), 'text/html', 'es');
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('Marco de aprendizaje');
    expect(text).toContain('<div class="card" lang="en">');
    expect(headers.vary).toContain('Accept-Language');
  });
});

describe('the page of an issuer', () => {
  it('is in the language of the reader, and leads to the school', async () => {
    await school.call('patch', '/organization', { languages: ['en', 'es', 'de'] });
    const { text, headers } = await get(`/issuers/${school.organization}`, 'text/html', 'de');
    expect(text).toContain('<html lang="de">');
    expect(text).toContain('Über diesen Aussteller');
    expect(text).toContain(`href="/schools/${school.organization}"`);
    expect(headers.vary).toContain('Accept-Language');
  });
});
