import { startCairn, type TestCairn } from '../../support/cairn.ts';
import {
  openMasterySchool,
  type MasterySchool,
  type Member,
} from '../../support/mastery-school.ts';
import type { PublishedAchievement } from '../../support/school.ts';
import type { Shown } from '../../support/shown-progress.ts';

const day = 86_400_000;
const begin = Date.parse('2026-01-05T09:00:00Z');
let time = begin;
let cairn: TestCairn;
let school: MasterySchool;
let learner: Member;
let achievements: Record<'tests' | 'graphs' | 'notes', PublishedAchievement>;
const onDay = (n: number) => {
  time = begin + n * day;
};
const at = (n: number) => new Date(begin + n * day).toISOString();

beforeAll(async () => {
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openMasterySchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  learner = await cairn.as('learner');
  const [first = '', second = ''] = school.standards;
  achievements = {
    tests: await school.publish({ name: 'Fair tests', standards: [first] }),
    graphs: await school.publish({ name: 'Graphs', standards: [first] }),
    notes: await school.publish({ name: 'Notes', standards: [second] }),
  };
  // Day 1: handed in. Day 3: not yet. Day 5: again. Day 8: met. Day 20: a direct award, beyond.
  onDay(1);
  const submission = await school.handIn(learner, [achievements.tests]);
  onDay(3);
  await school.review(submission, achievements.tests, 0);
  onDay(5);
  await school.call('post', `/submissions/${submission}/submit`, learner.key);
  onDay(8);
  await school.review(submission, achievements.tests, 1);
  await cairn.cairn.queue.drained();
  onDay(20);
  await school.award(learner, achievements.graphs, 2);
  onDay(30);
});
afterAll(async () => {
  await cairn.close();
});

const progress = (query = '', key = cairn.owner) =>
  school.bodyOf<Shown>(`/learners/${learner.id}/progress${query}`, key);
const statesOf = ({ frameworks }: Shown) =>
  Object.fromEntries(
    (frameworks[0]?.levels ?? []).flatMap((level) =>
      level.achievements.map(({ id, state, at: since }) => [id, [state, since]]),
    ),
  );
const estimateOf = async (query = '') =>
  (await progress(query)).frameworks[0]?.standards[0]?.estimate;
const setRule = async (rollUp: object) =>
  school.call('patch', '/organization').send({ policy: { rollUp } });

describe('what is shown of a learner', () => {
  it('is every achievement by level, with its state and since when', async () => {
    const shown = await progress();
    const { tests, graphs, notes } = achievements;
    expect(statesOf(shown)).toEqual({
      [tests.id]: ['held', at(8)],
      [graphs.id]: ['held', at(20)],
      [notes.id]: ['open', undefined],
    });
    const held = shown.frameworks[0]?.levels[0]?.achievements.find(({ id }) => id === tests.id);
    expect(held?.credential).toMatch(/^[0-9a-f-]{36}$/);
    expect(shown.frameworks[0]?.levels[0]?.ordinal).toBe(1);
  });

  it.each([
    [0, {}],
    [2, { tests: ['in_review', at(1)] }],
    [4, { tests: ['returned', at(3)] }],
    [6, { tests: ['in_review', at(5)] }],
    [10, { tests: ['held', at(8)] }],
    [25, { tests: ['held', at(8)], graphs: ['held', at(20)] }],
  ])('on day %s is what would have been shown then', async (n, expected: object) => {
    const open = { tests: ['open', undefined], graphs: ['open', undefined] };
    const { tests, graphs, notes } = achievements;
    const all: Record<string, unknown> = { ...open, ...expected };
    expect(statesOf(await progress(`?asOf=${at(n)}`))).toEqual({
      [tests.id]: all.tests,
      [graphs.id]: all.graphs,
      [notes.id]: ['open', undefined],
    });
  });

  it('is refused for a day that is still to come', async () => {
    const answer = await school.call('get', `/learners/${learner.id}/progress?asOf=${at(31)}`);
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'progress.future_date' }]);
  });

  it('has a pace, and the chosen one beside it', async () => {
    const answer = await school
      .call('put', `/learners/${learner.id}/pace`, learner.key)
      .send({ perMonth: 4 });
    expect(answer.body).toMatchObject({ pace: { perMonth: 4, setBy: learner.id } });
    expect((await progress()).pace).toEqual({
      perMonth: 2,
      lastMonth: 2,
      chosen: { perMonth: 4, setBy: learner.id, setAt: at(30) },
      words:
        '2 achievements a month lately, 2 in the last 30 days. The pace chosen is 4 a month; no date fails anybody.',
    });
    await school.call('put', `/learners/${learner.id}/pace`).send({ perMonth: null });
    expect((await progress()).pace.chosen).toBeUndefined();
  });
});

describe('the estimate of a standard', () => {
  afterEach(async () => {
    await setRule({ default: { rule: 'highest' } });
  });

  it.each([
    [{ rule: 'highest' }, 'Beyond', 1, 1],
    [{ rule: 'latest' }, 'Beyond', 1, 1],
    // 0, 0.5 and 1, each once: the most recent counts.
    [{ rule: 'mode', last: 3 }, 'Beyond', 1, 3],
    // 0; 0.65 × 0.5 = 0.325; 0.65 × 1 + 0.35 × 0.325 = 0.76375: reaches Met (0.5).
    [{ rule: 'decaying-average' }, 'Met', 0.763_75, 3],
    [{ rule: 'n-times', times: 2 }, 'Met', 0.5, 2],
  ])('by %j', async (rule, level, value, evidence) => {
    expect((await setRule({ default: rule })).status).toBe(200);
    const shown = await estimateOf();
    expect(shown?.level).toBe(level);
    expect(shown?.value).toBeCloseTo(value, 9);
    expect(shown?.computed?.rule).toMatchObject(rule);
    expect(shown?.computed?.evidence).toHaveLength(evidence);
  });

  it('names its evidence', async () => {
    await setRule({ default: { rule: 'mode', last: 5 } });
    expect((await estimateOf())?.computed?.evidence).toMatchObject([
      { source: 'award', at: at(20), level: 'Beyond' },
      { source: 'review', at: at(8), level: 'Met' },
      { source: 'review', at: at(3), level: 'Not yet' },
    ]);
  });

  it('of a framework with a rule of its own is made by that', async () => {
    const frameworks = { [school.framework]: { rule: 'n-times', times: 3 } };
    await setRule({ default: { rule: 'highest' }, frameworks });
    expect(await estimateOf()).toMatchObject({ level: 'Not yet', value: 0 });
    expect(await estimateOf(`?asOf=${at(10)}`)).toMatchObject({
      computed: { why: 'Judged 2 of the 3 times that this standard takes.' },
    });
  });

  it('on a day of the past is made of what was known then', async () => {
    expect(await estimateOf(`?asOf=${at(2)}`)).toBeUndefined();
    expect(await estimateOf(`?asOf=${at(4)}`)).toMatchObject({ level: 'Not yet' });
    expect(await estimateOf(`?asOf=${at(10)}`)).toMatchObject({ level: 'Met' });
  });

  it.each([
    [{ rule: 'decaying-average', weight: 0 }, 'policy.rollUp.default.weight'],
    [{ rule: 'decaying-average', weight: 1 }, 'policy.rollUp.default.weight'],
    [{ rule: 'mode', last: 1 }, 'policy.rollUp.default.last'],
    [{ rule: 'n-times', times: 0 }, 'policy.rollUp.default.times'],
    [{ rule: 'average' }, 'policy.rollUp.default.rule'],
    [{ rule: 'highest', weight: 0.5 }, 'policy.rollUp.default.weight'],
  ])('is not made by %j', async (rule, path) => {
    const answer = await setRule({ default: rule });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'request.invalid', errors: [{ path }] },
    ]);
    expect(await school.bodyOf<object>('/organization')).toMatchObject({
      policy: { rollUp: { default: { rule: 'highest' } } },
    });
  });
});

describe('a rule for single frameworks', () => {
  it('names frameworks of the school, or nothing is changed', async () => {
    const [strange, highest] = ['01890000-0000-7000-8000-000000000000', { rule: 'highest' }];
    const frameworks = { [school.framework]: { rule: 'latest' }, [strange]: highest };
    const answer = await setRule({ default: { rule: 'latest' }, frameworks });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      {
        code: 'roll_up.unknown_framework',
        errors: [{ path: `policy.rollUp.frameworks.${strange}` }],
      },
    ]);
    expect(await school.bodyOf<object>('/organization')).toMatchObject({
      policy: { rollUp: { default: highest, frameworks: {} } },
    });
    const known = { default: highest, frameworks: { [school.framework]: { rule: 'latest' } } };
    expect((await setRule(known)).status).toBe(200);
    expect(await school.bodyOf<object>('/organization')).toMatchObject({
      policy: { rollUp: known },
    });
    expect((await setRule({ default: highest })).status).toBe(200);
  });
});

describe('an override of an estimate', () => {
  const ask = (body: object, key = cairn.owner) =>
    school.call('post', `/learners/${learner.id}/overrides`, key).send(body);

  it('without a reason, of no level or for no standard is refused, and nothing is changed', async () => {
    const [standard = ''] = school.standards;
    const answers = [
      await ask({ standard, level: 'Met' }),
      await ask({ standard, level: 'Met', reason: ' ' }),
      await ask({ standard, level: 'Superb', reason: 'Seen.' }),
      await ask({ standard: learner.id, level: 'Met', reason: 'Seen.' }),
    ];
    expect(answers.map(({ status, body }) => [status, (body as { code: string }).code])).toEqual([
      [400, 'request.invalid'],
      [400, 'request.invalid'],
      [400, 'estimate.unknown_level'],
      [404, 'standard.not_found'],
    ]);
    expect((await estimateOf())?.override).toBeUndefined();
  });

  it('is shown as such, with who and why, until it is taken back', async () => {
    const teacher = await cairn.as('teacher');
    const [standard = ''] = school.standards;
    onDay(32);
    const made = await ask({ standard, level: 'met', reason: 'Seen in class.' }, teacher.key);
    expect(made.status).toBe(201);
    const { id } = made.body as { id: string };
    expect((await ask({ standard, level: 'Met', reason: 'Again.' })).body).toMatchObject({
      status: 409,
      code: 'estimate.overridden_already',
    });
    expect(await estimateOf()).toMatchObject({
      level: 'Met',
      value: 0.5,
      computed: { level: 'Beyond' },
      override: { id, reason: 'Seen in class.', by: teacher.id, at: at(32) },
    });
    expect((await estimateOf(`?asOf=${at(31)}`))?.override).toBeUndefined();

    onDay(34);
    const path = `/learners/${learner.id}/overrides/${id}`;
    expect((await school.call('delete', path)).status).toBe(200);
    expect((await school.call('delete', path)).body).toMatchObject({
      status: 409,
      code: 'estimate.withdrawn_already',
    });
    expect(await estimateOf()).toMatchObject({ level: 'Beyond' });
    expect((await estimateOf(`?asOf=${at(33)}`))?.override?.id).toBe(id);
    const audit = await school.bodyOf<{ items: { action: string; reason?: string }[] }>(
      '/audit-events?limit=5',
    );
    expect(audit.items.map(({ action }) => action).slice(0, 2)).toEqual([
      'estimate.override-withdrawn',
      'estimate.overridden',
    ]);
    expect(audit.items[1]?.reason).toBe('Seen in class.');
  });
});

describe('what was revoked', () => {
  it('counts on the days on which it did', async () => {
    onDay(40);
    const other = await cairn.as('learner');
    await school.award(other, achievements.notes, 2);
    onDay(45);
    const listed = await school.bodyOf<{ items: { id: string }[] }>(
      `/credentials?learner=${other.id}`,
    );
    const path = `/credentials/${listed.items[0]?.id ?? ''}/revoke`;
    expect((await school.call('post', path).send({ reason: 'Copied.' })).status).toBe(204);
    onDay(50);
    const of = async (query: string) => {
      const shown = await school.bodyOf<Shown>(`/learners/${other.id}/progress${query}`);
      const [framework] = shown.frameworks;
      return [
        statesOf(shown)[achievements.notes.id]?.[0],
        framework?.standards[1]?.estimate?.level,
      ];
    };
    expect(await of(`?asOf=${at(42)}`)).toEqual(['held', 'Beyond']);
    expect(await of('')).toEqual(['open', undefined]);
  });
});
