import { namedBy, ruleOf, type Requirement } from '../domain/requirements.ts';
import { requirementOf } from '../domain/pathways.ts';
import type { CertifyingRule, ResolvedRule } from '../domain/level-rules.ts';
import { scopeOf, type Scope } from '../domain/roles.ts';
import type { AchievementStore } from '../storage/achievements.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { CompositionStore } from '../storage/compositions.ts';
import type { PathwayStore } from '../storage/pathways.ts';
import type { PersonStore } from '../storage/people.ts';
import type { LevelDecisionService } from './level-decisions.ts';

const pageSize = 100;
const atOnce = 20;

interface Stacked {
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
}

interface Dependencies {
  readonly compositions: Pick<CompositionStore, 'listAll' | 'listDue' | 'clearDue'>;
  readonly pathways: Pick<PathwayStore, 'listActive' | 'listDue' | 'clearDue'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled'>;
  readonly people: Pick<PersonStore, 'listByRole'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly levelDecisions: LevelDecisionService;
}

export type StackRules = ReturnType<typeof createStackRules>;

/** Composed credits and the awards of pathways, as rules that the levels' decisions know how to follow. */
export function createStackRules(dependencies: Dependencies) {
  const { compositions, pathways, people, awards, levelDecisions } = dependencies;

  return { listResolved: (scope: Scope) => listResolved(dependencies, scope), settleDue };

  /** Decides everybody anew for what was made or changed since. A crash begins again: that changes nothing. */
  async function settleDue(): Promise<void> {
    for (const composition of await compositions.listDue(atOnce)) {
      await decideAll(scopeOf(composition), composition.id);
      await compositions.clearDue(composition);
    }
    for (const pathway of await pathways.listDue(atOnce)) {
      await decideAll(scopeOf(pathway), pathway.id);
      await pathways.clearDue(pathway);
    }
  }

  async function decideAll(scope: Scope, id: string): Promise<void> {
    const stacked = (await listResolved(dependencies, scope)).find(({ rule }) => rule.id === id);
    if (stacked === undefined) return;
    let after = '';
    for (;;) {
      const page = await people.listByRole(scope, 'learner', { limit: pageSize, after });
      const learners = page.map((person) => person.id);
      const held = await awards.listHeld(scope, learners);
      await levelDecisions.decide(scope, { ...stacked, learners, held });
      after = learners.at(-1) ?? after;
      if (learners.length < pageSize) return;
    }
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
  const asked: readonly (CertifyingRule & { readonly requirement: Requirement })[] = [
    ...composed.map((one) => ({
      ...{ id: one.id, achievement: one.id, certify: one.certify },
      requirement: one,
    })),
    ...active.flatMap(({ id, award, ...pathway }) =>
      award === undefined
        ? []
        : [
            {
              ...{ id, achievement: award.achievement, certify: 'by-rule' as const },
              requirement: requirementOf(pathway, award.need),
            },
          ],
    ),
  ];
  const parts = new Set(asked.flatMap(({ requirement }) => namedBy(requirement)));
  const found = parts.size === 0 ? [] : await achievements.findLeveled(scope, [...parts]);
  const retired = new Set(found.filter(({ state }) => state === 'retired').map(({ id }) => id));
  return asked.map(({ requirement, ...rule }) => ({
    rule,
    resolved: ruleOf(requirement, rule, retired),
  }));
}
