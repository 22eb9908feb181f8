import type { RuleFault } from '../../domain/level-rule-faults.ts';
import type { Scope } from '../../domain/roles.ts';
import {
  findCompositionFaults,
  findPathwayFaults,
  namedByComposition,
  namedByPathway,
} from '../../domain/stack-faults.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { CompositionStore } from '../../storage/compositions.ts';
import type { PathwayStore } from '../../storage/pathways.ts';

export interface CheckedStack {
  readonly of: 'composition' | 'pathway';
  /** Of the pathway, or of the credit. */
  readonly id: string;
  /** What is awarded. */
  readonly achievement?: string;
  readonly problems: readonly RuleFault[];
}

interface Achievements {
  readonly achievements: Pick<AchievementStore, 'findLeveled'>;
}

export interface StackCheckDependencies extends Achievements {
  readonly compositions: Pick<CompositionStore, 'listAll'>;
  readonly pathways: Pick<PathwayStore, 'listActive'>;
}

/** Those of them that are retired. */
export async function readRetired(
  { achievements }: Achievements,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = ids.length === 0 ? [] : await achievements.findLeveled(scope, [...new Set(ids)]);
  return new Set(found.filter(({ state }) => state === 'retired').map(({ id }) => id));
}

/** Credits and pathways in use that nobody else can reach any more; of those that name `naming`, where it is given. */
export async function listUnreachable(
  { compositions, pathways, achievements }: StackCheckDependencies,
  scope: Scope,
  naming?: string,
): Promise<readonly CheckedStack[]> {
  const isConcerned = (named: readonly string[]) => naming === undefined || named.includes(naming);
  const [composed, active] = await Promise.all([
    compositions.listAll(scope),
    pathways.listActive(scope),
  ]);
  const credits = composed.filter((one) => isConcerned(namedByComposition(one)));
  const ways = active.filter((one) => isConcerned(namedByPathway(one)));
  const named = [...credits.flatMap(namedByComposition), ...ways.flatMap(namedByPathway)];
  const retired = await readRetired({ achievements }, scope, named);
  const checked: readonly CheckedStack[] = [
    ...credits.map((one) => ({
      ...{ of: 'composition' as const, id: one.id, achievement: one.id },
      problems: findCompositionFaults(one, retired),
    })),
    ...ways.map((one) => ({
      ...{ of: 'pathway' as const, id: one.id },
      ...(one.award && { achievement: one.award.achievement }),
      problems: findPathwayFaults(one, retired),
    })),
  ];
  return checked.filter(({ problems }) => problems.length > 0);
}
