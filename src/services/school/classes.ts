import { type Class } from '../../domain/classes.ts';
import { assertCan, scopeOf, type Actor, type Role } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { invalid, notFound, type Issue } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { ClassStore } from '../../storage/classes.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';

export interface NewClass {
  readonly name: string;
  readonly teachers?: readonly string[] | undefined;
  readonly learners?: readonly string[] | undefined;
}

export type ClassService = ReturnType<typeof createClassService>;

export function createClassService({
  classes,
  people,
  audit,
  now,
}: {
  classes: ClassStore;
  people: Pick<PersonStore, 'findMany'>;
  audit: AuditService;
  now: Clock;
}) {
  return { create, get, list, update, remove };

  async function create(actor: Actor, input: NewClass): Promise<Class> {
    assertCan(actor, 'classes.manage');
    const members = await findMembers(people, actor, input);
    const at = now();
    const { organization } = actor;
    const made: Class = {
      id: newId(),
      organization,
      name: input.name,
      teachers: [],
      learners: [],
      ...members,
      createdAt: at,
      updatedAt: at,
    };
    await classes.add(made);
    await tell(actor, 'class.created', made);
    return made;
  }

  async function get(actor: Actor, id: string): Promise<Class> {
    assertCan(actor, 'classes.read');
    const found = await classes.find(scopeOf(actor), id);
    if (found === undefined) throw notFound('class');
    return found;
  }

  /** Newest first: all of the school, or those of a teacher or a learner. */
  async function list(
    actor: Actor,
    filter: { teacher?: string | undefined; learner?: string | undefined },
    page: PageRequest,
  ): Promise<Page<Class>> {
    assertCan(actor, 'classes.read');
    return classes.list(scopeOf(actor), filter, page);
  }

  async function update(
    actor: Actor,
    id: string,
    changes: { readonly [K in keyof NewClass]?: NewClass[K] | undefined },
  ): Promise<Class> {
    assertCan(actor, 'classes.manage');
    const { name } = changes;
    const members = await findMembers(people, actor, changes);
    const changed = await classes.update(scopeOf(actor), id, {
      ...defined({ name }),
      ...members,
      updatedAt: now(),
    });
    if (changed === undefined) throw notFound('class');
    await tell(actor, 'class.changed', changed);
    return changed;
  }

  /** The learners and what they hold stay as they are. */
  async function remove(actor: Actor, id: string): Promise<void> {
    assertCan(actor, 'classes.manage');
    if (!(await classes.remove(scopeOf(actor), id))) throw notFound('class');
    await audit.record(actor, { action: 'class.removed', subject: `class:${id}` });
  }

  async function tell(actor: Actor, action: string, { id, teachers, learners }: Class) {
    const details = { teachers: teachers.length, learners: learners.length };
    await audit.record(actor, { action, subject: `class:${id}`, details });
  }
}

/** Each person once, when every one of them is somebody of the school who can be that. */
async function findMembers(
  people: Pick<PersonStore, 'findMany'>,
  actor: Actor,
  { teachers, learners }: Pick<Partial<NewClass>, 'teachers' | 'learners'>,
): Promise<{ teachers?: readonly string[]; learners?: readonly string[] }> {
  const ids = [...new Set([...(teachers ?? []), ...(learners ?? [])])];
  const found = ids.length === 0 ? [] : await people.findMany(scopeOf(actor), ids);
  const known = new Map(found.map(({ id, roles }) => [id, roles]));
  const check = (place: string, members: readonly string[] = [], roles: readonly Role[]) =>
    members.flatMap((id, index): readonly Issue[] =>
      known.get(id)?.some((role) => roles.includes(role)) === true
        ? []
        : [{ path: `${place}.${index}`, message: `is no ${roles[0]} of your school` }],
    );
  const issues = [
    ...check('teachers', teachers, ['teacher', 'lead', 'admin', 'owner']),
    ...check('learners', learners, ['learner']),
  ];
  if (issues.length > 0) {
    throw invalid(
      'class.wrong_member',
      'Somebody of this list is not at your school, or is not there as that.',
      issues,
    );
  }
  return {
    ...(teachers === undefined ? {} : { teachers: [...new Set(teachers)] }),
    ...(learners === undefined ? {} : { learners: [...new Set(learners)] }),
  };
}
