import type { Award } from '../../domain/awards.ts';
import type { LevelWait } from '../../domain/level-awards.ts';
import { decideLevel, type LevelRule } from '../../domain/level-rules.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, notFound } from '../../shared/errors.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { LevelAwardStore } from '../../storage/level-awards.ts';
import type { LevelRuleStore, RulePlace } from '../../storage/level-rules.ts';
import type { LevelWaitStore } from '../../storage/level-waits.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { awardExists } from '../awards/award-rules.ts';
import type { CredentialStatusService } from '../credentials/credential-status.ts';
import type { LevelCertifier, Reached } from './level-certifier.ts';
import { listIssued } from './level-decisions.ts';
import type { LevelNames } from './level-names.ts';
import type { LevelRuleService } from './level-rules.ts';
import type { Stacked, StackRules } from '../curriculum/stack-rules.ts';

/** Somebody who has reached a level and waits for a person's word. */
export interface Waiting extends LevelWait {
  readonly of: LevelRule;
}

/** The same with a credit, or with what a pathway awards. */
export interface WaitingCredit extends LevelWait {
  readonly of: Pick<Stacked, 'of' | 'rule'>;
}

interface Dependencies {
  readonly awards: Pick<AwardStore, 'find' | 'findLive' | 'listHeld'>;
  readonly levelAwards: Pick<LevelAwardStore, 'listLost' | 'endLost'>;
  readonly levelWaits: Pick<LevelWaitStore, 'list' | 'remove'>;
  readonly ruleStore: Pick<LevelRuleStore, 'list'>;
  readonly levelRules: Pick<LevelRuleService, 'get' | 'resolve'>;
  readonly stackRules: StackRules;
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
  const { awards, levelAwards, levelWaits, levelRules, stackRules, audit, now } = dependencies;

  return { listWaiting, listWaitingCredits, certify, certifyCredit, listFlagged, resolveFlag };

  async function listWaiting(actor: Actor, page: PageRequest): Promise<Page<Waiting>> {
    assertCan(actor, 'credentials.read-all');
    const scope = scopeOf(actor);
    return waitingFor(scope, await dependencies.ruleStore.list(scope), page);
  }

  async function listWaitingCredits(actor: Actor, page: PageRequest): Promise<Page<WaitingCredit>> {
    assertCan(actor, 'credentials.read-all');
    const scope = scopeOf(actor);
    const stacked = await stackRules.listResolved(scope);
    return waitingFor(
      scope,
      stacked.map((one) => ({ ...one, id: one.rule.id })),
      page,
    );
  }

  async function waitingFor<T extends { readonly id: string }>(
    scope: Scope,
    rules: readonly T[],
    page: PageRequest,
  ): Promise<Page<LevelWait & { readonly of: T }>> {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const found = await levelWaits.list(scope, [...byId.keys()], page);
    const items = found.items.flatMap((wait) => {
      const of = byId.get(wait.rule);
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
    const resolved = (await levelRules.resolve(scope, [rule])).get(rule.id);
    if (resolved === undefined) throw notFound('level_rule');
    return certifyReached(dependencies, actor, { rule, resolved, learner, noun: 'level' });
  }

  /** The same for a composed credit, and for what a pathway awards. */
  async function certifyCredit(
    actor: Actor,
    { of, id }: { readonly of: Stacked['of']; readonly id: string },
    learner: string,
  ): Promise<Award> {
    assertCan(actor, 'curriculum.manage');
    const stacked = await stackRules.findResolved(scopeOf(actor), id);
    if (stacked?.of !== of) throw notFound(of === 'pathway' ? 'pathway_award' : 'composition');
    return certifyReached(dependencies, actor, { ...stacked, learner, noun: 'credit' });
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

/** @throws ServiceError when the learner has it already, or what is missing */
async function certifyReached(
  dependencies: Dependencies,
  actor: Actor,
  {
    rule,
    resolved,
    learner,
    noun,
  }: Pick<Reached, 'rule' | 'resolved' | 'learner'> & { readonly noun: 'level' | 'credit' },
): Promise<Award> {
  const { awards, levelWaits, certifier, names } = dependencies;
  const scope = scopeOf(actor);
  await assertLearner(dependencies, actor, learner);
  const held = (await awards.listHeld(scope, [learner])).get(learner) ?? [];
  if (held.some(({ achievement }) => achievement === rule.achievement)) throw awardExists();
  const decision = decideLevel(resolved, listIssued(held));
  if (!decision.holds) {
    const missing = await names.explain(scope, decision);
    throw conflict(
      `${noun}.not_reached`,
      `This learner has not reached the ${noun} yet. ${missing}`,
    );
  }
  const version = await certifier.findVersion(scope, rule);
  if (version === undefined) throw notFound('achievement');
  const reached = { rule, resolved, learner, decision, held };
  const [id] = await certifier.certify(actor, [reached], version);
  const award = id === undefined ? undefined : await awards.find(scope, id);
  if (award === undefined) throw awardExists();
  await levelWaits.remove(scope, rule.id, [learner]);
  return award;
}

async function assertLearner(
  { people }: Pick<Dependencies, 'people'>,
  actor: Actor,
  learner: string,
): Promise<void> {
  const person = await people.find(scopeOf(actor), learner);
  if (person?.roles.includes('learner') !== true) throw notFound('learner');
  if (actor.id !== learner) return;
  throw forbidden('award.own', 'Nobody can award an achievement to themselves.');
}
