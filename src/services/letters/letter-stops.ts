import { findLetters } from '../../domain/letters/letters.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import { scopeOf } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { LetterLinkStore } from '../../storage/letter-links.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';

/** What whoever has the link is shown: nothing of the reader but their language. */
export interface LetterStop {
  readonly school: Organization;
  /** `en`, `es` or `de`, as the letters were. */
  readonly language: string;
  readonly isStopped: boolean;
}

export type LetterStopService = ReturnType<typeof createLetterStopService>;

/** Stops the weekly letters for whoever has the link from one of them, without an account. */
export function createLetterStopService({
  letterLinks,
  people,
  organizations,
  audit,
}: {
  letterLinks: Pick<LetterLinkStore, 'find'>;
  people: Pick<PersonStore, 'find' | 'update'>;
  organizations: Pick<OrganizationStore, 'find'>;
  audit: Pick<AuditService, 'record'>;
}) {
  return { get, stop };

  async function get(token: string): Promise<LetterStop> {
    return present(await open(token));
  }

  /** Asking again changes nothing. */
  async function stop(token: string): Promise<LetterStop> {
    const { person, school } = await open(token);
    if (person.digest === false) return present({ person, school });
    const { id, organization } = person;
    await people.update(scopeOf(person), id, { digest: false });
    await audit.record(
      { kind: 'person', id, organization },
      { action: 'letters.stopped', subject: `person:${id}` },
    );
    return present({ person: { ...person, digest: false }, school });
  }

  async function open(token: string): Promise<{ person: Person; school: Organization }> {
    const link = await letterLinks.find(token);
    if (link === undefined) throw notFound('letter_link');
    const [person, school] = await Promise.all([
      people.find(scopeOf(link), link.person),
      organizations.find(link.organization),
    ]);
    if (person === undefined || school === undefined) throw notFound('letter_link');
    return { person, school };
  }

  function present({ person, school }: { person: Person; school: Organization }): LetterStop {
    const { language } = findLetters(school, person.language);
    return { school, language, isStopped: person.digest === false };
  }
}
