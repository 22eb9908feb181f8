import { award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openFamily, type Family } from '../support/family.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Shown {
  readonly week: string;
  readonly language: string;
  readonly text: string;
  readonly learners: readonly { readonly learner: string; readonly words: unknown }[];
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
            words: { earned: ['Fair tests'], stuck: ['Jemand möchte helfen (Schule).'] },
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

  it('tells of work as it stood when the week was over', async () => {
    await want({ guardians: true, learners: false });
    const { learner, guardian, teacher } = family;
    const [a, b] = [await school.publish({ name: 'Maps' }), await school.publish()];
    const evidence = [{ name: 'Report', narrative: 'What I did.' }];
    const body = { achievements: [a.id, b.id], evidence, submit: true };
    const handed = await school.call('post', '/submissions', learner.key).send(body);
    const { id } = handed.body as { id: string };
    const review = (achievement: PublishedAchievement, decision: string, level: 0 | 1) =>
      school.call('post', `/submissions/${id}/reviews`, teacher.key).send({
        ...{ achievement: achievement.id, decision, feedback: 'Say more.' },
        results: resultsAt(achievement, level),
      });
    expect((await review(a, 'revise', 0)).status).toBe(201);
    expect((await review(b, 'revise', 0)).status).toBe(201);
    await school.call('post', `/submissions/${id}/submit`, learner.key);
    expect((await review(a, 'approve', 1)).status).toBe(201);
    await cairn.cairn.dispatcher.sweep();
    await pass(7 * dayMs);
    const [letter] = await lettersOf(guardian);
    expect(letter?.learners[0]?.words).toEqual({
      submitted: ['Maps', 'Fair tests'],
      inReview: ['Fair tests'],
      // Sent back and approved in one week: that is earned, and nothing to do again.
      earned: ['Maps'],
      returned: [{ name: 'Fair tests', feedback: 'Say more.' }],
      stuck: [],
    });
  });

  it('names the mentor who said yes', async () => {
    await school.call('patch', '/organization').send({
      policy: { digest: { guardians: true, learners: true }, guardianConsent: [] },
    });
    const { learner, guardian, mentor, teacher } = family;
    const achievement = (await school.publish()).id;
    await school.call('post', `/learners/${mentor.id}/mentoring`, mentor.key).send({ achievement });
    const asked = await school
      .call('post', '/mentorships', teacher.key)
      .send({ learner: learner.id, mentor: mentor.id, achievement });
    await pass(7 * dayMs);
    expect((await lettersOf(guardian))[0]?.text).not.toContain('Mo Mentor');
    const { id } = asked.body as { id: string };
    expect((await school.call('post', `/mentorships/${id}/accept`, mentor.key)).status).toBe(200);
    await pass(7 * dayMs);
    const sentence = 'Mo Mentor is helping with “Fair tests”.';
    expect((await lettersOf(guardian))[0]?.text).toContain(sentence);
    expect((await lettersOf(learner))[0]?.text).toContain(sentence);
    expect((await lettersOf(family.otherGuardian))[0]?.text).not.toContain('Mo Mentor');
  });

  it('is written later when nothing ran for weeks', async () => {
    await want({ guardians: true, learners: false });
    await pass(5 * dayMs);
    await award(school, family.learner.id, await school.publish());
    await school
      .call('post', '/support-flags', family.teacher.key)
      .send({ learner: family.learner.id, text: 'Seems lost.' });
    await pass(21 * dayMs);
    const letters = await lettersOf(family.guardian);
    const seen = letters.map(({ week, learners }) => [week, learners[0]?.words]);
    const nothing = { submitted: [], inReview: [], earned: [], returned: [], stuck: [] };
    // Of a week that was over long ago only what has a date.
    expect([...seen].sort()).toEqual([
      ['2026-11-30', nothing],
      ['2026-12-07', { ...nothing, earned: ['Fair tests'] }],
      ['2026-12-14', nothing],
      ['2026-12-21', { ...nothing, stuck: [expect.any(String) as unknown] }],
    ]);
  });

  it('is not written of the weeks before a school wanted it, nor of more than four', async () => {
    await pass(21 * dayMs);
    await want({ guardians: true, learners: false });
    await pass(dayMs);
    expect(await lettersOf(family.guardian)).toHaveLength(1);
    await pass(70 * dayMs);
    expect(await lettersOf(family.guardian)).toHaveLength(5);
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
