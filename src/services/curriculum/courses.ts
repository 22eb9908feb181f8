import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Course } from '../../domain/courses.ts';
import { findRepeats } from '../../domain/requirements.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { CourseStore } from '../../storage/courses.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { AuditService } from '../audit.ts';
import { assertPublished, type VersionLists } from '../achievements/known-achievements.ts';

export interface NewCourse {
  readonly name: string;
  readonly description: string;
  readonly achievements: readonly string[];
}

export type CourseChanges = { readonly [K in keyof NewCourse]?: NewCourse[K] | undefined };

/** A course with its achievements under the frameworks that they belong to. */
export interface CourseView extends Course {
  readonly groups: readonly {
    /** Absent: what belongs to none, such as credits. */
    readonly framework?: { readonly id: string; readonly title: string };
    readonly achievements: readonly AchievementVersion[];
  }[];
}

interface Dependencies {
  readonly courses: CourseStore;
  readonly versions: VersionLists;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type CourseService = ReturnType<typeof createCourseService>;

export function createCourseService(dependencies: Dependencies) {
  const { courses, versions, audit, now } = dependencies;

  return { create, update, retire, get, list };

  async function create(actor: Actor, input: NewCourse): Promise<Course> {
    assertCan(actor, 'curriculum.manage');
    await assertKnown(actor, input.achievements);
    const at = now();
    const names = { id: newId(), organization: actor.organization };
    const course: Course = { ...names, ...input, state: 'active', createdAt: at, updatedAt: at };
    await courses.add(course);
    await audit.record(actor, { action: 'course.created', subject: `course:${course.id}` });
    return course;
  }

  async function update(actor: Actor, id: string, changes: CourseChanges): Promise<Course> {
    assertCan(actor, 'curriculum.manage');
    const before = await find(actor, id);
    assertActive(before);
    const { achievements } = changes;
    if (achievements !== undefined) await assertKnown(actor, achievements, before.achievements);
    const given = defined(changes);
    const course = await courses.update(scopeOf(actor), id, { ...given, updatedAt: now() });
    if (course === undefined) throw retired();
    const details = { fields: Object.keys(given).join(' ') };
    await audit.record(actor, { action: 'course.changed', subject: `course:${id}`, details });
    return course;
  }

  /** Nothing is handed in for it any more. Safe to repeat. */
  async function retire(actor: Actor, id: string): Promise<Course> {
    assertCan(actor, 'curriculum.manage');
    const changes = { state: 'retired', updatedAt: now() } as const;
    const course = (await courses.update(scopeOf(actor), id, changes)) ?? (await find(actor, id));
    const key = `course.retired:${id}`;
    await audit.record(actor, { action: 'course.retired', subject: `course:${id}`, key });
    return course;
  }

  async function get(actor: Actor, id: string): Promise<CourseView> {
    assertCan(actor, 'curriculum.read');
    const course = await find(actor, id);
    const found = await versions.listNewest(scopeOf(actor), course.achievements);
    return { ...course, groups: groupByFramework(course, found) };
  }

  async function find(actor: Actor, id: string): Promise<Course> {
    const course = await courses.find(scopeOf(actor), id);
    if (course === undefined) throw notFound('course');
    return course;
  }

  /** Newest first; who does not make courses sees those in use. */
  async function list(
    actor: Actor,
    { state }: { readonly state?: Course['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<Course>> {
    assertCan(actor, 'curriculum.read');
    const seen = can(actor, 'curriculum.manage') ? state : (state ?? 'active');
    return courses.list(scopeOf(actor), { state: seen }, page);
  }

  /** What is in the course already may stay, retired or not. */
  async function assertKnown(
    actor: Actor,
    ids: readonly string[],
    before: readonly string[] = [],
  ): Promise<void> {
    const repeats = findRepeats('achievements', ids);
    if (repeats.length > 0) {
      throw invalid('course.repeats', 'A course names each achievement once.', repeats);
    }
    const known = new Set(before);
    await assertPublished(versions, scopeOf(actor), {
      code: 'course.unknown_achievement',
      places: ids.map((id, index) => ({ id, path: `achievements.${index}` })),
      known,
    });
  }
}

function assertActive({ state }: Course): void {
  if (state === 'retired') throw retired();
}

export function retired() {
  return conflict('course.retired', 'This course is retired.');
}

/** In the order of the course: each framework where its first achievement stands. */
function groupByFramework(
  { achievements }: Course,
  found: readonly AchievementVersion[],
): CourseView['groups'] {
  const byId = new Map(found.map((version) => [version.achievement, version] as const));
  const groups = new Map<string | undefined, AchievementVersion[]>();
  for (const id of achievements) {
    const version = byId.get(id);
    if (version === undefined) continue;
    const framework = version.alignments[0]?.framework.id;
    const group = groups.get(framework);
    if (group === undefined) groups.set(framework, [version]);
    else group.push(version);
  }
  return [...groups.values()].map((members) => {
    const framework = members[0]?.alignments[0]?.framework;
    return { ...(framework && { framework }), achievements: members };
  });
}
