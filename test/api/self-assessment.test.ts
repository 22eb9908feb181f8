import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

let cairn: TestCairn;
let school: School;
let asked: PublishedAchievement;
let free: PublishedAchievement;
const evidence = [{ name: 'Report', narrative: 'What I did.' }];

beforeAll(async () => {
  cairn = await startCairn();
  cairn.cairn.queue.process(cairn.services.issuances.process);
  school = await openSchool(cairn);
  asked = await school.publish({ evidencePolicy: { selfAssessment: true } });
  free = await school.publish({ name: 'Graphs' });
});
afterAll(async () => {
  await cairn.close();
});

const assessmentOf = (achievement: PublishedAchievement, level: 0 | 1 | 2 = 0) => ({
  achievement: achievement.id,
  results: resultsAt(achievement, level).map((one) => ({ ...one, comment: 'walnut thoughts' })),
});

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly selfAssessments: readonly { round: number; results: readonly { level: string }[] }[];
  readonly reviews: readonly object[];
}

describe('a self-assessment', () => {
  it('stands beside the review, round by round, and is in no credential', async () => {
    const learner = await cairn.as('learner');
    const answer = await school.call('post', '/submissions', learner.key).send({
      achievements: [asked.id, free.id],
      evidence,
      selfAssessment: [assessmentOf(asked)],
      submit: true,
    });
    expect(answer.status).toBe(201);
    const { id } = answer.body as Shown;
    const review = async (achievement: PublishedAchievement, decision: string) =>
      school.call('post', `/submissions/${id}/reviews`).send({
        achievement: achievement.id,
        decision,
        feedback: 'Say more.',
        results: resultsAt(achievement, 1),
      });
    await review(asked, 'revise');
    await review(free, 'approve');
    const again = { selfAssessment: [assessmentOf(asked, 1)] };
    expect(
      (await school.call('post', `/submissions/${id}/submit`, learner.key)).body,
    ).toMatchObject({ status: 422, code: 'submission.self_assessment_missing' });
    const edited = await school.call('patch', `/submissions/${id}`, learner.key).send(again);
    expect(edited.status).toBe(200);
    expect((await school.call('post', `/submissions/${id}/submit`, learner.key)).status).toBe(200);
    expect((await review(asked, 'approve')).status).toBe(201);

    const shown = (await school.call('get', `/submissions/${id}`)).body as Shown;
    expect(shown.selfAssessments.map(({ round }) => round)).toEqual([1, 2]);
    expect(shown.selfAssessments[1]?.results.map(({ level }) => level)).toEqual(
      resultsAt(asked, 1).map(({ level }) => level),
    );
    expect(shown.reviews).toHaveLength(3);
    await cairn.cairn.queue.drained();
    const credentials = await school.call('get', `/credentials?learner=${learner.id}`);
    expect((credentials.body as { items: object[] }).items).toHaveLength(2);
    expect(credentials.text).not.toContain('walnut');
  });

  it.each([
    ['of another achievement', () => [assessmentOf(free)], 'submission.bad_self_assessment'],
    [
      'twice of one',
      () => [assessmentOf(asked), assessmentOf(asked)],
      'submission.bad_self_assessment',
    ],
    [
      'at a level that is none',
      () => [
        {
          achievement: asked.id,
          results: [{ criterion: asked.rubric[0]?.id, level: crypto.randomUUID() }],
        },
      ],
      'submission.bad_self_assessment',
    ],
    [
      'of a part only, where all is asked for',
      () => [{ achievement: asked.id, results: resultsAt(asked, 0).slice(1) }],
      'submission.self_assessment_missing',
    ],
    ['left out where it is asked for', () => [], 'submission.self_assessment_missing'],
  ])('%s is refused, and nothing is kept', async (_what, selfAssessment, code) => {
    const learner = await cairn.as('learner');
    const body = { achievements: [asked.id], evidence, selfAssessment: selfAssessment() };
    const refused = await school
      .call('post', '/submissions', learner.key)
      .send({ ...body, submit: true });
    expect(refused.body).toMatchObject({ code });
    expect((await school.call('get', '/submissions', learner.key)).body).toEqual({ items: [] });
  });

  it('of what is taken out of a draft goes with it', async () => {
    const learner = await cairn.as('learner');
    const draft = await school.call('post', '/submissions', learner.key).send({
      achievements: [asked.id, free.id],
      evidence,
      selfAssessment: [assessmentOf(asked), assessmentOf(free)],
    });
    const { id } = draft.body as Shown;
    const edited = await school
      .call('patch', `/submissions/${id}`, learner.key)
      .send({ achievements: [free.id] });
    expect((edited.body as Shown).selfAssessments).toMatchObject([{ achievement: free.id }]);
  });
});
