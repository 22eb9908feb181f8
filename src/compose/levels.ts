import type { Priority } from '../domain/awards.ts';
import type { AchievementVersions } from '../services/awards/awards.ts';
import type { AuditService } from '../services/audit.ts';
import { createBossGate } from '../services/levels/boss-gate.ts';
import type { CredentialStatusService } from '../services/credentials/credential-status.ts';
import { createLevelCertifier } from '../services/levels/level-certifier.ts';
import { createLevelDecisionService } from '../services/levels/level-decisions.ts';
import { createLevelNames } from '../services/levels/level-names.ts';
import { createLevelRedecisions } from '../services/levels/level-redecisions.ts';
import type { LevelRetirements } from '../services/levels/level-retirements.ts';
import { createLevelRuleService } from '../services/levels/level-rules.ts';
import { createLevelSimulationService } from '../services/levels/level-simulation.ts';
import { createLevelSweep } from '../services/levels/level-sweep.ts';
import { createLevelVerdictService } from '../services/levels/level-verdicts.ts';
import { createLevelWork } from '../services/levels/levels.ts';
import type { SigningKeyService } from '../services/credentials/signing-keys.ts';
import { createStackRules } from '../services/curriculum/stack-rules.ts';
import type { StatusListService } from '../services/credentials/status-lists.ts';
import type { Clock } from '../shared/clock.ts';
import type { Fault } from '../shared/faults.ts';
import type { Log } from '../shared/log.ts';
import type { Urls } from '../shared/urls.ts';
import type { Storage } from '../storage/open.ts';

type Base = Omit<Storage['stores'], 'statusLists'> & {
  readonly keys: SigningKeyService;
  readonly statusLists: StatusListService;
  readonly wakeMany: (awards: readonly string[], priority: Priority) => Promise<void>;
  readonly urls: Urls;
  readonly audit: AuditService;
  readonly versions: AchievementVersions;
  readonly credentialStatus: CredentialStatusService;
  readonly levelRetirements: LevelRetirements;
  readonly fault: Fault;
  readonly log: Log;
  readonly now: Clock;
};

/** Who may attempt a boss: what awards and submissions ask before they are made. */
export function composeBossGate(stores: Storage['stores']) {
  return createBossGate({ ...stores, names: createLevelNames(stores) });
}

/** Level rules, and what follows from them. */
export function composeLevels(base: Base) {
  const names = createLevelNames(base);
  const levelRules = createLevelRuleService(base);
  const certifier = createLevelCertifier(base);
  const levelDecisions = createLevelDecisionService({ ...base, certifier });
  const stackRules = createStackRules(base);
  const parts = { ...base, levelRules, stackRules, levelDecisions };
  return {
    levelRules,
    levelSimulation: createLevelSimulationService(parts),
    levelVerdicts: createLevelVerdictService({
      ...parts,
      ruleStore: base.levelRules,
      certifier,
      names,
    }),
    levelWork: createLevelWork({
      levelSweep: createLevelSweep(parts),
      levelRetirements: base.levelRetirements,
      redecisions: createLevelRedecisions({
        ...parts,
        sources: [
          { store: base.levelRules, find: levelRules.findResolved },
          { store: base.compositions, find: stackRules.findResolved },
          { store: base.pathways, find: stackRules.findResolved },
        ],
      }),
      log: base.log,
    }),
  };
}
