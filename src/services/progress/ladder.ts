import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import { resolveRules, type PoolDependencies } from '../levels/level-pools.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';

type Leveled = PoolDependencies['achievements'];

export type Ladder = ReturnType<typeof createLadder>;

/** The level rules that are switched on, with their pools looked up. */
export function createLadder({ levelRules, achievements, standards }: PoolDependencies) {
  return { load };

  /** Pools are looked up among what is known; only what it lacks is read. */
  async function load(
    scope: Scope,
    known: Promise<Catalogue>,
    framework?: string,
  ): Promise<{
    readonly rules: readonly LevelRule[];
    readonly resolved: ReadonlyMap<string, ResolvedRule>;
  }> {
    const [all, catalogue] = await Promise.all([levelRules.list(scope), known]);
    const rules = all.filter(
      (rule) => rule.state === 'on' && (framework === undefined || rule.framework === framework),
    );
    const sources = {
      levelRules: { list: () => Promise.resolve(all) },
      achievements: among(catalogue.achievements, achievements),
      standards,
    };
    return { rules, resolved: await resolveRules(sources, scope, rules) };
  }
}

/** Answers from a catalogue that has at least the frameworks that are asked for. */
function among(entries: readonly CatalogueEntry[], stored: Leveled): Leveled {
  const known = new Map(
    entries.map(({ id, state, version, listed, current: { name, standards } }) => [
      id,
      { ...listed, id, state, version, name, standards },
    ]),
  );
  return {
    async findLeveled(scope, ids) {
      const missing = ids.filter((id) => !known.has(id));
      const rest = missing.length === 0 ? [] : await stored.findLeveled(scope, missing);
      return [...ids.flatMap((id) => known.get(id) ?? []), ...rest];
    },
    listLeveled: (_, frameworks) =>
      Promise.resolve(
        [...known.values()].filter((one) => frameworks.includes(one.framework ?? '')),
      ),
  };
}
