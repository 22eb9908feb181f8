import { award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openFamily, type Family } from '../support/family.ts';
import { openSchool, type School } from '../support/school.ts';

interface Shown {
  readonly week: string;
  readonly language: string;
  readonly text: string;
  readonly learners: readonly { readonly learner: string; readonly words: object }[];
}

const dayMs = 86_400_000;
// A Wednesday.
let time: number;
let cairn: TestCairn;
let school: School;
let family: Family;

beforeEach(async () => {
  time = Date.parse('2026-11-25T10:00:00Z');
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openSchool(cairn);
  family = await openFamily(cairn, school);
});
afterEach(async () => {
  await cairn.close();
});

const lettersOf = async ({ id, key }: { id: string; key: string }) => {
  const answer = await school.call('get', `/people/${id}/digests`, key);
  expect(answer.status).toBe(200);
  return (answer.body as { items: Shown[] }).items;
};
const want = (digest: object) => school.call('patch', '/organization').send({ policy: { digest } });

/** Until everything that is due is done. */
async function pass(ms: number) {
  time += ms;
  for (let turn = 0; turn < 3; turn += 1) await cairn.cairn.dispatcher.sweep();
}

describe('the weekly letter', () => {
  it('is written once a week, about the own learners only, in the reader’s language', async () => {
    await want({ guardians: true, learners: false });
    const achievement = await school.publish();
    await award(school, family.learner.id, achievement);
    await school
      .call('post', '/support-flags', family.teacher.key)
      .send({ learner: family.learner.id, text: 'Secret words.' });
    await school.call('patch', `/people/${family.guardian.id}`).send({ language: 'de' });
    await pass(7 * dayMs);
    const letters = await lettersOf(family.guardian);
    expect(letters).toMatchObject([
      {
        week: '2026-11-30',
        language: 'de',
        learners: [
          {
            learner: family.learner.id,
            words: { earned: ['Fair tests'], stuck: ['Jemand aus der Schule möchte helfen.'] },
          },
        ],
      },
    ]);
    expect(letters[0]?.text).toContain('Die Woche von Ada Learner');
    expect(letters[0]?.text).not.toContain('Secret');
    expect((await lettersOf(family.otherGuardian))[0]?.text).toContain('nothing new');
    await pass(2 * dayMs);
    expect(await lettersOf(family.guardian)).toHaveLength(1);
    await pass(5 * dayMs);
    expect((await lettersOf(family.guardian)).map(({ week }) => week)).toEqual([
      '2026-12-07',
      '2026-11-30',
    ]);
    expect(await lettersOf(family.learner)).toEqual([]);
  });

  it('is for nobody where the school does not want it, nor for those who do not', async () => {
    await pass(7 * dayMs);
    expect(await lettersOf(family.guardian)).toEqual([]);
    await school.call('patch', `/people/${family.guardian.id}`).send({ digest: false });
    await want({ guardians: true, learners: true });
    await pass(dayMs);
    expect(await lettersOf(family.guardian)).toEqual([]);
    expect(await lettersOf(family.learner)).toHaveLength(1);
    for (const { key } of [family.other, family.guardian, family.teacher]) {
      const path = `/people/${family.learner.id}/digests`;
      expect((await school.call('get', path, key)).status).toBe(404);
    }
  });

  it('goes with the learner whom it is about', async () => {
    await want({ guardians: true, learners: true });
    await pass(7 * dayMs);
    expect(await lettersOf(family.guardian)).toHaveLength(1);
    expect((await school.call('delete', `/people/${family.learner.id}`)).status).toBe(204);
    expect(await lettersOf(family.guardian)).toEqual([]);
    expect(await lettersOf(family.otherGuardian)).toHaveLength(1);
  });
});
