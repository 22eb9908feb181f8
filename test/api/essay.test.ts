import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';
import { resultsAt } from '../support/submissions.ts';

/** The essay's school, as it would use Cairn. */
let cairn: TestCairn;
const subjects = ['English', 'Science', 'Health', 'Social Studies'] as const;
const schools: Levels[] = [];
const badges: Made[] = [];

beforeAll(async () => {
  cairn = await startCairn();
  for (const subject of subjects) {
    const school = await openLevels(cairn, subject);
    schools.push(school);
    badges.push(await school.publish({ name: `Pandemics in ${subject}` }));
  }
}, 30_000);
afterAll(async () => {
  await cairn.close();
});

interface Submission {
  readonly id: string;
  readonly state: string;
  readonly decisions: readonly { readonly achievement: string; readonly state: string }[];
}

describe('the course “Pandemics”', () => {
  it('earns badges in four subjects for one project, read by four reviewers, each by itself', async () => {
    const [school] = schools as [Levels];
    const course = await school.call('post', '/courses').send({
      ...{ name: 'Pandemics', description: 'How they spread, and what people did.' },
      achievements: badges.map(({ id }) => id),
    });
    const { id } = course.body as { id: string };
    const learner = await cairn.as('learner');
    const shown = await school.call('get', `/courses/${id}`, learner.key);
    const { groups } = shown.body as { groups: { framework: { title: string } }[] };
    expect(groups.map(({ framework }) => framework.title)).toEqual(subjects);

    const handedIn = await school.call('post', '/submissions', learner.key).send({
      ...{ course: id, submit: true },
      evidence: [{ name: 'An exhibition', narrative: 'Letters, counts, and a map.' }],
    });
    expect(handedIn.status).toBe(201);
    const submission = handedIn.body as Submission;
    expect(submission.decisions.map(({ state }) => state)).toEqual(subjects.map(() => 'pending'));
    const review = async (badge: Made, decision: string) => {
      const { key } = await cairn.as('teacher');
      return school.call('post', `/submissions/${submission.id}/reviews`, key).send({
        ...{ achievement: badge.id, decision, feedback: 'Read with care.' },
        results: resultsAt(badge, decision === 'approve' ? 1 : 0),
      });
    };
    const [english, science, health, social] = badges as [Made, Made, Made, Made];
    await review(english, 'approve');
    await review(science, 'revise');
    await review(health, 'approve');
    const decided = (await review(social, 'approve')).body as Submission;
    // "Not yet" in one subject keeps nobody from the badges of the others.
    expect(decided.decisions.map(({ state }) => state)).toEqual([
      ...['approved', 'revise', 'approved', 'approved'],
    ]);
    await school.settle();
    const held = async (badge: Made) => (await school.credentialsOf(learner.id, badge.id)).length;
    expect(await Promise.all(badges.map(held))).toEqual([1, 0, 1, 1]);

    await school.call('post', `/submissions/${submission.id}/submit`, learner.key);
    expect((await review(english, 'approve')).body).toMatchObject({
      code: 'review.already_decided',
    });
    expect((await review(science, 'approve')).status).toBe(201);
    await school.settle();
    expect(await Promise.all(badges.map(held))).toEqual([1, 1, 1, 1]);
    const final = await school.call('get', `/submissions/${submission.id}`);
    const { reviews } = final.body as { reviews: { reviewer: string }[] };
    expect(new Set(reviews.map(({ reviewer }) => reviewer)).size).toBe(5);
  }, 30_000);
});
