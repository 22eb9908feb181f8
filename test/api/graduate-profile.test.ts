import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let skill: PublishedAchievement;
let credit: string;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  skill = await school.publish();
  const parts = { standards: [], rubric: [], level: undefined, kind: 'credit' };
  credit = (await school.publish({ ...parts, name: 'Civic voice' })).id;
  await school.publish({ ...parts, name: 'Spare' });
});
afterAll(async () => {
  await cairn.close();
});

const put = (body: object) => school.call('put', '/graduate-profile').send(body);
const competency = (changes: object = {}) => ({
  ...{ name: 'Speaks up', description: 'Takes part.', credits: [credit] },
  ...changes,
});
const learningFramework = 'We teach for **mastery**.';

describe('the graduate profile', () => {
  it('is there once it is written, and warns of what does not fit', async () => {
    const none = await school.call('get', '/graduate-profile');
    expect(none.body).toMatchObject({ status: 404, code: 'graduate_profile.not_found' });
    const empty = competency({ name: 'Reasons', credits: [] });
    const made = await put({ competencies: [competency(), empty], learningFramework });
    expect(made.body).toMatchObject({
      published: false,
      warnings: [
        { code: 'competency.without_credit', message: 'No credit serves “Reasons”.' },
        { code: 'credit.serves_none', message: expect.stringContaining('Spare') as string },
      ],
    });
    const { key } = await cairn.as('learner');
    expect((await school.call('get', '/graduate-profile', key)).status).toBe(404);
    const { competencies } = made.body as { competencies: { id: string }[] };
    const id = competencies[0]?.id ?? '';
    const kept = [competency({ id })];
    const again = await put({ competencies: kept, learningFramework, published: true });
    expect(again.body).toMatchObject({ competencies: [{ id }], published: true });
    expect((await school.call('get', '/graduate-profile', key)).status).toBe(200);
  });

  it.each([
    ['a skill', () => [skill.id], 'graduate_profile.not_a_credit'],
    ['an unknown credit', () => [crypto.randomUUID()], 'graduate_profile.unknown_credit'],
    ['a credit twice', () => [credit, credit], 'graduate_profile.repeats'],
  ])('is refused with %s, and stays as it was', async (_what, credits, code) => {
    const before = (await school.call('get', '/graduate-profile')).text;
    const competencies = [competency({ credits: credits() })];
    const refused = await put({ competencies, learningFramework });
    expect(refused.body).toMatchObject({ status: 400, code });
    expect((await school.call('get', '/graduate-profile')).text).toBe(before);
  });
});

describe('the public learning framework', () => {
  const ask = async (accept: string) => {
    const { id } = (await school.call('get', '/organization')).body as { id: string };
    return request(cairn.app).get(`/schools/${id}/learning-framework`).accept(accept);
  };

  it('is not there until the school publishes it, just as that of no school', async () => {
    await put({ competencies: [], learningFramework, published: false });
    const hidden = await ask('application/json');
    const absent = await request(cairn.app)
      .get(`/schools/${crypto.randomUUID()}/learning-framework`)
      .accept('application/json');
    expect([hidden.status, hidden.text]).toEqual([404, absent.text]);
    expect((await ask('text/html')).status).toBe(404);
  });

  it('is a page, or data, with what the credits stand for and no script in it', async () => {
    const evil = 'We teach.\n\n<script>alert(1)</script> [x](javascript:alert(1))';
    await school
      .call('put', `/achievements/${credit}/composition`)
      .send({ tier: 'foundational', all: [skill.id] });
    await put({ competencies: [competency()], learningFramework: evil, published: true });
    const data = await ask('application/json');
    expect(data.body).toMatchObject({
      ...{ school: { name: 'Test School' }, learningFramework: evil },
      competencies: [
        {
          name: 'Speaks up',
          credits: [
            {
              id: `http://localhost:3000/achievements/${credit}`,
              ...{ name: 'Civic voice', tier: 'foundational' },
            },
          ],
        },
      ],
    });
    const page = await ask('text/html');
    expect([page.status, page.type]).toEqual([200, 'text/html']);
    expect(page.text).toContain('Civic voice');
    expect(page.text).not.toMatch(/<script|href="javascript/);
  });
});
