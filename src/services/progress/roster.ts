import type { Person } from '../../domain/people.ts';
import type { Scope } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { ClassStore } from '../../storage/classes.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';

/** Learners, page by page; a cursor is the last learner of the page before. */
export interface Roster {
  page(request: PageRequest): Promise<Page<Person>>;
}

export interface RosterDependencies {
  readonly people: Pick<PersonStore, 'findMany' | 'listByRole'>;
  readonly classes: Pick<ClassStore, 'find'>;
}

/** The learners of a class by name, or all of the school in the order in which they came. */
export function createRoster({ people, classes }: RosterDependencies) {
  return { open };

  async function open(scope: Scope, id: string | undefined): Promise<Roster> {
    if (id === undefined) return { page: (request) => pageOfSchool(scope, request) };
    const found = await classes.find(scope, id);
    if (found === undefined) throw notFound('class');
    const byName = new Intl.Collator('en', { numeric: true });
    const members = [...(await people.findMany(scope, found.learners))].sort(
      (a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
    );
    return { page: (request) => Promise.resolve(pageOf(members, request)) };
  }

  async function pageOfSchool(scope: Scope, { limit, cursor }: PageRequest): Promise<Page<Person>> {
    const found = await people.listByRole(scope, 'learner', { limit: limit + 1, after: cursor });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, next: last.id } : { items };
  }
}

function pageOf(members: readonly Person[], { limit, cursor }: PageRequest): Page<Person> {
  const start = cursor === undefined ? 0 : members.findIndex(({ id }) => id === cursor) + 1;
  const items = members.slice(start, start + limit);
  const last = items.at(-1);
  const isMore = start + limit < members.length;
  return isMore && last !== undefined ? { items, next: last.id } : { items };
}
