import { isAwardedByHand, type AchievementVersion } from '../../domain/achievements.ts';
import type { Scope } from '../../domain/roles.ts';
import { submissionLimits, type Submission, type Target } from '../../domain/submissions.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import type { CourseStore } from '../../storage/courses.ts';
import type { AchievementVersions } from '../awards/awards.ts';
import type { BossGate } from '../levels/boss-gate.ts';
import { retired } from '../curriculum/courses.ts';

export interface TargetDependencies {
  readonly courses: Pick<CourseStore, 'find'>;
  readonly versions: AchievementVersions;
  readonly bossGate: Pick<BossGate, 'assertOpen' | 'findClosed'>;
  /** Whether the learner holds this achievement already. */
  readonly hasLiveAward: (scope: Scope, learner: string, achievement: string) => Promise<boolean>;
}

interface Wanted {
  readonly learner: string;
  /** With a course, some of its achievements. */
  readonly achievements?: readonly string[] | undefined;
  readonly course?: string | undefined;
}

/** What the learner may hand in for, each in the version of this moment. */
export async function findTargets(
  dependencies: TargetDependencies,
  scope: Scope,
  { learner, achievements, course }: Wanted,
): Promise<readonly Target[]> {
  if (course === undefined) return checkTargets(dependencies, scope, { learner, achievements });
  const { courses } = dependencies;
  const found = await courses.find(scope, course);
  if (found === undefined) throw notFound('course');
  if (found.state === 'retired') throw retired();
  if (achievements === undefined)
    return listOpen(dependencies, scope, { learner, all: found.achievements });
  const known = new Set(found.achievements);
  const issues = achievements.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ path: `achievements.${index}`, message: 'is no achievement of this course' }],
  );
  if (issues.length > 0) {
    const message = 'With a course, only its achievements can be handed in for.';
    throw invalid('submission.not_in_course', message, issues);
  }
  return checkTargets(dependencies, scope, { learner, achievements });
}

async function checkTargets(
  { versions, bossGate, hasLiveAward }: TargetDependencies,
  scope: Scope,
  { learner, achievements = [] }: Wanted,
): Promise<readonly Target[]> {
  return Promise.all(
    [...new Set(achievements)].map(async (achievement) => {
      const version = await versions.findCurrent(scope, achievement);
      if (version === undefined) throw notFound('achievement');
      if (!isAwardedByHand(version.kind)) {
        throw forbidden(
          'submission.level_by_rule',
          'A level is certified by its rule; nothing can be handed in for it.',
        );
      }
      if (await hasLiveAward(scope, learner, achievement)) {
        throw conflict(
          'submission.already_awarded',
          `${version.name} is earned already; it does not have to be handed in again.`,
        );
      }
      await bossGate.assertOpen(scope, learner, version);
      return toTarget(version);
    }),
  );
}

/** Of a whole course: what is awarded, by people, not held yet, and, of bosses, what is open. */
async function listOpen(
  { versions, bossGate, hasLiveAward }: TargetDependencies,
  scope: Scope,
  { learner, all }: { readonly learner: string; readonly all: readonly string[] },
): Promise<readonly Target[]> {
  const found = await Promise.all(
    all.map(async (achievement) => {
      const version = await versions.findCurrent(scope, achievement);
      const isOpen = version !== undefined && isAwardedByHand(version.kind);
      return isOpen && !(await hasLiveAward(scope, learner, achievement)) ? [version] : [];
    }),
  );
  const wanted = found.flat();
  const bosses = wanted.filter(({ kind }) => kind === 'boss');
  const attempts = bosses.map(({ achievement }) => ({ learner, achievement }));
  const closed = await bossGate.findClosed(scope, attempts);
  const targets = wanted.filter((one) => !closed.has(bosses.indexOf(one))).map(toTarget);
  if (targets.length === 0) {
    throw conflict('submission.course_done', 'Everything of this course is earned already.');
  }
  if (targets.length <= submissionLimits.achievements) return targets;
  throw invalid(
    'submission.course_too_large',
    `This course has more than ${submissionLimits.achievements} achievements: say which of them this is for.`,
    [{ path: 'achievements', message: `must name at most ${submissionLimits.achievements}` }],
  );
}

/** A draft may be older than the end of what it is for. */
export async function assertStillOpen(
  { versions, bossGate }: Pick<TargetDependencies, 'versions' | 'bossGate'>,
  scope: Scope,
  { learner, decisions }: Submission,
): Promise<void> {
  for (const { achievement } of decisions) {
    const version = await versions.findCurrent(scope, achievement);
    if (version === undefined) {
      throw conflict(
        'submission.achievement_retired',
        'An achievement of this draft is retired. Take it out, or start a new submission.',
      );
    }
    await bossGate.assertOpen(scope, learner, version);
  }
}

function toTarget({ achievement, number }: AchievementVersion): Target {
  return { achievement, version: number };
}
