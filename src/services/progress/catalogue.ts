import type {
  AchievementImage,
  AchievementKind,
  AchievementVersion,
  StandardAlignment,
} from '../../domain/achievements.ts';
import type { Scope } from '../../domain/roles.ts';
import type { Criterion } from '../../domain/rubrics.ts';
import type { AchievementVersionStore } from '../../storage/achievement-versions.ts';
import type { AchievementHead, FrameworkHead, LearningStore } from '../../storage/learning.ts';

/** What progress needs of a version. */
export interface KnownAchievementVersion {
  readonly achievement: string;
  readonly number: number;
  readonly kind: AchievementKind;
  readonly name: string;
  readonly standards: readonly string[];
  readonly alignments: readonly Pick<
    StandardAlignment,
    'standard' | 'code' | 'statement' | 'framework'
  >[];
  readonly rubric: readonly Criterion[];
  readonly image: AchievementImage;
  readonly level?: number;
  readonly levelCount?: number;
}

export interface CatalogueEntry extends AchievementHead {
  readonly current: KnownAchievementVersion;
}

export interface Catalogue {
  readonly frameworks: readonly FrameworkHead[];
  readonly achievements: readonly CatalogueEntry[];
}

type VersionKey = Pick<AchievementHead, 'id' | 'version'>;
export type FindVersion = (id: string, version: number) => KnownAchievementVersion | undefined;

/** Some kilobytes each. */
const maxKept = 10_000;

export type CatalogueService = ReturnType<typeof createCatalogueService>;

/** Frameworks and published achievements. A version never changes, so those that were read are kept. */
export function createCatalogueService({
  learning,
  achievementVersions,
}: {
  learning: Pick<LearningStore, 'listAchievements' | 'listFrameworks'>;
  achievementVersions: Pick<AchievementVersionStore, 'findNewest'>;
}) {
  const kept = new Map<string, KnownAchievementVersion>();

  return { load, loadVersions };

  /** All of the school, or one framework. What was made after `at` is left out. */
  async function load(scope: Scope, at: Date, framework?: string): Promise<Catalogue> {
    const [frameworks, all] = await Promise.all([
      learning.listFrameworks(scope),
      learning.listAchievements(scope, framework),
    ]);
    const then = all.filter(({ createdAt }) => createdAt <= at);
    const findVersion = await loadVersions(scope, then);
    return {
      frameworks: frameworks.filter(({ id }) => framework === undefined || id === framework),
      achievements: then.flatMap((head) => {
        const current = findVersion(head.id, head.version);
        return current === undefined ? [] : [{ ...head, current }];
      }),
    };
  }

  /** One query for all that nobody asked for before, and none when there are none. */
  async function loadVersions(scope: Scope, wanted: readonly VersionKey[]): Promise<FindVersion> {
    const keyOf = (id: string, version: number) => `${scope.organization}/${id}/${version}`;
    const found = new Map<string, KnownAchievementVersion>();
    const missing = new Map<string, VersionKey>();
    for (const { id, version } of wanted) {
      const key = keyOf(id, version);
      const known = kept.get(key);
      if (known === undefined) missing.set(key, { id, version });
      else found.set(key, known);
    }
    if (missing.size > 0) {
      for (const version of await achievementVersions.findNewest(scope, [...missing.values()])) {
        const key = keyOf(version.achievement, version.number);
        const known = toKnown(version);
        found.set(key, known);
        kept.set(key, known);
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= maxKept) break;
        kept.delete(oldest);
      }
    }
    return (id, version) => found.get(keyOf(id, version));
  }
}

function toKnown(version: AchievementVersion): KnownAchievementVersion {
  const { achievement, number, kind, name, standards, alignments, rubric, image } = version;
  const { level, levelCount } = version;
  return {
    achievement,
    number,
    kind,
    name,
    standards,
    alignments: alignments.map(({ standard, code, statement, framework }) => ({
      standard,
      statement,
      framework,
      ...(code === undefined ? {} : { code }),
    })),
    rubric: rubric.map(({ id, name, requiredLevel, levels }) => ({
      id,
      name,
      requiredLevel,
      levels: levels.map((one) => ({ id: one.id, name: one.name })),
    })),
    image,
    ...(level === undefined ? {} : { level }),
    ...(levelCount === undefined ? {} : { levelCount }),
  };
}
