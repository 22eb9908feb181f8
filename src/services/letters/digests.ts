import type { Digest } from '../../domain/digests.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { DigestStore } from '../../storage/digests.ts';
import type { Page, PageRequest } from '../../storage/document.ts';

export type DigestService = ReturnType<typeof createDigestService>;

export function createDigestService({ digests }: { digests: Pick<DigestStore, 'list'> }) {
  return { list };

  /** A letter is for the person whom it was written to, and for nobody else. */
  async function list(actor: Actor, person: string, page: PageRequest): Promise<Page<Digest>> {
    if (actor.id !== person) throw notFound('person');
    return digests.list(scopeOf(actor), person, page);
  }
}
