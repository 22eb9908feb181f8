import { invalid, type Issue } from '../shared/errors.ts';

/** One step of a criterion. In a credential: a RubricCriterionLevel with id `urn:uuid:{id}`. */
export interface CriterionLevel {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly points?: number;
}

/** One row of a rubric. In a credential: a ResultDescription with id `urn:uuid:{id}`. */
export interface Criterion {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** From lowest to highest. */
  readonly levels: readonly CriterionLevel[];
  /** Id of the level that must be reached for the achievement to count as earned. */
  readonly requiredLevel: string;
}

/** The level that a reviewer found for one criterion. In a credential: a Result with id `urn:uuid:{id}`. */
export interface Result {
  readonly id: string;
  readonly criterion: string;
  readonly level: string;
}

export interface CriterionLevelInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly points?: number | undefined;
}

/** A criterion as people write it: no ids, and the required level by its name. */
export interface CriterionInput {
  readonly name: string;
  readonly description?: string | undefined;
  readonly levels: readonly CriterionLevelInput[];
  readonly requiredLevel: string;
}

/** How a rubric's results stand against its required levels. */
export interface RubricDecision {
  readonly met: boolean;
  /** Criteria whose found level is lower than the required one. */
  readonly below: readonly Criterion[];
  /** Criteria that nobody has judged. */
  readonly missing: readonly Criterion[];
}

/**
 * Gives written criteria their ids. What keeps its name keeps the id that it had in `previous`.
 * @throws ServiceError `achievement.bad_rubric` when names repeat or a required level is no level of its criterion
 */
export function buildRubric(
  input: readonly CriterionInput[],
  previous: readonly Criterion[],
  makeId: () => string,
): readonly Criterion[] {
  const issues = input.flatMap(findInputIssues);
  if (issues.length > 0 || repeats(input).length > 0) {
    throw invalid('achievement.bad_rubric', 'The rubric does not make sense yet.', [
      ...findRepeats(input, 'rubric', 'criterion'),
      ...issues,
    ]);
  }
  return input.map((criterion) => {
    const before = previous.find(({ name }) => name === criterion.name);
    return buildCriterion(criterion, before, makeId);
  });
}

function findInputIssues(
  { levels, requiredLevel }: CriterionInput,
  index: number,
): readonly Issue[] {
  const issues = findRepeats(levels, `rubric.${index}.levels`, 'level');
  if (levels.some(({ name }) => name === requiredLevel)) return issues;
  const path = `rubric.${index}.requiredLevel`;
  return [...issues, { path, message: 'must be the name of one of the levels of this criterion' }];
}

function buildCriterion(
  { name, description, levels: written, requiredLevel }: CriterionInput,
  before: Criterion | undefined,
  makeId: () => string,
): Criterion {
  const levels = written.map(({ name, description, points }) => ({
    id: before?.levels.find((level) => level.name === name)?.id ?? makeId(),
    name,
    ...(description === undefined ? {} : { description }),
    ...(points === undefined ? {} : { points }),
  }));
  return {
    id: before?.id ?? makeId(),
    name,
    ...(description === undefined ? {} : { description }),
    levels,
    requiredLevel: levels.find((level) => level.name === requiredLevel)?.id ?? '',
  };
}

/** What keeps a rubric from being judged by: too few levels, names that repeat, a required level that is none. */
export function findRubricIssues(rubric: readonly Criterion[]): readonly Issue[] {
  return [
    ...findRepeats(rubric, 'rubric', 'criterion'),
    ...rubric.flatMap(({ levels, requiredLevel }, index) => {
      const path = `rubric.${index}`;
      const issues = [...findRepeats(levels, `${path}.levels`, 'level')];
      if (levels.length < 2) {
        issues.push({ path: `${path}.levels`, message: 'must have at least two levels' });
      }
      if (!levels.some(({ id }) => id === requiredLevel)) {
        issues.push({ path: `${path}.requiredLevel`, message: 'must be one of the levels' });
      }
      return issues;
    }),
  ];
}

function findRepeats(
  things: readonly { readonly name: string }[],
  path: string,
  noun: string,
): readonly Issue[] {
  return repeats(things).map((index) => ({
    path: `${path}.${index}.name`,
    message: `must differ from the name of every other ${noun}`,
  }));
}

/** Indexes of the things whose name came before; people do not tell `Met` from `met`. */
function repeats(things: readonly { readonly name: string }[]): readonly number[] {
  const seen = new Set<string>();
  return things.flatMap(({ name }, index) => {
    const key = name.normalize('NFKC').trim().toLowerCase();
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
}

/**
 * What is wrong with a reviewer's results for this rubric: every one must point at a criterion of it and at a level
 * of that criterion, and no criterion is judged twice. Open Badges leaves this to us (OB 3.0 has no schema for it).
 */
export function checkResults(
  rubric: readonly Criterion[],
  results: readonly Pick<Result, 'criterion' | 'level'>[],
): readonly Issue[] {
  const judged = new Set<string>();
  return results.flatMap((result, index) => {
    const criterion = rubric.find(({ id }) => id === result.criterion);
    if (criterion === undefined) {
      return [{ path: `results.${index}.criterion`, message: 'is no criterion of this rubric' }];
    }
    if (judged.has(criterion.id)) {
      return [{ path: `results.${index}.criterion`, message: 'was judged already' }];
    }
    judged.add(criterion.id);
    return criterion.levels.some(({ id }) => id === result.level)
      ? []
      : [{ path: `results.${index}.level`, message: 'is no level of this criterion' }];
  });
}

/** Whether every criterion was found at its required level or above. A rubric without criteria is always met. */
export function decideRubric(
  rubric: readonly Criterion[],
  results: readonly Pick<Result, 'criterion' | 'level'>[],
): RubricDecision {
  const below: Criterion[] = [];
  const missing: Criterion[] = [];
  for (const criterion of rubric) {
    const rankOf = (level: string) => criterion.levels.findIndex(({ id }) => id === level);
    const required = rankOf(criterion.requiredLevel);
    const found = results
      .filter((result) => result.criterion === criterion.id)
      .map((result) => rankOf(result.level))
      .filter((rank) => rank !== -1);
    // A required level that is none of the levels cannot be reached.
    if (found.length === 0) missing.push(criterion);
    else if (required === -1 || found.some((rank) => rank < required)) below.push(criterion);
  }
  return { met: below.length === 0 && missing.length === 0, below, missing };
}
