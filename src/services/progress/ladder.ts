import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import type { LevelRuleService } from '../level-rules.ts';

export type Ladder = ReturnType<typeof createLadder>;

/** The level rules that are switched on, with their pools looked up. */
export function createLadder({
  levelRules,
}: {
  levelRules: Pick<LevelRuleService, 'listOn' | 'resolve'>;
}) {
  return { load };

  async function load(
    scope: Scope,
    framework?: string,
  ): Promise<{
    readonly rules: readonly LevelRule[];
    readonly resolved: ReadonlyMap<string, ResolvedRule>;
  }> {
    const all = await levelRules.listOn(scope);
    const rules = all.filter((rule) => framework === undefined || rule.framework === framework);
    return { rules, resolved: await levelRules.resolve(scope, rules) };
  }
}
