import fc from 'fast-check';
import {
  buildRubric,
  checkResults,
  decideRubric,
  findRubricIssues,
  type Criterion,
  type CriterionInput,
} from '../../../src/domain/rubrics.ts';
import { ServiceError } from '../../../src/shared/errors.ts';

function counter() {
  let count = 0;
  return () => `id-${(count += 1)}`;
}

const levels = ['Beginning', 'Developing', 'Proficient'].map((name) => ({
  name,
  description: `${name} work`,
}));
const reasoning: CriterionInput = { name: 'Reasoning', levels, requiredLevel: 'Developing' };
const writing: CriterionInput = {
  name: 'Writing',
  description: 'Says it clearly',
  levels: [
    { name: 'Not yet', points: 0 },
    { name: 'Met', points: 1.5 },
  ],
  requiredLevel: 'Met',
};

const build = (input: readonly CriterionInput[]) => buildRubric(input, [], counter());
const only = (rubric: readonly Criterion[], index = 0): Criterion => {
  const criterion = rubric[index];
  if (criterion === undefined) throw new Error('no such criterion');
  return criterion;
};

function issuesOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return { code: error.code, issues: error.issues };
  }
  throw new Error('nothing was refused');
}

describe('buildRubric', () => {
  it('gives every criterion and level an id and names the required level by it', () => {
    const rubric = build([reasoning, writing]);
    const ids = rubric.flatMap(({ id, levels }) => [id, ...levels.map((level) => level.id)]);
    expect(new Set(ids).size).toBe(7);
    expect(rubric.map(({ requiredLevel }) => requiredLevel)).toEqual([
      only(rubric, 0).levels[1]?.id,
      only(rubric, 1).levels[1]?.id,
    ]);
    expect(only(rubric, 1)).toMatchObject({
      description: 'Says it clearly',
      levels: [{ points: 0 }, { points: 1.5 }],
    });
  });

  it('keeps the ids of what keeps its name, wherever it moved', () => {
    const before = build([reasoning, writing]);
    const renamed = { ...writing, levels: [...writing.levels.slice(1), { name: 'Beyond' }] };
    const after = buildRubric([renamed, reasoning], before, () => 'new');
    expect(only(after, 0).id).toBe(only(before, 1).id);
    expect(only(after, 0).levels.map(({ id }) => id)).toEqual([
      only(before, 1).levels[1]?.id,
      'new',
    ]);
    expect(only(after, 1)).toEqual(only(before, 0));
  });

  it('does not lend the level of one criterion to another', () => {
    const before = build([reasoning]);
    const after = buildRubric([{ ...reasoning, name: 'Other' }], before, () => 'new');
    expect(only(after).id).toBe('new');
    expect(only(after).levels.map(({ id }) => id)).toEqual(['new', 'new', 'new']);
  });

  it.each([
    [
      'a required level that is no level',
      [{ ...reasoning, requiredLevel: 'Expert' }],
      ['rubric.0.requiredLevel'],
    ],
    [
      'two criteria of one name',
      [reasoning, { ...writing, name: ' reasoning' }],
      ['rubric.1.name'],
    ],
    [
      'two levels of one name',
      [writing, { ...reasoning, levels: [...levels, { name: 'developing' }] }],
      ['rubric.1.levels.3.name'],
    ],
  ])('refuses %s', (_what, input, paths) => {
    const { code, issues } = issuesOf(() => build(input));
    expect(code).toBe('achievement.bad_rubric');
    expect(issues.map(({ path }) => path)).toEqual(paths);
  });
});

describe('findRubricIssues', () => {
  it('has nothing to say about a rubric that can be judged by', () => {
    expect(findRubricIssues(build([reasoning, writing]))).toEqual([]);
  });

  it('names every criterion with fewer than two levels or a foreign required level', () => {
    const rubric = build([reasoning, writing]);
    const broken = [
      { ...only(rubric, 0), levels: only(rubric, 0).levels.slice(1, 2) },
      { ...only(rubric, 1), requiredLevel: only(rubric, 0).requiredLevel },
    ];
    expect(findRubricIssues(broken).map(({ path }) => path)).toEqual([
      'rubric.0.levels',
      'rubric.1.requiredLevel',
    ]);
  });
});

describe('checkResults', () => {
  const rubric = build([reasoning, writing]);
  const first = only(rubric, 0);
  const second = only(rubric, 1);
  const level = (criterion: Criterion, index: number) => criterion.levels[index]?.id ?? '';

  it.each([
    [
      'one result per criterion',
      [
        [first.id, level(first, 2)],
        [second.id, level(second, 0)],
      ],
      [],
    ],
    ['fewer results than criteria', [[second.id, level(second, 0)]], []],
    ['a criterion of another rubric', [['elsewhere', level(first, 0)]], ['results.0.criterion']],
    ["another criterion's level", [[first.id, level(second, 0)]], ['results.0.level']],
    [
      'two results for one criterion',
      [
        [first.id, level(first, 2)],
        [first.id, level(first, 0)],
      ],
      ['results.1.criterion'],
    ],
  ])('%s', (_what, pairs, paths) => {
    const results = pairs.map(([criterion = '', level = '']) => ({ criterion, level }));
    expect(checkResults(rubric, results).map(({ path }) => path)).toEqual(paths);
  });
});

describe('decideRubric', () => {
  const rubric = build([reasoning, writing]);
  const results = (...ranks: readonly number[]) =>
    ranks.map((rank, index) => ({
      criterion: only(rubric, index).id,
      level: only(rubric, index).levels[rank]?.id ?? '',
    }));

  it('is met at or above every required level', () => {
    expect(decideRubric(rubric, results(1, 1))).toEqual({ met: true, below: [], missing: [] });
    expect(decideRubric(rubric, results(2, 1)).met).toBe(true);
  });

  it('names what is below and what nobody judged', () => {
    expect(decideRubric(rubric, results(0))).toEqual({
      met: false,
      below: [rubric[0]],
      missing: [rubric[1]],
    });
  });

  it('is met without criteria', () => {
    expect(decideRubric([], []).met).toBe(true);
  });

  it('agrees with the order of the levels for any rubric', () => {
    const row = fc.integer({ min: 2, max: 6 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        required: fc.integer({ min: 0, max: count - 1 }),
        found: fc.option(fc.integer({ min: 0, max: count - 1 }), { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const any = build(
          rows.map(({ count, required }, index) => ({
            name: `c${index}`,
            levels: Array.from({ length: count }, (_, rank) => ({ name: `l${rank}` })),
            requiredLevel: `l${required}`,
          })),
        );
        const judged = rows.flatMap(({ found }, index) => {
          const { id, levels } = only(any, index);
          const level = found === undefined ? undefined : levels[found];
          return level === undefined ? [] : [{ criterion: id, level: level.id }];
        });
        const decision = decideRubric(any, judged);
        expect(findRubricIssues(any)).toEqual([]);
        expect(checkResults(any, judged)).toEqual([]);
        expect(decision.below).toEqual(
          any.filter((_, index) => (rows[index]?.found ?? 99) < (rows[index]?.required ?? 0)),
        );
        expect(decision.missing).toEqual(
          any.filter((_, index) => rows[index]?.found === undefined),
        );
        expect(decision.met).toBe(rows.every(({ found, required }) => (found ?? -1) >= required));
      }),
    );
  });
});
