import type { AchievementVersion } from '../../domain/achievements.ts';
import { decideLevel, type LevelRule, type ResolvedRule } from '../../domain/level-rules.ts';
import type { Organization } from '../../domain/organizations.ts';
import { scopeOf, type Scope } from '../../domain/roles.ts';
import type { Framework, Level } from '../../domain/standards.ts';
import { defined } from '../../shared/defined.ts';
import { notFound } from '../../shared/errors.ts';
import type { AchievementVersionStore } from '../../storage/achievement-versions.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { CourseStore } from '../../storage/courses.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { GraduateProfileStore } from '../../storage/graduate-profiles.ts';
import type { MentorOfferStore } from '../../storage/mentor-offers.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { StandardStore } from '../../storage/standards.ts';
import type { LevelRuleService } from '../levels/level-rules.ts';

export interface PublicSchoolDependencies {
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly frameworks: Pick<FrameworkStore, 'list'>;
  readonly standards: Pick<StandardStore, 'findMany'>;
  readonly achievements: Pick<AchievementStore, 'findMany' | 'list' | 'listLeveled'>;
  readonly achievementVersions: Pick<AchievementVersionStore, 'findNewest'>;
  readonly levelRules: LevelRuleService;
  readonly courses: Pick<CourseStore, 'list'>;
  readonly mentorOffers: Pick<MentorOfferStore, 'hasAny'>;
  readonly graduateProfiles: Pick<GraduateProfileStore, 'findPublished'>;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A level rule that certifies, as strangers may know it. */
export interface PublishedRule {
  readonly ordinal: number;
  /** The standard at the head of the strand; absent: the whole framework. */
  readonly strand?: string;
  readonly pool: number;
  readonly minShare?: number;
  readonly minCount?: number;
  /** How many of the pool that is as it stands. */
  readonly needed: number;
  readonly mustHave: readonly Named[];
  readonly boss: { readonly achievements: readonly Named[]; readonly require: 'all' | 'any' };
  readonly requirePreviousLevel: boolean;
  readonly certify: LevelRule['certify'];
}

export interface PublishedFramework {
  readonly id: string;
  readonly title: string;
  readonly language?: string;
  readonly levels: readonly Level[];
  readonly rules: readonly PublishedRule[];
}

export interface PublicPolicy {
  readonly school: Organization;
  readonly frameworks: readonly PublishedFramework[];
  /** Whether there are any courses to hand work in for. */
  readonly hasCourses: boolean;
  /** Whether anybody offers to help others. */
  readonly hasMentors: boolean;
}

export type PublicSchoolService = ReturnType<typeof createPublicSchoolService>;

/** What strangers may know of a school: what it teaches for mastery, and by which rules it decides. */
export function createPublicSchoolService(dependencies: PublicSchoolDependencies) {
  const { organizations, achievements, achievementVersions } = dependencies;
  const { courses, mentorOffers, graduateProfiles } = dependencies;

  return { get, hasLearningFramework, listAchievements, getPolicy };

  async function get(id: string): Promise<Organization> {
    const school = await organizations.find(id);
    if (school === undefined) throw notFound('school');
    return school;
  }

  async function hasLearningFramework(id: string): Promise<boolean> {
    return (await graduateProfiles.findPublished(id)) !== undefined;
  }

  /** What can be earned, newest first; what is no cursor is the beginning. */
  async function listAchievements(
    id: string,
    cursor: unknown,
  ): Promise<{ readonly items: readonly AchievementVersion[]; readonly next?: string }> {
    const scope = scopeOf({ organization: id });
    const wanted = { state: 'published' as const };
    const isCursor = typeof cursor === 'string' && /^[0-9a-f-]{36}$/.test(cursor);
    const page = { limit: 100, ...(isCursor ? { cursor } : {}) };
    const { items, ...rest } = await achievements.list(scope, wanted, page);
    const versions = await achievementVersions.findNewest(scope, items);
    const byId = new Map(versions.map((version) => [version.achievement, version]));
    return { ...rest, items: items.flatMap((one) => byId.get(one.id) ?? []) };
  }

  async function getPolicy(id: string): Promise<PublicPolicy> {
    const school = await get(id);
    const scope = scopeOf({ organization: id });
    const [frameworks, active, hasMentors] = await Promise.all([
      listFrameworks(dependencies, scope),
      courses.list(scope, { state: 'active' }, { limit: 1 }),
      mentorOffers.hasAny(scope),
    ]);
    return { school, frameworks, hasCourses: active.items.length > 0, hasMentors };
  }
}

/** Those that something published stands on, or that a rule certifies levels of. */
async function listFrameworks(
  dependencies: PublicSchoolDependencies,
  scope: Scope,
): Promise<readonly PublishedFramework[]> {
  const { frameworks, achievements, levelRules } = dependencies;
  const [{ items }, rules] = await Promise.all([
    frameworks.list(scope, { limit: 200 }),
    levelRules.listOn(scope),
  ]);
  const [candidates, published] = await Promise.all([
    achievements.listLeveled(
      scope,
      items.map(({ id }) => id),
    ),
    publishRules(dependencies, scope, rules),
  ]);
  const used = new Set([
    ...candidates.filter(({ state }) => state === 'published').map(({ framework }) => framework),
    ...rules.map(({ framework }) => framework),
  ]);
  return items
    .filter(({ id }) => used.has(id))
    .map((framework) => present(framework, published))
    .sort((one, other) => one.title.localeCompare(other.title));
}

function present(
  { id, title, language, levels }: Framework,
  rules: readonly (readonly [framework: string, rule: PublishedRule])[],
): PublishedFramework {
  const own = rules.filter(([framework]) => framework === id).map(([, rule]) => rule);
  return { id, title, ...defined({ language }), levels, rules: own };
}

async function publishRules(
  { levelRules, achievements, achievementVersions, standards }: PublicSchoolDependencies,
  scope: Scope,
  rules: readonly LevelRule[],
) {
  const mentioned = rules.flatMap(({ mustHave, boss }) => [...mustHave, ...boss.achievements]);
  const strands = rules.flatMap(({ strand }) => strand ?? []);
  const [resolved, found, heads] = await Promise.all([
    levelRules.resolve(scope, rules),
    achievements.findMany(scope, [...new Set(mentioned)]),
    standards.findMany(scope, [...new Set(strands)]),
  ]);
  const versions = await achievementVersions.findNewest(scope, found);
  const names = new Map(versions.map(({ achievement, name }) => [achievement, name]));
  const titles = new Map(heads.map(({ id, code, statement }) => [id, code ?? statement]));
  return rules.flatMap((rule) => {
    const own = resolved.get(rule.id);
    if (own === undefined) return [];
    return [[rule.framework, presentRule(rule, own, { names, titles })] as const];
  });
}

function presentRule(
  { ordinal, strand, preponderance, mustHave, boss, certify }: LevelRule,
  resolved: ResolvedRule,
  { names, titles }: Readonly<Record<'names' | 'titles', ReadonlyMap<string, string>>>,
): PublishedRule {
  const name = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const found = names.get(id);
      return found === undefined ? [] : [{ id, name: found }];
    });
  const { missing, lacking } = decideLevel(resolved, new Set());
  return {
    ordinal,
    ...defined({ strand: strand === undefined ? undefined : titles.get(strand) }),
    ...preponderance,
    pool: missing.length,
    needed: lacking,
    mustHave: name(mustHave),
    boss: { require: boss.require, achievements: name(boss.achievements) },
    requirePreviousLevel: resolved.previous !== undefined,
    certify,
  };
}
