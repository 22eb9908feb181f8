import { leaseMs, type Credential } from '../../domain/awards.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type {
  StatusChange,
  StatusEntry,
  StatusListContent,
  StatusPurpose,
} from '../../domain/status.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import { newId } from '../../shared/ids.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { CredentialStore } from '../../storage/credentials.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { StatusListStore } from '../../storage/status-lists.ts';
import type { AuditService } from '../audit.ts';
import type { CredentialService } from './credentials.ts';

const pageSize = 100;

const actions = {
  revocation: { set: 'credential.revoked', cleared: 'credential.revoked' },
  suspension: { set: 'credential.suspended', cleared: 'credential.reinstated' },
} as const;

interface Dependencies {
  readonly credentials: CredentialStore;
  /** Who may see a credential, and who may not. */
  readonly visible: Pick<CredentialService, 'get'>;
  readonly statusLists: StatusListStore;
  readonly awards: AwardStore;
  readonly organizations: Pick<OrganizationStore, 'list'>;
  readonly audit: AuditService;
  readonly fault: Fault;
  readonly log: Log;
  readonly now: Clock;
}

export type CredentialStatusService = ReturnType<typeof createCredentialStatusService>;

/**
 * Revokes, suspends and reinstates. The decision is one update of the status list; whatever else has to know of it is
 * told afterwards, by the sweep when a crash came between.
 */
export function createCredentialStatusService(dependencies: Dependencies) {
  const { visible, statusLists, organizations, fault, log, now } = dependencies;

  return { revoke, suspend, reinstate, changeUnkept, revokePlace, settleDue, countLost };

  /** Takes a credential back for ever; the first reason stands. The learner may earn the achievement again. */
  async function revoke(actor: Actor, id: string, reason: string): Promise<void> {
    await getForChange(actor, id);
    await change(actor, id, { purpose: 'revocation', set: true, reason });
  }

  /** Puts a credential on hold; the first reason stands until it is reinstated. */
  async function suspend(actor: Actor, id: string, reason: string): Promise<void> {
    assertNotRevoked(await getForChange(actor, id), 'suspended');
    await change(actor, id, { purpose: 'suspension', set: true, reason });
  }

  async function reinstate(actor: Actor, id: string, reason: string): Promise<void> {
    assertNotRevoked(await getForChange(actor, id), 'reinstated');
    if (await change(actor, id, { purpose: 'suspension', set: false, reason })) return;
    throw conflict(
      'credential.not_suspended',
      'This credential is not suspended, so there is nothing to reinstate.',
    );
  }

  /** The same for what was signed and not kept: `key` is what its entries were reserved under. */
  async function changeUnkept(
    actor: Actor,
    key: string,
    decision: { purpose: StatusPurpose; set: boolean; reason: string },
  ): Promise<void> {
    assertCan(actor, 'credentials.status');
    const entry = await statusLists.findEntry(key, decision.purpose);
    if (entry?.organization !== actor.organization) throw notFound('credential');
    await change(actor, key, decision);
  }

  async function getForChange(actor: Actor, id: string): Promise<Credential> {
    assertCan(actor, 'credentials.status');
    return visible.get(actor, id);
  }

  /** False when nothing was changed and nothing was left to tell. */
  async function change(
    actor: Actor,
    credential: string,
    { purpose, set, reason }: { purpose: StatusPurpose; set: boolean; reason: string },
  ): Promise<boolean> {
    const entry = await statusLists.findEntry(credential, purpose);
    if (entry?.organization !== actor.organization) throw withoutEntry(purpose);
    return changePlace(actor, entry, { set, reason });
  }

  /** For an erasure: by its place, which an older store may not know as that of this credential. */
  async function revokePlace(actor: Actor, entry: StatusEntry, reason: string): Promise<void> {
    await changePlace(actor, entry, { set: true, reason });
  }

  async function changePlace(
    actor: Actor,
    entry: StatusEntry,
    { set, reason }: { set: boolean; reason: string },
  ): Promise<boolean> {
    const { credential } = entry;
    const by = { kind: actor.kind, id: actor.id };
    const at = now();
    const changed = await statusLists.change(
      entry,
      { id: newId(), credential, index: entry.index, set, by, reason },
      { now: at, due: new Date(at.getTime() + leaseMs) },
    );
    fault('status.changed');
    const settled = await settle(entry.list, (other) => other.credential === credential);
    return changed || settled > 0;
  }

  /** Tells credential, award and audit log what the list says. Safe to repeat, and to do twice at once. */
  async function settle(id: string, isMeant: (change: StatusChange) => boolean): Promise<number> {
    const list = await statusLists.read(id);
    const left = list?.changes.filter(isMeant) ?? [];
    for (const made of left) {
      if (list === undefined) break;
      await tell(dependencies, list, made);
      fault('status.told');
      await statusLists.settled(id, made);
    }
    return left.length;
  }

  /** Finishes what a crash interrupted, in every organization. */
  async function settleDue(): Promise<void> {
    for (const list of await statusLists.listDue(now(), pageSize)) {
      await settle(list, () => true).catch((error: unknown) => {
        log.error(
          { event: 'status.unsettled', subject: `status-list:${list}`, error },
          'a change of status was not told on',
        );
      });
    }
  }

  /**
   * How many credentials were revoked and are not on their list: somebody put an older list in the place of the newest.
   * To revoke them again sets it right.
   */
  async function countLost(): Promise<number> {
    let lost = 0;
    for (const { id: organization } of await organizations.list()) {
      lost += await countLostOf(dependencies, scopeOf({ organization }));
    }
    return lost;
  }
}

async function countLostOf({ credentials, statusLists }: Dependencies, scope: Scope) {
  const lists = new Map<string, ReadonlySet<number>>();
  let lost = 0;
  for await (const ids of credentials.eachRevoked(scope)) {
    const entries = await statusLists.findEntries(ids, 'revocation');
    lost += ids.length - entries.length;
    for (const { list, index } of entries) {
      const bits = lists.get(list) ?? new Set((await statusLists.read(list))?.bits);
      lists.set(list, bits);
      if (!bits.has(index)) lost += 1;
    }
  }
  return lost;
}

async function tell(
  { credentials, awards, audit, now }: Dependencies,
  list: StatusListContent,
  made: StatusChange,
): Promise<void> {
  const scope = scopeOf(list);
  const { organization, purpose, version, bits } = list;
  const { credential: id, index, set, by, reason } = made;
  if (purpose === 'revocation') {
    await credentials.markRevoked(scope, id);
    const revoked = await credentials.find(scope, id);
    if (revoked !== undefined) await awards.markRevoked(scope, revoked.award, now());
  } else {
    await credentials.markSuspended(scope, id, { suspended: bits.includes(index), version });
  }
  await audit.record(
    { ...by, organization },
    {
      action: actions[purpose][set ? 'set' : 'cleared'],
      subject: `credential:${id}`,
      reason,
      key: `status:${made.id}`,
    },
  );
}

function assertNotRevoked({ state }: Credential, what: string): void {
  if (state !== 'revoked') return;
  throw conflict(
    'credential.revoked',
    `This credential was revoked, which is for good: it cannot be ${what}. Award it again instead.`,
  );
}

function withoutEntry(purpose: StatusPurpose) {
  return conflict(
    `credential.no_${purpose}`,
    purpose === 'suspension'
      ? 'This credential was issued before credentials could be suspended. It can only be revoked.'
      : 'This credential has no place on a status list, so it cannot be revoked.',
  );
}
