import type { KeyStore } from '../../credentials/keys/key-store.ts';
import { keyKinds, type KeyKind, type SigningKey } from '../../domain/keys.ts';
import { assertCan, scopeOf, systemActor, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid, notFound, ServiceError } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { SigningKeyStore } from '../../storage/signing-keys.ts';
import type { AuditService } from '../audit.ts';

/** Taking keys out of use, in good order and in haste. */
export function createKeyRotation({
  signingKeys,
  keyStore,
  audit,
  getCurrent,
  fault,
  now,
}: {
  signingKeys: SigningKeyStore;
  keyStore: KeyStore;
  audit: AuditService;
  getCurrent: (organization: string, kind: KeyKind) => Promise<SigningKey>;
  fault: Fault;
  now: Clock;
}) {
  return { rotate, compromise };

  /** A new key takes the place of the active one, which goes on verifying for ever. */
  async function rotate(
    actor: Actor,
    requested: readonly KeyKind[] = keyKinds,
  ): Promise<readonly SigningKey[]> {
    assertCan(actor, 'keys.manage');
    const made: SigningKey[] = [];
    for (const kind of requested) made.push(await replace(actor, kind));
    return made;
  }

  /**
   * One active key per kind is all that the store allows, so the order is: prepare the new key, say so in the audit
   * chain, retire the old one, activate the new one. A crash after any step leaves a key that signs: before the third
   * the old one is still active; after it whoever next asks for a key activates the prepared one (`findCurrent`), as
   * do those who ask between the two. A rotation that comes twice at once meets the same prepared key and ends there.
   */
  async function replace(actor: Actor, kind: KeyKind): Promise<SigningKey> {
    const scope = scopeOf(actor);
    const old = await getCurrent(scope.organization, kind);
    const next = await prepare(scope.organization, kind);
    if (next === undefined) return getCurrent(scope.organization, kind);
    fault('key.prepared');
    await recordCreated(audit, next);
    await audit.record(actor, {
      action: 'key.rotated',
      subject: `key:${old.id}`,
      details: { kind, successor: next.id },
      key: `key.rotated:${old.id}`,
    });
    await signingKeys.retire(scope, old.id);
    fault('key.retired');
    await signingKeys.activate(scope, next.id);
    return getCurrent(scope.organization, kind);
  }

  /** Undefined when another rotation came between and has gone through: its key is as new as ours would be. */
  async function prepare(organization: string, kind: KeyKind): Promise<SigningKey | undefined> {
    const waiting = findPrepared(await signingKeys.list(organization), kind);
    if (waiting !== undefined) return waiting;
    try {
      return await keyStore.create(organization, kind, 'prepared');
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'key.exists') throw error;
      return findPrepared(await signingKeys.list(organization), kind);
    }
  }

  /**
   * Somebody else may have had this key from `at` on: it signs nothing more. A new key is made first, so that the
   * school can go on. Safe to repeat; a second report may say an earlier time, never a later one.
   */
  async function compromise(
    actor: Actor,
    id: string,
    { at, reason }: { at: Date; reason: string },
  ): Promise<SigningKey> {
    assertCan(actor, 'keys.manage');
    const scope = scopeOf(actor);
    const key = await signingKeys.find(id);
    if (key?.organization !== scope.organization || key.state === 'prepared') throw notFound('key');
    if (at > now()) {
      throw invalid('key.compromised_later', 'Say a time that has passed: since when may it be.');
    }
    if (key.state === 'active') await replace(actor, key.kind);
    await audit.record(actor, {
      action: 'key.compromised',
      subject: `key:${id}`,
      reason,
      details: { at: at.toISOString(), kind: key.kind },
      key: `key.compromised:${id}:${at.toISOString()}`,
    });
    await signingKeys.markCompromised(scope, id, at);
    return (await signingKeys.find(id)) ?? key;
  }
}

export function findPrepared(keys: readonly SigningKey[], kind: KeyKind): SigningKey | undefined {
  return keys.find((key) => key.kind === kind && key.state === 'prepared');
}

export async function recordCreated(
  audit: AuditService,
  { id, organization }: SigningKey,
): Promise<void> {
  await audit.record(systemActor(organization), {
    action: 'key.created',
    subject: `key:${id}`,
    key: `key.created:${id}`,
  });
}
