import type { Person } from '../../domain/people.ts';
import {
  assertCan,
  canGrant,
  maySeePerson,
  scopeOf,
  type Actor,
  type Role,
} from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { forbidden, gone, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { ErasureStore } from '../../storage/erasures.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';

export interface NewPerson {
  readonly name: string;
  readonly email?: string | undefined;
  readonly roles: readonly Role[];
  readonly sourcedId?: string | undefined;
  readonly guardianOf?: readonly string[] | undefined;
  readonly adult?: boolean | undefined;
  readonly language?: string | undefined;
  readonly digest?: boolean | undefined;
}

export type PersonChanges = { readonly [K in keyof NewPerson]?: NewPerson[K] | undefined };

export type PersonService = ReturnType<typeof createPersonService>;

export function createPersonService({
  people,
  erasures,
  audit,
  now,
}: {
  people: PersonStore;
  erasures: Pick<ErasureStore, 'find'>;
  audit: AuditService;
  now: Clock;
}) {
  return { add, update, get, list };

  async function add(actor: Actor, input: NewPerson): Promise<Person> {
    assertCan(actor, 'people.manage');
    await assertAllowed(actor, input);
    const { email, sourcedId, language, digest } = input;
    const person: Person = {
      id: newId(),
      organization: actor.organization,
      name: input.name,
      ...(email === undefined ? {} : { email: email.toLowerCase() }),
      roles: input.roles,
      ...(sourcedId === undefined ? {} : { sourcedId }),
      guardianOf: input.guardianOf ?? [],
      adult: input.adult ?? false,
      ...(language === undefined ? {} : { language }),
      ...(digest === undefined ? {} : { digest }),
      createdAt: now(),
    };
    await people.add(person);
    await audit.record(actor, { action: 'person.added', subject: `person:${person.id}` });
    return person;
  }

  async function update(actor: Actor, id: string, changes: PersonChanges): Promise<Person> {
    assertCan(actor, 'people.manage');
    const before = await get(actor, id);
    if (!canGrant(actor, before.roles)) throw ownersOnly();
    await assertAllowed(actor, changes);
    const { email, ...rest } = changes;
    const person = await people.update(scopeOf(actor), id, {
      ...defined(rest),
      ...(email === undefined ? {} : { email: email.toLowerCase() }),
    });
    if (person === undefined) throw notFound('person');
    const rolesChanged =
      changes.roles !== undefined && changes.roles.join() !== before.roles.join();
    const action = rolesChanged ? 'person.roles-changed' : 'person.changed';
    const fields = Object.keys(defined(changes)).join(' ');
    const details = rolesChanged ? { fields, roles: person.roles.join(' ') } : { fields };
    await audit.record(actor, { action, subject: `person:${id}`, details });
    return person;
  }

  async function assertAllowed(actor: Actor, input: PersonChanges): Promise<void> {
    if (input.roles !== undefined && !canGrant(actor, input.roles)) throw ownersOnly();
    const learners = [...new Set(input.guardianOf ?? [])];
    const found = await people.findMany(scopeOf(actor), learners);
    if (found.filter((person) => person.roles.includes('learner')).length < learners.length) {
      throw invalid(
        'person.not_a_learner',
        'A guardian can only be linked to learners of your school.',
      );
    }
  }

  /** Staff see everybody of their school; others themselves, and guardians their learners. */
  async function get(actor: Actor, id: string): Promise<Person> {
    const [person, self] = await Promise.all([
      people.find(scopeOf(actor), id),
      people.find(scopeOf(actor), actor.id),
    ]);
    const visible = maySeePerson(actor, id, self?.guardianOf);
    if (person !== undefined && visible) return person;
    const isErased = visible && (await erasures.find(scopeOf(actor), id)) !== undefined;
    throw isErased ? gone('person.erased', 'This person was erased.') : notFound('person');
  }

  async function list(actor: Actor, page: PageRequest): Promise<Page<Person>> {
    assertCan(actor, 'people.read');
    return people.list(scopeOf(actor), page);
  }
}

function ownersOnly() {
  return forbidden('person.owners_only', 'Only an owner can make or change an owner.');
}
