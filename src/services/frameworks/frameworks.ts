import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import { assertLevelsKept, parseLevels } from '../../domain/standards/levels.ts';
import { parseSearch } from '../../domain/standards/search.ts';
import type { Framework, FrameworkMetadata, Level, Standard } from '../../domain/standards.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { StandardStore } from '../../storage/standards.ts';
import type { AuditService } from '../audit.ts';
import { frameworkIdentifier } from './framework-import-plan.ts';

export type NewFramework = {
  readonly [K in keyof Omit<FrameworkMetadata, 'identifier' | 'uri' | 'title'>]?:
    FrameworkMetadata[K] | undefined;
} & { readonly title: string; readonly levels?: readonly Level[] | undefined };

export interface StandardSearch {
  /** Beginnings of words of the statement, or of the code. */
  readonly q?: string | undefined;
  /** Our id or the CASE identifier of a standard; `root` for those at the top. */
  readonly parent?: string | undefined;
  readonly state?: Standard['state'] | undefined;
}

export type FrameworkService = ReturnType<typeof createFrameworkService>;

export function createFrameworkService({
  frameworks,
  standards,
  audit,
  urls,
  now,
  achievements,
}: {
  frameworks: FrameworkStore;
  standards: StandardStore;
  audit: AuditService;
  urls: Urls;
  now: Clock;
  achievements: Pick<AchievementStore, 'listLevels'>;
}) {
  return { create, get, list, listStandards, getStandard, putLevels };

  /** A framework of the school's own, empty until standards are imported into it. */
  async function create(
    actor: Actor,
    { levels, title, ...input }: NewFramework,
  ): Promise<Framework> {
    assertCan(actor, 'frameworks.manage');
    const { organization } = actor;
    const identifier = frameworkIdentifier(organization, title);
    const at = now();
    const framework: Framework = {
      id: newId(),
      organization,
      identifier,
      uri: urls.caseDocument(identifier),
      title,
      ...defined(input),
      levels: parseLevels(levels ?? []),
      imports: 0,
      createdAt: at,
      updatedAt: at,
    };
    await frameworks.add(framework);
    await audit.record(actor, {
      action: 'framework.created',
      subject: `framework:${framework.id}`,
    });
    return framework;
  }

  async function get(actor: Actor, id: string): Promise<Framework> {
    assertCan(actor, 'frameworks.read');
    const framework = await frameworks.find(scopeOf(actor), id);
    if (framework === undefined) throw notFound('framework');
    return framework;
  }

  async function list(actor: Actor, page: PageRequest): Promise<Page<Framework>> {
    assertCan(actor, 'frameworks.read');
    return frameworks.list(scopeOf(actor), page);
  }

  /** In reading order. */
  async function listStandards(
    actor: Actor,
    id: string,
    { q, parent, state, ...page }: StandardSearch & PageRequest,
  ): Promise<Page<Standard>> {
    const framework = await get(actor, id);
    const terms = q === undefined ? undefined : parseSearch(q);
    // A question of nothing but punctuation finds nothing, rather than everything.
    if (terms?.length === 0) return { items: [] };
    const under = await findParent(actor, framework.id, parent);
    return standards.list(scopeOf(actor), { framework: id, terms, parent: under, state }, page);
  }

  async function findParent(actor: Actor, framework: string, parent: string | undefined) {
    if (parent === undefined) return undefined;
    if (parent === 'root') return null;
    const scope = scopeOf(actor);
    const found =
      (await standards.findByIdentifier(scope, framework, parent)) ??
      (await standards.find(scope, parent));
    if (found?.framework !== framework) throw notFound('standard');
    return found.identifier;
  }

  async function getStandard(actor: Actor, id: string): Promise<Standard> {
    assertCan(actor, 'frameworks.read');
    const standard = await standards.find(scopeOf(actor), id);
    if (standard === undefined) throw notFound('standard');
    await get(actor, standard.framework);
    return standard;
  }

  /** Replaces the levels as a whole; one that is in use stays. */
  async function putLevels(actor: Actor, id: string, levels: readonly Level[]): Promise<Framework> {
    assertCan(actor, 'frameworks.manage');
    const before = await get(actor, id);
    const scope = scopeOf(actor);
    const next = parseLevels(levels);
    assertLevelsKept(next, await achievements.listLevels(scope, id));
    const framework = await frameworks.putLevels(scope, id, { levels: next, at: now() });
    if (framework === undefined) throw notFound('framework');
    await audit.record(actor, {
      action: 'framework.levels-changed',
      subject: `framework:${id}`,
      details: { before: before.levels.length, after: next.length },
    });
    return framework;
  }
}
