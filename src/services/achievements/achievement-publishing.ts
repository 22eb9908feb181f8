import { isDeepStrictEqual } from 'node:util';
import type {
  Achievement,
  AchievementContent,
  AchievementVersion,
} from '../../domain/achievements.ts';
import {
  buildVersion,
  findFramework,
  findPublishIssues,
  type KnownStandards,
} from '../../domain/publishing.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, notFound, ServiceError } from '../../shared/errors.ts';
import { newRandomId } from '../../shared/ids.ts';
import type { AchievementVersionStore } from '../../storage/achievement-versions.ts';
import type { AchievementStore, Listed } from '../../storage/achievements.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { StandardStore } from '../../storage/standards.ts';
import type { AuditService } from '../audit.ts';

/** Where an achievement's standards are looked up. */
export interface StandardSource {
  readonly standards: Pick<StandardStore, 'findMany'>;
  readonly frameworks: Pick<FrameworkStore, 'find'>;
}

interface Dependencies extends StandardSource {
  readonly achievements: AchievementStore;
  readonly achievementVersions: AchievementVersionStore;
  readonly audit: AuditService;
  readonly now: Clock;
}

export async function lookUp(
  { standards, frameworks }: StandardSource,
  scope: Scope,
  ids: readonly string[],
): Promise<KnownStandards> {
  const found = await standards.findMany(scope, [...new Set(ids)]);
  const homes = [...new Set(found.map(({ framework }) => framework))];
  const known = await Promise.all(homes.map((id) => frameworks.find(scope, id)));
  return { standards: found, frameworks: known.filter((framework) => framework !== undefined) };
}

export function assertOpen({ state }: Achievement): void {
  if (state !== 'retired') return;
  throw conflict('achievement.retired', 'This achievement is retired and cannot be changed.');
}

/** How often somebody else may publish or change the draft between our steps. */
const maxRounds = 5;

/**
 * Makes the draft the newest version. Each round does the one step that is missing (insert the version, then point
 * at it) until the newest version says what the draft says; so a publication that was cut short is completed by the
 * next one, and publishing twice makes one version.
 */
export async function publishDraft(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
): Promise<Achievement> {
  assertCan(actor, 'achievements.manage');
  const scope = scopeOf(actor);
  for (let round = 0; round < maxRounds; round += 1) {
    const { achievement, known, previous } = await readDraft(dependencies, scope, id);
    const next = buildVersion(achievement, known, {
      previous,
      publishedAt: dependencies.now(),
      makeId: newRandomId,
    });
    if (previous !== undefined && saysTheSame(previous, next)) {
      await recordPublished(dependencies, actor, previous);
      return achievement;
    }
    await advance(dependencies, scope, next);
  }
  throw conflict(
    'achievement.changed_meanwhile',
    'Somebody else is changing this achievement. Please try again.',
  );
}

async function readDraft(dependencies: Dependencies, scope: Scope, id: string) {
  const achievement = await dependencies.achievements.find(scope, id);
  if (achievement === undefined) throw notFound('achievement');
  assertOpen(achievement);
  const known = await lookUp(dependencies, scope, achievement.draft.standards);
  const issues = findPublishIssues(achievement.draft, known);
  if (issues.length > 0) {
    throw new ServiceError(
      'unprocessable',
      'achievement.not_ready',
      'This achievement is not ready to be published yet.',
      { issues },
    );
  }
  const previous = await dependencies.achievementVersions.find(scope, id, achievement.version);
  return { achievement, known, previous };
}

/** The unique number is the referee: a version of it that is there already is the one that counts. */
async function advance(
  { achievements, achievementVersions, standards, frameworks, now }: Dependencies,
  scope: Scope,
  next: AchievementVersion,
): Promise<void> {
  const added = await achievementVersions.add(next);
  const made = added ? next : await achievementVersions.find(scope, next.achievement, next.number);
  if (made === undefined) throw notFound('achievement_version');
  const known = await lookUp({ standards, frameworks }, scope, made.standards);
  await achievements.setVersion(scope, made.achievement, {
    number: made.number,
    listed: buildListed(made, known),
    updatedAt: now(),
  });
}

function saysTheSame(one: AchievementVersion, other: AchievementVersion): boolean {
  const { number, publishedAt } = one;
  return isDeepStrictEqual(one, { ...other, number, publishedAt });
}

async function recordPublished(
  { audit }: Dependencies,
  actor: Actor,
  { achievement, number }: AchievementVersion,
): Promise<void> {
  await audit.record(actor, {
    action: 'achievement.published',
    subject: `achievement:${achievement}`,
    details: { version: number },
    key: `achievement.published:${achievement}/${number}`,
  });
}

/** What lists select by. */
export function buildListed(
  content: Pick<AchievementContent, 'kind' | 'level' | 'standards'>,
  known: KnownStandards,
): Listed {
  const framework = findFramework(content, known)?.id;
  return {
    kind: content.kind,
    standards: content.standards,
    ...(framework === undefined ? {} : { framework }),
    ...(content.level === undefined ? {} : { level: content.level }),
  };
}
