import { isDeepStrictEqual } from 'node:util';
import { findRuleBelow } from '../../domain/level-pools.ts';
import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { LevelRuleStore, RulePlace } from '../../storage/level-rules.ts';
import type { LevelWaitStore } from '../../storage/level-waits.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { resolveRules } from './level-pools.ts';
import { startRedecision } from './level-redecisions.ts';
import { checkRule, type CheckDependencies } from './level-rule-checks.ts';
import { createLevelRuleReading } from './level-rule-reading.ts';

export type { RulePlace };

/** What a person says of a rule. */
export type RuleInput = Pick<
  LevelRule,
  | 'pool'
  | 'preponderance'
  | 'mustHave'
  | 'boss'
  | 'requirePreviousLevel'
  | 'achievement'
  | 'certify'
  | 'state'
>;

interface Dependencies extends CheckDependencies {
  readonly levelRules: LevelRuleStore;
  readonly levelWaits: Pick<LevelWaitStore, 'removeOfRule'>;
  readonly people: Pick<PersonStore, 'countLearners'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type LevelRuleService = ReturnType<typeof createLevelRuleService>;

export function createLevelRuleService(dependencies: Dependencies) {
  const { levelRules, levelWaits, audit, now } = dependencies;

  return {
    put,
    remove,
    listOn,
    resolve,
    findResolved,
    check,
    ...createLevelRuleReading(dependencies),
  };

  /** Makes or replaces the rule of a level; when it is on, everybody is decided anew, in the background. */
  async function put(actor: Actor, place: RulePlace, input: RuleInput): Promise<LevelRule> {
    const { rule } = await check(actor, place, input);
    const scope = scopeOf(actor);
    const before = await levelRules.findByPlace(scope, place);
    if (before !== undefined && saysTheSame(before, rule)) return before;
    const redecision = rule.state === 'on' ? await startRedecision(dependencies, scope) : undefined;
    const saved = await levelRules.put(redecision === undefined ? rule : { ...rule, redecision });
    if (saved.state === 'draft') await levelWaits.removeOfRule(scope, saved.id);
    await audit.record(actor, {
      action: 'level-rule.saved',
      subject: `level-rule:${saved.id}`,
      details: { framework: saved.framework, ordinal: saved.ordinal, state: saved.state },
    });
    return saved;
  }

  /** The rule as it would be saved, and its pool; refused when it makes no sense. */
  async function check(
    actor: Actor,
    place: RulePlace,
    input: RuleInput,
  ): Promise<{ readonly rule: LevelRule; readonly resolved: ResolvedRule }> {
    assertCan(actor, 'frameworks.manage');
    const scope = scopeOf(actor);
    const before = await levelRules.findByPlace(scope, place);
    const { framework, strand, ordinal } = place;
    const rule: LevelRule = {
      ...input,
      id: before?.id ?? newId(),
      organization: actor.organization,
      framework,
      ...(strand === undefined ? {} : { strand }),
      ordinal,
      createdAt: before?.createdAt ?? now(),
      updatedAt: now(),
    };
    return { rule, resolved: await checkRule(dependencies, scope, rule) };
  }

  /** What was certified by it stays. */
  async function remove(actor: Actor, place: RulePlace): Promise<void> {
    assertCan(actor, 'frameworks.manage');
    const scope = scopeOf(actor);
    const rule = await levelRules.findByPlace(scope, place);
    if (rule === undefined) throw notFound('level_rule');
    const others = await levelRules.list(scope, { frameworks: [rule.framework] });
    if (others.some((one) => one.requirePreviousLevel && isBelow(rule, one, others))) {
      throw conflict(
        'level_rule.needed_above',
        'The next level asks for this one. Change that rule first.',
      );
    }
    await levelRules.remove(scope, rule.id);
    await levelWaits.removeOfRule(scope, rule.id);
    await audit.record(actor, {
      action: 'level-rule.removed',
      subject: `level-rule:${rule.id}`,
      details: { framework: rule.framework, ordinal: rule.ordinal },
    });
  }

  /** The rules that certify, by framework, strand and level. */
  async function listOn(scope: Scope): Promise<readonly LevelRule[]> {
    return (await levelRules.list(scope)).filter(({ state }) => state === 'on');
  }

  /** Rules with their pools looked up, by id of the rule. */
  async function resolve(
    scope: Scope,
    rules: readonly LevelRule[],
  ): Promise<ReadonlyMap<string, ResolvedRule>> {
    return resolveRules(dependencies, scope, rules);
  }

  /** Nothing when it is not on any more. */
  async function findResolved(
    scope: Scope,
    id: string,
  ): Promise<{ readonly rule: LevelRule; readonly resolved: ResolvedRule } | undefined> {
    const rule = await levelRules.find(scope, id);
    if (rule?.state !== 'on') return undefined;
    const resolved = (await resolve(scope, [rule])).get(id);
    return resolved && { rule, resolved };
  }
}

function isBelow(rule: LevelRule, above: LevelRule, all: readonly LevelRule[]): boolean {
  return findRuleBelow(above, all)?.id === rule.id;
}

function saysTheSame(one: LevelRule, other: LevelRule): boolean {
  const { redecision: _redecision, updatedAt: _updatedAt, ...said } = one;
  const { redecision: _other, updatedAt: _then, ...wanted } = other;
  return isDeepStrictEqual(said, wanted);
}
