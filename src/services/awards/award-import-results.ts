import type { AchievementVersion } from '../../domain/achievements.ts';
import { nameKey, type AwardRow, type RowIssue } from '../../domain/award-sheet.ts';
import type { Criterion } from '../../domain/rubrics.ts';

/** The results of a row, by the names that the rubric gives them. */
export function readResults({ results }: AwardRow, { rubric }: AchievementVersion) {
  const issues: RowIssue[] = [];
  const found = results.flatMap(({ criterion: name, level: levelName }) => {
    const criterion = findNamed(rubric, name);
    const level = criterion && findNamed(criterion.levels, levelName);
    if (criterion !== undefined && level !== undefined)
      return [{ criterion: criterion.id, level: level.id }];
    issues.push({
      column: columnOf(name),
      code: criterion === undefined ? 'result.unknown_criterion' : 'result.unknown_level',
      message: explainResult(criterion),
    });
    return [];
  });
  return { found, issues };
}

function explainResult(criterion: Criterion | undefined): string {
  return criterion === undefined
    ? 'the achievement of this row has no such criterion; leave the cell empty'
    : `must be one of: ${criterion.levels.map(({ name }) => name).join(', ')}`;
}

function findNamed<T extends { readonly name: string }>(things: readonly T[], name: string) {
  return things.find((thing) => nameKey(thing.name) === nameKey(name));
}

export const columnOf = (criterion: string) => `criterion: ${criterion}`;
