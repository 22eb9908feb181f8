import type { RuleFault } from '../../domain/level-rule-faults.ts';
import type { Pathway } from '../../domain/pathways.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import { findPathwayFaults, namedByPathway } from '../../domain/stack-faults.ts';
import { notFound } from '../../shared/errors.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import { readRetired } from './stack-checks.ts';

/** A pathway as one reader may see it: those who make pathways are told what is wrong with it by now. */
export interface SeenPathway extends Pathway {
  readonly problems?: readonly RuleFault[];
}

interface Dependencies {
  readonly pathways: Pick<PathwayStore, 'find' | 'list'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled'>;
}

/** Who reads which pathways. */
export function createPathwayReading(dependencies: Dependencies) {
  const { pathways } = dependencies;

  return { find, get, list };

  async function get(actor: Actor, id: string): Promise<SeenPathway> {
    assertCan(actor, 'curriculum.read');
    const pathway = await find(actor, id);
    if (pathway.state === 'draft' && !can(actor, 'achievements.manage')) throw notFound('pathway');
    const [seen] = await showTo(actor, [pathway]);
    return seen ?? pathway;
  }

  async function find(actor: Actor, id: string): Promise<Pathway> {
    const pathway = await pathways.find(scopeOf(actor), id);
    if (pathway === undefined) throw notFound('pathway');
    return pathway;
  }

  /** Newest first; who makes no achievements sees those in use. */
  async function list(
    actor: Actor,
    { state }: { readonly state?: Pathway['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<SeenPathway>> {
    assertCan(actor, 'curriculum.read');
    const seen = can(actor, 'achievements.manage') ? state : 'active';
    const found = await pathways.list(scopeOf(actor), { state: seen }, page);
    return { ...found, items: await showTo(actor, found.items) };
  }

  async function showTo(actor: Actor, found: readonly Pathway[]): Promise<readonly SeenPathway[]> {
    if (!can(actor, 'curriculum.manage')) return found;
    const retired = await readRetired(dependencies, scopeOf(actor), found.flatMap(namedByPathway));
    return found.map((one) => ({ ...one, problems: findPathwayFaults(one, retired) }));
  }
}
