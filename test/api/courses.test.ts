import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let reading: PublishedAchievement;
let testing: PublishedAchievement;
const description = 'One **project**.';

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  testing = await school.publish({ name: 'Fair tests' });
  const imported = await school
    .call('post', '/frameworks/import?title=English')
    .type('text/csv')
    .send('code,statement\nE.1,Reads\n');
  const { framework } = imported.body as { framework: { id: string } };
  await school
    .call('put', `/frameworks/${framework.id}/levels`)
    .send([{ ordinal: 1, name: 'Foundations', description: 'First' }]);
  const listed = await school.call('get', `/frameworks/${framework.id}/standards`);
  const standards = (listed.body as { items: { id: string }[] }).items.map(({ id }) => id);
  reading = await school.publish({ name: 'Reading', standards });
});
afterAll(async () => {
  await cairn.close();
});

async function make(changes: object = {}) {
  const achievements = [reading.id, testing.id];
  const body = { name: 'Pandemics', description, achievements, ...changes };
  return school.call('post', '/courses').send(body);
}
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

describe('a course', () => {
  it('shows achievements of several frameworks under each of them, to everybody of the school', async () => {
    const made = await make();
    expect([made.status, made.headers.location]).toEqual([201, `/api/v1/courses/${idOf(made)}`]);
    const learner = await cairn.as('learner');
    const shown = await school.call('get', `/courses/${idOf(made)}`, learner.key);
    expect(shown.body).toMatchObject({
      name: 'Pandemics',
      state: 'active',
      achievements: [reading.id, testing.id],
      groups: [
        { framework: { title: 'English' }, achievements: [{ id: reading.id, name: 'Reading' }] },
        { framework: { title: 'Science' }, achievements: [{ id: testing.id, level: 1 }] },
      ],
    });
  });

  it('is changed and retired, and then is not listed for learners any more', async () => {
    const id = idOf(await make());
    const changed = await school
      .call('patch', `/courses/${id}`)
      .send({ name: 'Water', achievements: [testing.id] });
    expect(changed.body).toMatchObject({ name: 'Water', description, achievements: [testing.id] });
    expect((await school.call('post', `/courses/${id}/retire`)).body).toMatchObject({
      state: 'retired',
    });
    expect((await school.call('post', `/courses/${id}/retire`)).status).toBe(200);
    expect((await school.call('patch', `/courses/${id}`).send({ name: 'X' })).body).toMatchObject({
      status: 409,
      code: 'course.retired',
    });
    const learner = await cairn.as('learner');
    const listed = await school.call('get', '/courses?limit=200', learner.key);
    const ids = (listed.body as { items: { id: string }[] }).items.map((one) => one.id);
    expect(ids).not.toContain(id);
    const events = await school.call('get', '/audit-events?limit=10');
    const actions = (events.body as { items: { action: string }[] }).items.map((e) => e.action);
    expect(actions.filter((action) => action === 'course.retired')).toHaveLength(1);
  });

  it.each([
    ['an achievement twice', () => [testing.id, testing.id], 'course.repeats'],
    ['an unknown one', () => [crypto.randomUUID()], 'course.unknown_achievement'],
    ['none', () => [], 'request.invalid'],
  ])('is refused with %s', async (_what, achievements, code) => {
    const before = (await school.call('get', '/courses?limit=200')).text;
    const refused = await make({ achievements: achievements() });
    expect(refused.body).toMatchObject({ status: 400, code });
    expect((await school.call('get', '/courses?limit=200')).text).toBe(before);
  });

  it('is refused with a draft', async () => {
    const { id } = await school.draft({ name: 'Draft' });
    expect((await make({ achievements: [id] })).body).toMatchObject({
      code: 'course.unknown_achievement',
      errors: [{ path: 'achievements.0' }],
    });
  });
});

describe('handing in for a course', () => {
  const evidence = [{ name: 'Project', narrative: 'What I did.' }];

  it('is for everything of it, or for what is named', async () => {
    const course = idOf(await make());
    const learner = await cairn.as('learner');
    const hand = async (body: object) =>
      school.call('post', '/submissions', learner.key).send({ course, evidence, ...body });
    const all = (await hand({})).body as { course: string; decisions: { achievement: string }[] };
    expect(all.course).toBe(course);
    expect(all.decisions.map(({ achievement }) => achievement)).toEqual([reading.id, testing.id]);
    const one = (await hand({ achievements: [testing.id] })).body as typeof all;
    expect(one.decisions.map(({ achievement }) => achievement)).toEqual([testing.id]);
  });

  it.each([
    ['something that is not in it', 400, 'submission.not_in_course'],
    ['a retired course', 409, 'course.retired'],
    ['no course', 404, 'course.not_found'],
    ['neither course nor achievements', 400, 'request.invalid'],
  ])('is refused for %s', async (what, status, code) => {
    const learner = await cairn.as('learner');
    const id = idOf(await make({ achievements: [testing.id] }));
    if (what.startsWith('a retired')) await school.call('post', `/courses/${id}/retire`);
    const course = what === 'no course' ? crypto.randomUUID() : id;
    const wanted = what.startsWith('something') ? { achievements: [reading.id] } : {};
    const body = what.startsWith('neither') ? { evidence } : { course, evidence, ...wanted };
    const refused = await school.call('post', '/submissions', learner.key).send(body);
    expect(refused.body).toMatchObject({ status, code });
    const own = await school.call('get', '/submissions', learner.key);
    expect(own.body).toEqual({ items: [] });
  });
});
