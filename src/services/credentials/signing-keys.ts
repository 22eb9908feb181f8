import type { KeyStore, Signer } from '../../credentials/keys/key-store.ts';
import { keyKinds, type KeyKind, type SigningKey } from '../../domain/keys.ts';
import { scopeOf } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ClockGuard } from '../../shared/clock-guard.ts';
import { ServiceError } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { SigningKeyStore } from '../../storage/signing-keys.ts';
import type { AuditService } from '../audit.ts';
import { createKeyRotation, findPrepared, recordCreated } from './key-rotation.ts';

/** The keys that one credential is signed with. */
export interface KeyIds {
  readonly dataIntegrity: string;
  readonly jwt: string;
}

export type SigningKeyService = ReturnType<typeof createSigningKeyService>;

export function createSigningKeyService({
  signingKeys,
  keyStore,
  audit,
  assertClock,
  fault,
  now,
}: {
  signingKeys: SigningKeyStore;
  keyStore: KeyStore;
  audit: AuditService;
  assertClock: ClockGuard;
  fault: Fault;
  now: Clock;
}) {
  return {
    ensureKeys,
    currentKeys,
    ...createKeyRotation({ signingKeys, keyStore, audit, getCurrent, fault, now }),
    isCompromised,
    signerOf,
    selfTest,
    listAll: signingKeys.listAll,
  };

  /** Makes whatever signing key the organization does not have yet; safe to repeat. */
  async function ensureKeys(organization: string): Promise<void> {
    for (const kind of keyKinds) {
      if ((await findCurrent(organization, kind)) !== undefined) continue;
      await recordCreated(audit, await create(organization, kind));
    }
  }

  /** Another process may be quicker: then its key is the one. */
  async function create(organization: string, kind: KeyKind): Promise<SigningKey> {
    try {
      return await keyStore.create(organization, kind);
    } catch (error) {
      const other = await keyStore.findCurrent(organization, kind);
      if (other === undefined) throw error;
      return other;
    }
  }

  /** The active key; between the two steps of a rotation, or after a crash there, the prepared one takes its place. */
  async function findCurrent(organization: string, kind: KeyKind): Promise<SigningKey | undefined> {
    const active = await keyStore.findCurrent(organization, kind);
    if (active !== undefined) return active;
    const prepared = findPrepared(await signingKeys.list(organization), kind);
    if (prepared !== undefined) await signingKeys.activate(scopeOf({ organization }), prepared.id);
    return keyStore.findCurrent(organization, kind);
  }

  /** Ids of the keys that sign for the organization now; whoever asks is about to date something. */
  async function currentKeys(organization: string): Promise<KeyIds> {
    await assertClock();
    const [dataIntegrity, jwt] = await Promise.all([
      getCurrent(organization, 'Ed25519'),
      getCurrent(organization, 'RS256'),
    ]);
    return { dataIntegrity: dataIntegrity.id, jwt: jwt.id };
  }

  async function getCurrent(organization: string, kind: KeyKind): Promise<SigningKey> {
    const current = await findCurrent(organization, kind);
    if (current !== undefined) return current;
    throw new ServiceError(
      'unavailable',
      'key.missing',
      'Your school has no signing key. Ask an administrator to run: cairn doctor',
    );
  }

  async function isCompromised(id: string): Promise<boolean> {
    return (await signingKeys.find(id))?.state === 'compromised';
  }

  async function signerOf(id: string): Promise<Signer> {
    const key = await signingKeys.find(id);
    if (key === undefined)
      throw new ServiceError('unavailable', 'key.missing', `The signing key ${id} is gone.`);
    return keyStore.signer(key);
  }

  async function selfTest(): Promise<void> {
    await tryKeys(keyStore, await signingKeys.listAll());
  }
}

/** Opens every active key and signs once with it: a wrong key encryption key shows here, not at the first badge. */
export async function tryKeys(
  keyStore: Pick<KeyStore, 'signer'>,
  keys: readonly SigningKey[],
): Promise<void> {
  for (const key of keys) {
    if (key.state === 'active')
      await (await keyStore.signer(key)).sign(Buffer.from('cairn self-test'));
  }
}
