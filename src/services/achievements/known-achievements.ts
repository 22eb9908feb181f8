import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Scope } from '../../domain/roles.ts';
import { invalid } from '../../shared/errors.ts';

/** What courses, pathways and credits look up of the achievements that they name. */
export interface VersionLists {
  /** The newest versions of these, of retired ones too; what was never published is left out. */
  listNewest(scope: Scope, ids: readonly string[]): Promise<readonly AchievementVersion[]>;
  /** The versions that new awards are made of. */
  findCurrentMany(
    scope: Scope,
    wanted: { readonly ids: readonly string[]; readonly names: readonly string[] },
  ): Promise<readonly AchievementVersion[]>;
}

/**
 * Looks up achievements that are named from now on.
 * @throws ServiceError `code` when one of them is not published, but for those that were `known` before
 */
export async function assertPublished(
  versions: VersionLists,
  scope: Scope,
  {
    code,
    places,
    known = new Set(),
  }: {
    readonly code: string;
    readonly places: readonly { readonly id: string; readonly path: string }[];
    readonly known?: ReadonlySet<string>;
  },
): Promise<readonly AchievementVersion[]> {
  const ids = [...new Set(places.map(({ id }) => id))];
  const current = await versions.findCurrentMany(scope, { ids, names: [] });
  const found = new Set(current.map(({ achievement }) => achievement));
  const issues = places
    .filter(({ id }) => !found.has(id) && !known.has(id))
    .map(({ path }) => ({ path, message: 'is no published achievement of your school' }));
  if (issues.length === 0) return current;
  throw invalid(code, 'Only published achievements of your school can be named.', issues);
}

/** Names for people; what was never published has none. */
export async function readNames(
  versions: Pick<VersionLists, 'listNewest'>,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await versions.listNewest(scope, [...new Set(ids)]);
  return new Map(found.map(({ achievement, name }) => [achievement, name] as const));
}
