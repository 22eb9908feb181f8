import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Art } from '../../domain/art.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { reencodeUpload } from '../../images/upload.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { ArtStore } from '../../storage/art.ts';
import type { BlobStore } from '../../storage/blobs.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import type { StagedFile } from '../submissions/files.ts';
import type { VersionLists } from '../achievements/known-achievements.ts';
import { getLearner } from '../school/learner-visibility.ts';

interface Dependencies {
  readonly art: ArtStore;
  readonly blobs: Pick<BlobStore, 'stage' | 'keep' | 'discard' | 'read' | 'remove'>;
  readonly people: Pick<PersonStore, 'findMany'>;
  readonly versions: Pick<VersionLists, 'listNewest'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type ArtService = ReturnType<typeof createArtService>;

/** Pictures that learners draw for their own chart: drawn anew from the upload, and shown once somebody approved them. */
export function createArtService(dependencies: Dependencies) {
  const { art, blobs, versions, audit, now } = dependencies;

  return { put, listWaiting, listOf, approve, decline, ...createArtReading(dependencies) };

  /** Takes the place of what waits for the same achievement; what was approved stays until this one is. */
  async function put(
    actor: Actor,
    { learner, achievement }: { readonly learner: string; readonly achievement: string },
    { blob: upload }: Pick<StagedFile, 'blob'>,
  ): Promise<Art> {
    try {
      await assertMayDraw(actor, learner, achievement);
      const { bytes, ...size } = await reencodeUpload(await readFile(upload.path));
      const blob = await blobs.stage(Readable.from([bytes]), Infinity);
      await blobs.keep(blob);
      const scope = scopeOf(actor);
      const names = { id: newId(), ...scope, learner, achievement, blob: blob.id };
      const drawn: Art = { ...names, ...size, state: 'waiting', createdAt: now() };
      const before = await art.listOf(scope, learner, achievement);
      await art.add(drawn).catch(async (error: unknown) => {
        await blobs.remove(blob.id);
        throw error;
      });
      await forget(
        scope,
        before.filter(({ state }) => state !== 'approved'),
      );
      return drawn;
    } finally {
      await blobs.discard(upload);
    }
  }

  async function assertMayDraw(actor: Actor, learner: string, achievement: string): Promise<void> {
    await getLearner(dependencies, actor, learner);
    assertCan(actor, 'art.draw');
    if (actor.id !== learner) {
      throw forbidden('art.not_yours', 'Only the learner draws pictures for their own chart.');
    }
    const [found] = await versions.listNewest(scopeOf(actor), [achievement]);
    if (found === undefined) throw notFound('achievement');
  }

  /** The bytes before the record that says where they are. */
  async function forget(scope: Scope, drawn: readonly Art[]): Promise<void> {
    if (drawn.length === 0) return;
    for (const { blob } of drawn) if (blob !== undefined) await blobs.remove(blob);
    await art.remove(
      scope,
      drawn.map(({ id }) => id),
    );
  }

  async function listWaiting(
    actor: Actor,
    filter: { readonly state?: Art['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<Art>> {
    assertCan(actor, 'art.moderate');
    return art.list(scopeOf(actor), filter, page);
  }

  /** What is shown of a learner; those who drew it and those who decide about it see the rest, too. */
  async function listOf(actor: Actor, learner: string): Promise<readonly Art[]> {
    await getLearner(dependencies, actor, learner);
    const all = await art.listOf(scopeOf(actor), learner);
    return all.filter((one) => one.state === 'approved' || maySeeUndecided(actor, one));
  }

  async function approve(actor: Actor, id: string): Promise<Art> {
    const drawn = await getWaiting(actor, id);
    const scope = scopeOf(actor);
    const before = await art.listOf(scope, drawn.learner, drawn.achievement);
    await forget(
      scope,
      before.filter(({ state }) => state === 'approved'),
    );
    return settle(actor, id, { state: 'approved' });
  }

  /** The picture goes, the reason stays. */
  async function decline(actor: Actor, id: string, reason: string): Promise<Art> {
    await getWaiting(actor, id);
    const declined = await settle(actor, id, { state: 'declined', reason });
    if (declined.blob !== undefined) await blobs.remove(declined.blob);
    return declined;
  }

  async function getWaiting(actor: Actor, id: string): Promise<Art> {
    assertCan(actor, 'art.moderate');
    const drawn = await art.find(scopeOf(actor), id);
    if (drawn === undefined) throw notFound('art');
    if (drawn.learner === actor.id) {
      throw forbidden('art.own', 'Nobody approves their own picture. Ask somebody else to.');
    }
    if (drawn.state !== 'waiting') throw decided();
    return drawn;
  }

  async function settle(
    actor: Actor,
    id: string,
    verdict: Pick<Art, 'state' | 'reason'>,
  ): Promise<Art> {
    const decision = { ...verdict, decidedBy: actor.id, decidedAt: now() };
    const drawn = await art.decide(scopeOf(actor), id, decision);
    if (drawn === undefined) throw decided();
    const action = verdict.state === 'approved' ? 'art.approved' : 'art.declined';
    await audit.record(actor, { action, subject: `art:${id}`, key: `art.decided:${id}` });
    return drawn;
  }
}

function createArtReading(dependencies: Dependencies) {
  const { art, blobs } = dependencies;

  return { readPicture, readShown, findApprovedArt };

  /** One picture, as PNG: for those who decide about it, and whoever may see it anyhow. */
  async function readPicture(actor: Actor, id: string): Promise<Readable> {
    const drawn = await art.find(scopeOf(actor), id);
    if (drawn === undefined) throw notFound('art');
    if (drawn.state === 'approved') await getLearner(dependencies, actor, drawn.learner);
    else if (!maySeeUndecided(actor, drawn)) throw notFound('art');
    return readBlob(drawn);
  }

  /** The picture that stands on the learner's chart for this achievement. */
  async function readShown(actor: Actor, learner: string, achievement: string): Promise<Readable> {
    await getLearner(dependencies, actor, learner);
    const all = await art.listOf(scopeOf(actor), learner, achievement);
    const shown = all.find(({ state }) => state === 'approved');
    if (shown === undefined) throw notFound('art');
    return readBlob(shown);
  }

  async function readBlob({ blob, state }: Art): Promise<Readable> {
    const content = blob === undefined || state === 'declined' ? undefined : await blobs.read(blob);
    if (content === undefined) throw notFound('art');
    return content;
  }

  /** For charts: the blob of each achievement that the learner has an approved picture for. */
  async function findApprovedArt(
    scope: Scope,
    learner: string,
  ): Promise<ReadonlyMap<string, string>> {
    const all = await art.listOf(scope, learner);
    return new Map(
      all.flatMap(({ achievement, blob, state }) =>
        state === 'approved' && blob !== undefined ? [[achievement, blob] as const] : [],
      ),
    );
  }
}

function maySeeUndecided(actor: Actor, { learner }: Art): boolean {
  return actor.id === learner || can(actor, 'art.moderate');
}

function decided() {
  return conflict('art.decided', 'Somebody has decided about this picture already.');
}
