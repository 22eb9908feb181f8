import type { LevelRule } from '../../domain/level-rules.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { LevelRuleStore, RulePlace } from '../../storage/level-rules.ts';
import {
  checkAllRules,
  checkRules,
  isUnreachable,
  type CheckDependencies,
  type CheckedRule,
} from './level-rule-checks.ts';

/** A rule as one reader may see it: those who make rules are told what is wrong with it by now. */
export interface SeenRule extends LevelRule {
  readonly problems?: CheckedRule['problems'];
}

interface Dependencies extends CheckDependencies {
  readonly levelRules: Pick<LevelRuleStore, 'findByPlace' | 'list'>;
}

/** Who reads which rules, and what is wrong with them by now. */
export function createLevelRuleReading(dependencies: Dependencies) {
  const { levelRules } = dependencies;

  return { get, see, list, listUnreachable };

  async function get(actor: Actor, place: RulePlace): Promise<LevelRule> {
    assertCan(actor, 'frameworks.read');
    const rule = await levelRules.findByPlace(scopeOf(actor), place);
    if (rule === undefined || !maySee(actor, rule)) throw notFound('level_rule');
    return rule;
  }

  async function see(actor: Actor, place: RulePlace): Promise<SeenRule> {
    const rule = await get(actor, place);
    const [seen] = await showTo(actor, place.framework, [rule]);
    return seen ?? rule;
  }

  async function showTo(
    actor: Actor,
    framework: string,
    rules: readonly LevelRule[],
  ): Promise<readonly SeenRule[]> {
    if (!can(actor, 'frameworks.manage')) return rules;
    const checked = await checkRules(dependencies, scopeOf(actor), framework, rules);
    return checked.map(({ rule, problems }) => ({ ...rule, problems }));
  }

  /** Of all frameworks: what was right when it was saved, and cannot be reached any more. */
  async function listUnreachable(actor: Actor): Promise<readonly CheckedRule[]> {
    assertCan(actor, 'frameworks.manage');
    return (await checkAllRules(dependencies, scopeOf(actor))).filter(isUnreachable);
  }

  /** Those of a framework, by strand and level. What is being drafted is shown to those who draft. */
  async function list(actor: Actor, framework: string): Promise<readonly SeenRule[]> {
    assertCan(actor, 'frameworks.read');
    const scope = scopeOf(actor);
    if ((await dependencies.frameworks.find(scope, framework)) === undefined) {
      throw notFound('framework');
    }
    const rules = await levelRules.list(scope, { frameworks: [framework] });
    return showTo(
      actor,
      framework,
      rules.filter((rule) => maySee(actor, rule)),
    );
  }
}

function maySee(actor: Actor, { state }: LevelRule): boolean {
  return state === 'on' || can(actor, 'frameworks.manage');
}
