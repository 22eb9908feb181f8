import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import type { LearningStore } from '../../storage/learning.ts';
import type { LevelRuleService } from '../level-rules.ts';
import { createFresh } from './fresh.ts';

type Resolved = ReadonlyMap<string, ResolvedRule>;

export type Ladder = ReturnType<typeof createLadder>;

/** The level rules that are switched on, with their pools looked up. */
export function createLadder({
  levelRules,
  learning,
}: {
  levelRules: Pick<LevelRuleService, 'listOn' | 'resolve'>;
  learning: Pick<LearningStore, 'findStamp' | 'listFrameworks'>;
}) {
  const fresh = createFresh<Resolved>();

  return { load };

  async function load(
    scope: Scope,
    framework?: string,
  ): Promise<{ readonly rules: readonly LevelRule[]; readonly resolved: Resolved }> {
    const [all, stamp, frameworks] = await Promise.all([
      levelRules.listOn(scope),
      learning.findStamp(scope),
      learning.listFrameworks(scope),
    ]);
    const dated = [...all, ...frameworks].map(
      ({ id, updatedAt }) => `${id} ${updatedAt.getTime()}`,
    );
    const resolved = await fresh(scope.organization, [stamp, ...dated].join(), () =>
      levelRules.resolve(scope, all),
    );
    const rules = all.filter((rule) => framework === undefined || rule.framework === framework);
    return { rules, resolved };
  }
}
