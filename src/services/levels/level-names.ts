import type { LevelDecision, NextStep } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import type { AchievementStore } from '../../storage/achievements.ts';

export type LevelNames = ReturnType<typeof createLevelNames>;

/** Says in plain words what is missing, with the achievements' own names. */
export function createLevelNames({
  achievements,
}: {
  achievements: Pick<AchievementStore, 'findLeveled'>;
}) {
  return { explain };

  /** `Missing: Fair tests; 2 of Graphs, Tables, Sums; the boss Field study.` */
  async function explain(
    scope: Scope,
    { nextSteps }: Pick<LevelDecision, 'nextSteps'>,
  ): Promise<string> {
    if (nextSteps.length === 0) return '';
    const ids = nextSteps.flatMap((step) => step.achievements);
    const found = await achievements.findLeveled(scope, [...new Set(ids)]);
    const names = new Map(found.map(({ id, name }) => [id, name]));
    return `Missing: ${nextSteps.map((step) => describe(step, names)).join('; ')}.`;
  }
}

/** Of more, the rest is counted. */
const maxNamed = 8;

function describe(step: NextStep, names: ReadonlyMap<string, string>): string {
  const all = step.achievements.flatMap((id) => names.get(id) ?? []);
  const more = all.length > maxNamed ? ` and ${all.length - maxNamed} more` : '';
  const listed = `${all.slice(0, maxNamed).join(', ')}${more}`;
  switch (step.kind) {
    case 'previous-level':
      return `the level before (${listed})`;
    case 'must-have':
      return listed;
    case 'pool':
      return `${step.count} of ${listed}`;
    case 'boss':
      return step.count === all.length ? `the boss ${listed}` : `${step.count} of ${listed}`;
  }
}
