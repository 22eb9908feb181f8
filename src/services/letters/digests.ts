import type { Digest, DigestMail } from '../../domain/digests.ts';
import type { Person } from '../../domain/people.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { DigestStore } from '../../storage/digests.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';

/** A letter that did not arrive, without what it says. */
export interface UndeliveredLetter {
  readonly reader: Person;
  readonly week: string;
  readonly mail: DigestMail;
}

interface Dependencies {
  readonly digests: Pick<DigestStore, 'list' | 'listFailed'>;
  readonly people: Pick<PersonStore, 'findMany'>;
}

export type DigestService = ReturnType<typeof createDigestService>;

export function createDigestService({ digests, people }: Dependencies) {
  return { list, listUndelivered };

  /** A letter is for the person whom it was written to, and for nobody else. */
  async function list(actor: Actor, person: string, page: PageRequest): Promise<Page<Digest>> {
    if (actor.id !== person) throw notFound('person');
    return digests.list(scopeOf(actor), person, page);
  }

  /** For those who put addresses right. */
  async function listUndelivered(
    actor: Actor,
    page: PageRequest,
  ): Promise<Page<UndeliveredLetter>> {
    assertCan(actor, 'people.manage');
    const scope = scopeOf(actor);
    const { items, ...rest } = await digests.listFailed(scope, page);
    const found = await people.findMany(scope, [...new Set(items.map(({ person }) => person))]);
    const readers = new Map(found.map((reader) => [reader.id, reader] as const));
    const letters = items.flatMap(({ person, week, mail }) => {
      const reader = readers.get(person);
      return reader === undefined || mail === undefined ? [] : [{ reader, week, mail }];
    });
    return { ...rest, items: letters };
  }
}
