import { listTouching } from '../../domain/level-pools.ts';
import { scopeOf, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { LevelRuleStore } from '../../storage/level-rules.ts';
import type { PersonStore } from '../../storage/people.ts';
import { startRedecision } from './level-redecisions.ts';
import {
  checkAllRules,
  isUnreachable,
  type CheckDependencies,
  type CheckedRule,
} from './level-rule-checks.ts';

const pageSize = 100;

interface Dependencies extends CheckDependencies {
  readonly achievements: CheckDependencies['achievements'] &
    Pick<AchievementStore, 'listUndecided' | 'clearUndecided'>;
  readonly levelRules: Pick<LevelRuleStore, 'list' | 'startRedecision'>;
  readonly people: Pick<PersonStore, 'countLearners'>;
  readonly log: Log;
  readonly now: Clock;
}

export type LevelRetirements = ReturnType<typeof createLevelRetirements>;

/**
 * A share of what is left may be less: when an achievement is retired, levels that count it are decided anew. The
 * achievement itself says that this is still to be done, from the same update on.
 */
export function createLevelRetirements(dependencies: Dependencies) {
  const { achievements, levelRules, log } = dependencies;

  return { settle, settleDue };

  /** Answers the rules that ask for it, and that nobody can reach by now. Safe to repeat. */
  async function settle(scope: Scope, id: string): Promise<readonly CheckedRule[]> {
    const all = await checkAllRules(dependencies, scope);
    const touched = all.filter(({ resolved }) => listTouching(resolved).has(id));
    const on = touched.flatMap(({ rule }) => (rule.state === 'on' ? [rule.id] : []));
    if (on.length > 0) {
      await levelRules.startRedecision(scope, on, await startRedecision(dependencies, scope));
    }
    await achievements.clearUndecided(scope, id);
    return touched.filter(isUnreachable);
  }

  /** What was retired by somebody who died over it. */
  async function settleDue(): Promise<void> {
    const found = await achievements.listUndecided(pageSize);
    for (const one of found) {
      await settle(scopeOf(one), one.id).catch((error: unknown) => {
        const { id, organization } = one;
        log.warn({ event: 'levels.undecided', organization, id, error }, 'the next sweep decides');
      });
    }
  }
}
