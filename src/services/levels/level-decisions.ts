import type { HeldAward } from '../../domain/awards.ts';
import { decideLevel, type CertifyingRule, type ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import { systemActor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { LevelAwardStore } from '../../storage/level-awards.ts';
import type { LevelWaitStore } from '../../storage/level-waits.ts';
import type { AuditService } from '../audit.ts';
import type { LevelCertifier, Reached } from './level-certifier.ts';

/** Learners and one rule, with everything that they hold. */
export interface Question {
  readonly rule: CertifyingRule;
  readonly resolved: ResolvedRule;
  readonly learners: readonly string[];
  readonly held: ReadonlyMap<string, readonly HeldAward[]>;
}

interface Dependencies {
  readonly levelAwards: Pick<LevelAwardStore, 'listRevokedPairs' | 'listOpenLost' | 'endLost'>;
  readonly levelWaits: LevelWaitStore;
  readonly certifier: LevelCertifier;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type LevelDecisionService = ReturnType<typeof createLevelDecisionService>;

/** Decides where learners stand with a level, and does what follows. Safe to repeat, and to do twice at once. */
export function createLevelDecisionService(dependencies: Dependencies) {
  const { levelWaits, levelAwards, certifier, audit, now } = dependencies;

  return { decide };

  /** How many were certified. */
  async function decide(scope: Scope, question: Question): Promise<number> {
    const { rule, resolved, learners, held } = question;
    const reached: Reached[] = [];
    const holders: string[] = [];
    const rest: string[] = [];
    for (const learner of learners) {
      const own = held.get(learner) ?? [];
      const decision = decideLevel(resolved, listIssued(own));
      const level = own.find(({ achievement }) => achievement === rule.achievement);
      if (decision.holds && level === undefined) {
        reached.push({ rule, resolved, learner, decision, held: own });
        continue;
      }
      rest.push(learner);
      if (decision.holds && level !== undefined) holders.push(level.award);
    }
    const certified = await settleReached(scope, rule, reached);
    await levelWaits.remove(scope, rule.id, rest);
    await endLost(scope, holders);
    return certified;
  }

  /** Certifies them, or lets them wait for a person: where the rule says so, and where a person revoked the level. */
  async function settleReached(
    scope: Scope,
    rule: CertifyingRule,
    reached: readonly Reached[],
  ): Promise<number> {
    if (reached.length === 0) return 0;
    const learners = reached.map(({ learner }) => learner);
    const achievements = [rule.achievement];
    const pairs = await levelAwards.listRevokedPairs(scope, { learners, achievements });
    const revoked = new Set(pairs.map(({ learner }) => learner));
    const isWaiting = ({ learner }: Reached) =>
      rule.certify === 'by-person' || revoked.has(learner);
    await levelWaits.addMany(
      reached.filter(isWaiting).map(({ learner }) => ({
        id: newId(),
        organization: scope.organization,
        rule: rule.id,
        learner,
        why: revoked.has(learner) ? 'revoked' : 'by-person',
        createdAt: now(),
      })),
    );
    return certifyAll(
      scope,
      rule,
      reached.filter((one) => !isWaiting(one)),
    );
  }

  async function certifyAll(
    scope: Scope,
    rule: CertifyingRule,
    reached: readonly Reached[],
  ): Promise<number> {
    const version = reached.length === 0 ? undefined : await certifier.findVersion(scope, rule);
    if (version === undefined) return 0;
    const actor = systemActor(scope.organization);
    const certified = await certifier.certify(actor, reached, version);
    await levelWaits.remove(
      scope,
      rule.id,
      reached.map(({ learner }) => learner),
    );
    return certified.length;
  }

  /** What was lost was earned again. */
  async function endLost(scope: Scope, levels: readonly string[]): Promise<void> {
    for (const id of await levelAwards.listOpenLost(scope, levels)) {
      const end = { decision: 'regained', by: 'cairn', at: now() } as const;
      if (!(await levelAwards.endLost(scope, id, end))) continue;
      await audit.record(systemActor(scope.organization), {
        action: 'level.support-regained',
        subject: `award:${id}`,
      });
    }
  }
}

/** Only what is signed can be a support. */
export function listIssued(held: readonly HeldAward[]): ReadonlySet<string> {
  return new Set(held.filter(({ issued }) => issued).map(({ achievement }) => achievement));
}
