import {
  erasurePasses,
  formatErasure,
  parseErasures,
  secondPassMs,
  type Erasure,
  type ErasureEntry,
  type ErasureReason,
} from '../../domain/erasures.ts';
import type { Person } from '../../domain/people.ts';
import {
  assertCan,
  canGrant,
  scopeOf,
  systemActor,
  type Actor,
  type Scope,
} from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, notFound } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { ErasureLog } from '../../storage/erasure-log.ts';
import type { ErasureStore } from '../../storage/erasures.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { AuditService } from '../audit.ts';
import { createEraser, type EraserDependencies } from './eraser.ts';

/** How soon the sweep takes up an erasure whose process died. */
const leaseMs = 30_000;
const atOnce = 10;

interface Dependencies extends EraserDependencies {
  readonly erasures: ErasureStore;
  readonly erasureLog: ErasureLog;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly audit: AuditService;
  readonly log: Log;
  readonly now: Clock;
}

export type ErasureService = ReturnType<typeof createErasureService>;

/**
 * Erases people. The tombstone comes first: from then on the sweep finishes what a crash interrupts, and every step may
 * be repeated.
 */
export function createErasureService(dependencies: Dependencies) {
  const { erasures, erasureLog, people, organizations, audit, log, now } = dependencies;
  const eraser = createEraser(dependencies);

  return { erase, settleDue, replay, replayLog, exportLog };

  /** When it returns, everything known of the person is deleted. Asking again changes nothing. */
  async function erase(actor: Actor, id: string, reason: ErasureReason): Promise<void> {
    assertCan(actor, 'people.manage');
    const scope = scopeOf(actor);
    const known = await erasures.find(scope, id);
    // Deleted already: the second look is the sweep's, when its time has come.
    if (known !== undefined && known.passes > 0) return;
    if (known === undefined) {
      const person = await people.find(scope, id);
      if (person === undefined) throw notFound('person');
      await assertErasable(actor, person);
      const by = { kind: actor.kind, id: actor.id };
      await begin({ ...scope, id, by, reason, at: now(), credentials: [] });
    }
    await pass(known ?? (await getErasure(scope, id)));
  }

  async function assertErasable(actor: Actor, { id, roles }: Person): Promise<void> {
    if (!canGrant(actor, roles))
      throw forbidden('person.owners_only', 'Only an owner can erase an owner.');
    if (!roles.includes('owner') || (await people.hasOtherOwner(scopeOf(actor), id))) return;
    throw conflict(
      'person.last_owner',
      'This is the only owner of your school. Make somebody else an owner first.',
    );
  }

  async function begin(tombstone: Omit<Erasure, 'passes' | 'state'>): Promise<boolean> {
    const due = new Date(now().getTime() + leaseMs);
    return erasures.begin({ ...tombstone, passes: 0, state: 'erasing' }, due);
  }

  async function getErasure(scope: Scope, id: string): Promise<Erasure> {
    const erasure = await erasures.find(scope, id);
    if (erasure === undefined) throw notFound('person');
    return erasure;
  }

  /** The journal before the first deletion, and again for what is found later. */
  async function pass({ id, ...erasure }: Erasure): Promise<void> {
    const scope = scopeOf(erasure);
    const { by, reason, passes } = erasure;
    const found = await erasures.addCredentials(scope, id, await eraser.listCredentials(scope, id));
    const current = await getErasure(scope, id);
    if (passes === 0 || found > 0) await erasureLog.append(formatErasure(current));
    await audit.record(
      { ...by, organization: erasure.organization },
      { action: 'person.erased', subject: `person:${id}`, reason, key: `person.erased:${id}` },
    );
    await eraser.erase(current);
    const isLast = passes + 1 >= erasurePasses;
    const next = new Date(now().getTime() + secondPassMs);
    await erasures.finishPass(scope, id, isLast ? undefined : next);
  }

  /** Finishes what a crash interrupted, and looks a second time for what was being written meanwhile. */
  async function settleDue(): Promise<void> {
    for (const erasure of await erasures.listDue(now(), atOnce)) {
      await pass(erasure).catch(async (error: unknown) => {
        log.error(
          { event: 'erasure.interrupted', subject: `person:${erasure.id}`, error },
          'not erased yet',
        );
        // Behind the others: one that cannot be finished keeps none of them waiting.
        await erasures.postpone(scopeOf(erasure), erasure.id, new Date(now().getTime() + leaseMs));
      });
    }
  }

  /** Everybody who was erased, one in each line. */
  async function* exportLog(): AsyncIterable<string> {
    for await (const erasure of erasures.each()) yield formatErasure(erasure);
  }

  /** The same for an export, or for the journal when no text is given. */
  async function replayLog(text?: string) {
    const { entries, unreadable } = parseErasures(text ?? (await erasureLog.read()));
    return { ...(await replay(entries)), unreadable };
  }

  /** After a restore of an older backup: whoever was erased since is erased again. Safe to repeat. */
  async function replay(
    entries: readonly ErasureEntry[],
  ): Promise<{ readonly erased: number; readonly known: number; readonly elsewhere: number }> {
    const counts = { erased: 0, known: 0, elsewhere: 0 };
    for (const { person: id, organization, at, credentials } of entries) {
      if ((await organizations.find(organization)) === undefined) {
        counts.elsewhere += 1;
        continue;
      }
      const actor = systemActor(organization);
      const scope = scopeOf(actor);
      const by = { kind: actor.kind, id: actor.id };
      const isNew = await begin({ id, organization, at, by, reason: 'requested', credentials });
      const isKnown = !isNew && (await people.find(scope, id)) === undefined;
      const added = await erasures.addCredentials(scope, id, credentials);
      counts[isKnown && added === 0 ? 'known' : 'erased'] += 1;
      await pass(await getErasure(scope, id));
    }
    if (entries.length > 0) log.info({ event: 'erasures.replayed', ...counts }, 'erased again');
    return counts;
  }
}
