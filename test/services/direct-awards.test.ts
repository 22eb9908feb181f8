import { startAchievements } from '../support/achievements.ts';

type School = Awaited<ReturnType<typeof startAchievements>>;

describe('a direct award', () => {
  let school: School;
  let achievement: string;

  beforeAll(async () => {
    school = await startAchievements();
    ({ id: achievement } = await school.published());
  });
  afterAll(async () => {
    await school.close();
  });

  it('is made once for a learner and an achievement', async () => {
    const learner = await school.as('learner');
    const send = () =>
      school
        .call('post', '/awards')
        .send({ learner: learner.id, achievement, narrative: 'Seen in class.' });

    const answers = await Promise.all(Array.from({ length: 20 }, send));

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(
      answers.filter(({ body }) => (body as { code?: string }).code === 'award.exists'),
    ).toHaveLength(19);
  });

  it.each([
    ['no grounds', {}, 400, 'award.no_grounds'],
    [
      'results of another rubric',
      {
        narrative: 'Seen.',
        results: [{ criterion: crypto.randomUUID(), level: crypto.randomUUID() }],
      },
      400,
      'award.bad_results',
    ],
    [
      'an unknown achievement',
      { narrative: 'Seen.', achievement: crypto.randomUUID() },
      404,
      'achievement.not_found',
    ],
    [
      'an unknown learner',
      { narrative: 'Seen.', learner: crypto.randomUUID() },
      404,
      'learner.not_found',
    ],
    ['a field that is not known', { narrative: 'Seen.', state: 'issued' }, 400, 'request.invalid'],
  ])('is refused with %s', async (_what, changes, status, code) => {
    const learner = await school.as('learner');
    const answer = await school
      .call('post', '/awards')
      .send({ learner: learner.id, achievement, ...changes });

    expect(answer.body).toMatchObject({ status, code });
  });

  it('is refused to learners, and to teachers for themselves', async () => {
    const learner = await school.as('learner');
    const refused = await school
      .call('post', '/awards', learner.key)
      .send({ learner: learner.id, achievement, narrative: 'I am good.' });
    expect(refused.body).toMatchObject({ status: 403, code: 'role.not_allowed' });
  });
});
