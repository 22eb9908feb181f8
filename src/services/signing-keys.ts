import type { KeyStore, Signer } from '../credentials/keys/key-store.ts';
import type { KeyKind, SigningKey } from '../domain/keys.ts';
import { systemActor } from '../domain/roles.ts';
import { ServiceError } from '../shared/errors.ts';
import type { SigningKeyStore } from '../storage/signing-keys.ts';
import type { AuditService } from './audit.ts';

const kinds: readonly KeyKind[] = ['Ed25519', 'RS256'];

export type SigningKeyService = ReturnType<typeof createSigningKeyService>;

export function createSigningKeyService({
  signingKeys,
  keyStore,
  audit,
}: {
  signingKeys: SigningKeyStore;
  keyStore: KeyStore;
  audit: AuditService;
}) {
  return { ensureKeys, currentKeys, signerOf, selfTest, listAll: signingKeys.listAll };

  /** Makes whatever signing key the organization does not have yet; safe to repeat. */
  async function ensureKeys(organization: string): Promise<void> {
    for (const kind of kinds) {
      if ((await keyStore.findCurrent(organization, kind)) !== undefined) continue;
      const key = await create(organization, kind);
      await audit.record(systemActor(organization), {
        action: 'key.created',
        subject: `key:${key.id}`,
        key: `key.created:${key.id}`,
      });
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

  /** Ids of the keys that sign for the organization now. */
  async function currentKeys(
    organization: string,
  ): Promise<{ dataIntegrity: string; jwt: string }> {
    const [ed25519, rs256] = await Promise.all(
      kinds.map((kind) => keyStore.findCurrent(organization, kind)),
    );
    if (ed25519 === undefined || rs256 === undefined) {
      throw new ServiceError(
        'unavailable',
        'key.missing',
        'Your school has no signing key. Ask an administrator to run: cairn doctor',
      );
    }
    return { dataIntegrity: ed25519.id, jwt: rs256.id };
  }

  async function signerOf(id: string): Promise<Signer> {
    const key = await signingKeys.find(id);
    if (key === undefined)
      throw new ServiceError('unavailable', 'key.missing', `The signing key ${id} is gone.`);
    return keyStore.signer(key);
  }

  /** Opens every active key and signs once with it: a wrong key encryption key shows here, not at the first badge. */
  async function selfTest(): Promise<void> {
    for (const key of await signingKeys.listAll()) {
      if (key.state === 'active')
        await (await keyStore.signer(key)).sign(Buffer.from('cairn self-test'));
    }
  }
}
