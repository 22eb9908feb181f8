import type { AchievementVersion } from '../../domain/achievements.ts';
import { decideLevel, type LevelDecision } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import { conflict, type ServiceError } from '../../shared/errors.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { LevelRuleStore } from '../../storage/level-rules.ts';
import type { LevelNames } from './level-names.ts';
import { resolveRules, type PoolDependencies } from './level-pools.ts';

export interface BossAttempt {
  readonly learner: string;
  readonly achievement: string;
}

interface Dependencies extends PoolDependencies {
  readonly levelRules: Pick<LevelRuleStore, 'list' | 'listByBosses'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly names: LevelNames;
}

export type BossGate = ReturnType<typeof createBossGate>;

/** A boss may be attempted when a rule that names it says so; one that no rule names is open. */
export function createBossGate(dependencies: Dependencies) {
  const { levelRules, awards, names } = dependencies;

  return { findClosed, assertOpen };

  /** Why it is not open yet, in plain words, by place in `attempts`. */
  async function findClosed(
    scope: Scope,
    attempts: readonly BossAttempt[],
  ): Promise<ReadonlyMap<number, ServiceError>> {
    const closed = new Map<number, ServiceError>();
    if (attempts.length === 0) return closed;
    const bosses = [...new Set(attempts.map(({ achievement }) => achievement))];
    const rules = (await levelRules.listByBosses(scope, bosses)).filter(
      ({ state }) => state === 'on',
    );
    if (rules.length === 0) return closed;
    const [resolved, held] = await Promise.all([
      resolveRules(dependencies, scope, rules),
      awards.listHeld(scope, [...new Set(attempts.map(({ learner }) => learner))]),
    ]);
    for (const [place, { learner, achievement }] of attempts.entries()) {
      const own = new Set((held.get(learner) ?? []).map((one) => one.achievement));
      const decisions = [...resolved.values()]
        .filter(({ boss }) => boss.achievements.includes(achievement))
        .map((rule) => decideLevel(rule, own));
      const [first] = decisions;
      if (first === undefined || decisions.some(isOpen)) continue;
      const steps = first.nextSteps.filter(({ kind }) => kind !== 'boss');
      closed.set(place, notReady(await names.explain(scope, { nextSteps: steps })));
    }
    return closed;
  }

  /** Everything but a boss is always open. */
  async function assertOpen(
    scope: Scope,
    learner: string,
    { kind, achievement }: Pick<AchievementVersion, 'kind' | 'achievement'>,
  ): Promise<void> {
    const attempts = kind === 'boss' ? [{ learner, achievement }] : [];
    for (const refusal of (await findClosed(scope, attempts)).values()) throw refusal;
  }
}

function isOpen({ state, bossReady }: LevelDecision): boolean {
  return bossReady || state === 'certified';
}

function notReady(missing: string): ServiceError {
  return conflict(
    'boss.not_ready',
    `This boss is not open for this learner yet. ${missing}`.trim(),
  );
}
