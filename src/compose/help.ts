import { findGates } from '../domain/support-facts.ts';
import type { Scope } from '../domain/roles.ts';
import type { AuditService } from '../services/audit.ts';
import { createJobService } from '../services/jobs.ts';
import type { LevelRuleService } from '../services/level-rules.ts';
import { createSupportFlagService } from '../services/support-flags.ts';
import { createSupportJob } from '../services/support-job.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { Storage } from '../storage/open.ts';

type Base = Omit<Storage['stores'], 'levelRules'> & {
  readonly audit: AuditService;
  readonly levelRules: LevelRuleService;
  readonly log: Log;
  readonly now: Clock;
};

/** Support flags and what comes back by itself. */
export function composeHelp(base: Base) {
  const support = createSupportJob({
    ...base,
    findGates: (scope) => loadGates(base.levelRules, scope),
    findBehind: () => Promise.resolve(new Map()),
  });
  return {
    supportFlags: createSupportFlagService({ ...base, isAsked: () => Promise.resolve(false) }),
    jobs: createJobService({ ...base, jobs: [support] }),
  };
}

async function loadGates(levelRules: LevelRuleService, scope: Scope) {
  const rules = await levelRules.listOn(scope);
  return findGates([...(await levelRules.resolve(scope, rules)).values()]);
}
