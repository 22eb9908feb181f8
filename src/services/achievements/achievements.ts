import type {
  Achievement,
  AchievementContent,
  AchievementVersion,
} from '../../domain/achievements.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { notFound } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { AchievementVersionStore } from '../../storage/achievement-versions.ts';
import type { AchievementFilter, AchievementStore } from '../../storage/achievements.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import {
  createDraft,
  updateDraft,
  type AchievementChanges,
  type NewAchievement,
} from './achievement-drafts.ts';
import type { AchievementImageService } from './achievement-images.ts';
import { publishDraft, type StandardSource } from './achievement-publishing.ts';
import type { AuditService } from '../audit.ts';
import {
  listUnreachable,
  type CheckedStack,
  type StackCheckDependencies,
} from '../curriculum/stack-checks.ts';
import type { LevelRetirements } from '../levels/level-retirements.ts';
import type { CheckedRule } from '../levels/level-rule-checks.ts';

/** An achievement as one reader may see it: the draft for those who write it, else the newest version. */
export interface SeenAchievement extends Omit<Achievement, 'draft'> {
  readonly content: AchievementContent;
}

/** A version as anybody may see it, and whether it is still the one that is awarded. */
export interface PublishedAchievement {
  readonly version: AchievementVersion;
  readonly newest: number;
  readonly state: 'published' | 'retired';
}

export interface RetiredAchievement {
  readonly achievement: Achievement;
  /** Level rules that ask for it, and are without a way to reach them by now. */
  readonly unreachable: readonly CheckedRule[];
  /** The same of credits and pathways. */
  readonly unreachableCredits: readonly CheckedStack[];
}

export interface AchievementDependencies extends StandardSource, StackCheckDependencies {
  readonly levelRetirements: Pick<LevelRetirements, 'settle'>;
  readonly achievements: AchievementStore;
  readonly achievementVersions: AchievementVersionStore;
  readonly images: AchievementImageService;
  readonly audit: AuditService;
  readonly fault: Fault;
  readonly now: Clock;
}

interface Wanted {
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

export type AchievementService = ReturnType<typeof createAchievementService>;

export function createAchievementService(dependencies: AchievementDependencies) {
  const { achievements, achievementVersions, levelRetirements, audit, fault, now } = dependencies;

  return {
    create: (actor: Actor, input: NewAchievement, id?: string) =>
      createDraft(dependencies, actor, input, id),
    update: (actor: Actor, id: string, changes: AchievementChanges) =>
      updateDraft(dependencies, actor, id, changes),
    publish: (actor: Actor, id: string) => publishDraft(dependencies, actor, id),
    retire,
    get,
    list,
    getVersion,
    findCurrent,
    findCurrentMany: (scope: Scope, wanted: Wanted) => findCurrentMany(dependencies, scope, wanted),
    listNewest: (scope: Scope, ids: readonly string[]) => listNewest(dependencies, scope, ids),
    findVersion,
    findPublished,
  };

  /** Ends new awards; what was awarded stays. Says which levels nobody can reach without it. Safe to repeat. */
  async function retire(actor: Actor, id: string): Promise<RetiredAchievement> {
    assertCan(actor, 'achievements.manage');
    const scope = scopeOf(actor);
    const achievement =
      (await achievements.retire(scope, id, now())) ?? (await achievements.find(scope, id));
    if (achievement === undefined) throw notFound('achievement');
    fault('achievement.retired');
    const name = `achievement:${id}`;
    await audit.record(actor, {
      action: 'achievement.retired',
      subject: name,
      key: `achievement.retired:${id}`,
    });
    return {
      achievement,
      unreachable: await levelRetirements.settle(scope, id),
      unreachableCredits: await listUnreachable(dependencies, scope, id),
    };
  }

  async function get(actor: Actor, id: string): Promise<SeenAchievement> {
    assertCan(actor, 'achievements.read');
    const achievement = await achievements.find(scopeOf(actor), id);
    const [seen] =
      achievement === undefined ? [] : await showTo(dependencies, actor, [achievement]);
    if (seen === undefined) throw notFound('achievement');
    return seen;
  }

  /** Newest first. Those who do not write achievements are shown what is, or was, published. */
  async function list(
    actor: Actor,
    filter: Omit<AchievementFilter, 'everPublished'>,
    page: PageRequest,
  ): Promise<Page<SeenAchievement>> {
    assertCan(actor, 'achievements.read');
    const writes = can(actor, 'achievements.manage');
    const allowed = writes
      ? filter
      : { state: 'published' as const, ...filter, everPublished: true };
    const { items, ...rest } = await achievements.list(scopeOf(actor), allowed, page);
    return { ...rest, items: await showTo(dependencies, actor, items) };
  }

  async function getVersion(actor: Actor, id: string, number: number): Promise<AchievementVersion> {
    assertCan(actor, 'achievements.read');
    const scope = scopeOf(actor);
    const [achievement, version] = await Promise.all([
      achievements.find(scope, id),
      findVersion(scope, id, number),
    ]);
    if (achievement === undefined || version === undefined || number > achievement.version) {
      throw notFound('achievement_version');
    }
    return version;
  }

  /** The version that new awards are made of: the newest, unless the achievement is retired. */
  async function findCurrent(scope: Scope, id: string): Promise<AchievementVersion | undefined> {
    const achievement = await achievements.find(scope, id);
    return achievement?.state === 'published'
      ? findVersion(scope, id, achievement.version)
      : undefined;
  }

  async function findVersion(
    scope: Scope,
    id: string,
    number: number,
  ): Promise<AchievementVersion | undefined> {
    return achievementVersions.find(scope, id, number);
  }

  /** For public addresses: a published version, the newest when none is named. */
  async function findPublished(
    id: string,
    number?: number,
  ): Promise<PublishedAchievement | undefined> {
    const achievement = await achievements.findPublic(id);
    // A number beyond the newest is a publication that was never finished.
    if (achievement === undefined || (number ?? 1) > achievement.version) return undefined;
    const version = await achievementVersions.findPublic(id, number ?? achievement.version);
    const state = achievement.state === 'retired' ? 'retired' : 'published';
    return version === undefined ? undefined : { version, newest: achievement.version, state };
  }
}

async function showTo(
  { achievementVersions }: Pick<AchievementDependencies, 'achievementVersions'>,
  actor: Actor,
  found: readonly Achievement[],
): Promise<readonly SeenAchievement[]> {
  if (can(actor, 'achievements.manage')) {
    return found.map(({ draft, ...achievement }) => ({ ...achievement, content: draft }));
  }
  const versions = await achievementVersions.findNewest(scopeOf(actor), found);
  return found.flatMap(({ draft: _draft, ...achievement }) => {
    const content = versions.find((version) => version.achievement === achievement.id);
    return content === undefined ? [] : [{ ...achievement, content }];
  });
}

/** The versions that new awards are made of, of many at once, by id or by name; a name may be that of several. */
async function findCurrentMany(
  { achievements, achievementVersions }: AchievementDependencies,
  scope: Scope,
  { ids, names }: Wanted,
): Promise<readonly AchievementVersion[]> {
  const named = await achievementVersions.findByNames(scope, names);
  const wanted = new Set([...ids, ...named.map(({ achievement }) => achievement)]);
  const found = await achievements.findMany(scope, [...wanted]);
  const current = new Map(
    found.filter(({ state }) => state === 'published').map((one) => [one.id, one] as const),
  );
  const byId = ids.flatMap((id) => current.get(id) ?? []);
  return [
    ...(await achievementVersions.findNewest(scope, byId)),
    ...named.filter(({ achievement, number }) => current.get(achievement)?.version === number),
  ];
}

/** The newest versions of these, of retired ones too; what was never published is left out. */
async function listNewest(
  { achievements, achievementVersions }: AchievementDependencies,
  scope: Scope,
  ids: readonly string[],
): Promise<readonly AchievementVersion[]> {
  return achievementVersions.findNewest(scope, await achievements.findMany(scope, ids));
}
