import type { Award } from '../domain/awards.ts';
import type { LevelWait } from '../domain/level-awards.ts';
import { decideLevel, type LevelDecision, type LevelRule } from '../domain/level-rules.ts';
import { assertCan, scopeOf, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, forbidden, notFound } from '../shared/errors.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { Page, PageRequest } from '../storage/document.ts';
import type { LevelAwardStore } from '../storage/level-awards.ts';
import type { LevelRuleStore, RulePlace } from '../storage/level-rules.ts';
import type { LevelWaitStore } from '../storage/level-waits.ts';
import type { PersonStore } from '../storage/people.ts';
import type { AuditService } from './audit.ts';
import { awardExists } from './award-rules.ts';
import type { CredentialStatusService } from './credential-status.ts';
import type { LevelCertifier } from './level-certifier.ts';
import { listIssued } from './level-decisions.ts';
import type { LevelNames } from './level-names.ts';
import type { LevelRuleService } from './level-rules.ts';

/** Somebody who has reached a level and waits for a person's word. */
export interface Waiting extends LevelWait {
  readonly of: LevelRule;
}

interface Dependencies {
  readonly awards: Pick<AwardStore, 'find' | 'findLive' | 'listHeld'>;
  readonly levelAwards: Pick<LevelAwardStore, 'listLost' | 'endLost'>;
  readonly levelWaits: Pick<LevelWaitStore, 'list' | 'remove'>;
  readonly ruleStore: Pick<LevelRuleStore, 'list'>;
  readonly levelRules: Pick<LevelRuleService, 'get' | 'resolve'>;
  readonly people: Pick<PersonStore, 'find'>;
  readonly names: LevelNames;
  readonly certifier: LevelCertifier;
  readonly credentialStatus: Pick<CredentialStatusService, 'revoke'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type LevelVerdictService = ReturnType<typeof createLevelVerdictService>;

/** What a person decides about levels: certifying where the rule waits for it, and what becomes of lost support. */
export function createLevelVerdictService(dependencies: Dependencies) {
  const { awards, levelAwards, levelWaits, levelRules, people, certifier, audit, now } =
    dependencies;

  return { listWaiting, certify, listFlagged, resolveFlag };

  async function listWaiting(actor: Actor, page: PageRequest): Promise<Page<Waiting>> {
    assertCan(actor, 'credentials.read-all');
    const scope = scopeOf(actor);
    const [found, rules] = await Promise.all([
      levelWaits.list(scope, page),
      dependencies.ruleStore.list(scope),
    ]);
    const items = found.items.flatMap((wait) => {
      const of = rules.find(({ id }) => id === wait.rule);
      return of === undefined ? [] : [{ ...wait, of }];
    });
    return { ...found, items };
  }

  /** A person says so: for who has reached the level, whatever the rule leaves to itself. */
  async function certify(actor: Actor, place: RulePlace, learner: string): Promise<Award> {
    assertCan(actor, 'frameworks.manage');
    const scope = scopeOf(actor);
    const rule = await levelRules.get(actor, place);
    if (rule.state !== 'on') {
      throw conflict('level_rule.not_on', 'This rule is a draft. Switch it on first.');
    }
    await assertLearner(actor, learner);
    const resolved = (await levelRules.resolve(scope, [rule])).get(rule.id);
    const held = (await awards.listHeld(scope, [learner])).get(learner) ?? [];
    if (resolved === undefined) throw notFound('level_rule');
    if (held.some(({ achievement }) => achievement === rule.achievement)) throw awardExists();
    const decision = decideLevel(resolved, listIssued(held));
    if (!decision.holds) throw await notReached(actor, decision);
    const version = await certifier.findVersion(scope, rule);
    if (version === undefined) throw notFound('achievement');
    const reached = { rule, resolved, learner, decision, held };
    const [id] = await certifier.certify(actor, [reached], version);
    const award = id === undefined ? undefined : await awards.find(scope, id);
    if (award === undefined) throw awardExists();
    await levelWaits.remove(scope, rule.id, [learner]);
    return award;
  }

  async function assertLearner(actor: Actor, learner: string): Promise<void> {
    const person = await people.find(scopeOf(actor), learner);
    if (person?.roles.includes('learner') !== true) throw notFound('learner');
    if (actor.id !== learner) return;
    throw forbidden('award.own', 'Nobody can award an achievement to themselves.');
  }

  async function notReached(actor: Actor, decision: LevelDecision) {
    const missing = await dependencies.names.explain(scopeOf(actor), decision);
    return conflict('level.not_reached', `This learner has not reached the level yet. ${missing}`);
  }

  /** Levels that lost a support and do not hold without it, newest first. */
  async function listFlagged(actor: Actor, page: PageRequest): Promise<Page<Award>> {
    assertCan(actor, 'credentials.read-all');
    return levelAwards.listLost(scopeOf(actor), page);
  }

  /** Keeps the level in spite of it, or revokes it. */
  async function resolveFlag(
    actor: Actor,
    id: string,
    { decision, reason }: { decision: 'keep' | 'revoke'; reason: string },
  ): Promise<Award> {
    assertCan(actor, 'credentials.status');
    const scope = scopeOf(actor);
    const award = await awards.find(scope, id);
    if (award?.lostSupport === undefined) throw notFound('flag');
    if (!award.lostSupport.open || award.state !== 'live') {
      throw conflict('flag.resolved', 'Somebody has decided about this already.');
    }
    if (decision === 'revoke') {
      await dependencies.credentialStatus.revoke(actor, award.issuance.credential, reason);
    } else {
      const end = { decision: 'kept', by: actor.id, at: now(), reason } as const;
      await levelAwards.endLost(scope, id, end);
      await audit.record(actor, { action: 'level.kept', subject: `award:${id}`, reason });
    }
    return (await awards.find(scope, id)) ?? award;
  }
}
