import type { Clock } from '../shared/clock.ts';
import type { Fault } from '../shared/faults.ts';
import { scopeOf } from '../domain/roles.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { ClaimedRedecision, LevelRuleStore } from '../storage/level-rules.ts';
import type { PersonStore } from '../storage/people.ts';
import type { LevelDecisionService } from './level-decisions.ts';
import type { LevelRuleService } from './level-rules.ts';

const pageSize = 100;
/** How long a page may take before another worker takes it over. */
const leaseMs = 60_000;

interface Dependencies {
  readonly rules: Pick<LevelRuleStore, 'claimRedecision' | 'advanceRedecision'>;
  readonly people: Pick<PersonStore, 'listByRole'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly levelRules: Pick<LevelRuleService, 'resolve'>;
  readonly levelDecisions: LevelDecisionService;
  readonly fault: Fault;
  readonly now: Clock;
}

export type LevelRedecisions = ReturnType<typeof createLevelRedecisions>;

/** Everybody is decided anew after a rule was switched on or changed: a page at a time, taken up wherever it ended. */
export function createLevelRedecisions(dependencies: Dependencies) {
  const { rules, people, awards, levelRules, levelDecisions, fault, now } = dependencies;

  return { advance };

  /** One page of one rule; false when nothing is left to do, or others are at it. */
  async function advance(): Promise<boolean> {
    const claimed = await rules.claimRedecision(now(), new Date(now().getTime() + leaseMs));
    if (claimed === undefined) return false;
    const { rule, after } = claimed;
    const scope = scopeOf(rule);
    const page = await people.listByRole(scope, 'learner', { limit: pageSize, after });
    const learners = page.map(({ id }) => id);
    const certified = await decidePage(claimed, learners);
    fault('levels.redecided');
    const isLast = learners.length < pageSize;
    await rules.advanceRedecision(claimed, {
      last: learners.at(-1) ?? after,
      done: learners.length,
      certified,
      finishedAt: isLast ? now() : undefined,
    });
    return true;
  }

  async function decidePage(
    { rule }: ClaimedRedecision,
    learners: readonly string[],
  ): Promise<number> {
    if (learners.length === 0) return 0;
    const scope = scopeOf(rule);
    const [resolved, held] = await Promise.all([
      levelRules.resolve(scope, [rule]),
      awards.listHeld(scope, learners),
    ]);
    const own = resolved.get(rule.id);
    return own === undefined
      ? 0
      : levelDecisions.decide(scope, { rule, resolved: own, learners, held });
  }
}
