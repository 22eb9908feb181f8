import { namedBy, ruleOf, type Requirement } from '../../domain/requirements.ts';
import { requirementOf } from '../../domain/pathways.ts';
import type { CertifyingRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { CompositionStore } from '../../storage/compositions.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import { readRetired } from './stack-checks.ts';

export interface Stacked {
  readonly of: 'composition' | 'pathway';
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
}

interface Dependencies {
  readonly compositions: Pick<CompositionStore, 'listAll'>;
  readonly pathways: Pick<PathwayStore, 'listActive'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled'>;
}

export type StackRules = ReturnType<typeof createStackRules>;

/** Composed credits and the awards of pathways, as rules that the levels' decisions know how to follow. */
export function createStackRules(dependencies: Dependencies) {
  return { listResolved: (scope: Scope) => listResolved(dependencies, scope), findResolved };

  /** Nothing when it awards nothing any more. */
  async function findResolved(scope: Scope, id: string): Promise<Stacked | undefined> {
    return (await listResolved(dependencies, scope)).find(({ rule }) => rule.id === id);
  }
}

async function listResolved(
  { compositions, pathways, achievements }: Dependencies,
  scope: Scope,
): Promise<readonly Stacked[]> {
  const [composed, active] = await Promise.all([
    compositions.listAll(scope),
    pathways.listActive(scope),
  ]);
  const asked: readonly (CertifyingRule &
    Pick<Stacked, 'of'> & { readonly requirement: Requirement })[] = [
    ...composed.map((one) => ({
      ...{ of: 'composition' as const, id: one.id, achievement: one.id, certify: one.certify },
      requirement: one,
    })),
    ...active.flatMap(({ id, award, ...pathway }) =>
      award === undefined
        ? []
        : [
            {
              ...{ of: 'pathway' as const, id, certify: 'by-rule' as const },
              achievement: award.achievement,
              requirement: requirementOf(pathway, award.need),
            },
          ],
    ),
  ];
  const parts = asked.flatMap(({ requirement }) => namedBy(requirement));
  const retired = await readRetired({ achievements }, scope, parts);
  return asked.map(({ requirement, of, ...rule }) => ({
    of,
    rule,
    resolved: ruleOf(requirement, rule, retired),
  }));
}
