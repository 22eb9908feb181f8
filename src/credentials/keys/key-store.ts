import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind, SigningKey } from '../../domain/keys.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, ServiceError } from '../../shared/errors.ts';
import { sha256 } from '../../shared/ids.ts';
import { unwrapPrivateKey, wrapPrivateKey } from './envelope.ts';
import { createKeyPair, publicJwkOf, thumbprint } from './key-pair.ts';

/** What can be done with a private key: nothing but sign. */
export interface Signer {
  readonly key: SigningKey;
  /** Ed25519 (RFC 8032) or RSASSA-PKCS1-v1_5 with SHA-256, as the key's kind says. Same bytes in, same bytes out. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export interface KeyStore {
  /** Makes a key pair for an organization and keeps it: for use at once, unless it is to be prepared only. */
  create(organization: string, kind: KeyKind, state?: 'active' | 'prepared'): Promise<SigningKey>;
  /** The newest active key of this kind. */
  findCurrent(organization: string, kind: KeyKind): Promise<SigningKey | undefined>;
  signer(key: SigningKey): Promise<Signer>;
}

/** Where the wrapped keys are kept. */
export interface SigningKeys {
  find(id: string): Promise<SigningKey | undefined>;
  add(key: SigningKey): Promise<void>;
  /** Every key of the organization, whatever its state. */
  list(organization: string): Promise<readonly SigningKey[]>;
}

interface Dependencies {
  readonly kek: KeyObject;
  readonly keys: Pick<SigningKeys, 'add' | 'list'>;
  readonly clock: Clock;
  /** How many unlocked private keys stay in memory. */
  readonly cacheSize?: number;
}

const signBytes = promisify<string | null, Uint8Array, KeyObject, Buffer>(sign);
const digests: Readonly<Record<KeyKind, string | null>> = { Ed25519: null, RS256: 'sha256' };

/** Forgets what was not used for longest. */
function createCache<T>(size: number) {
  const entries = new Map<string, T>();
  return (name: string, make: () => T): T => {
    const value = entries.get(name) ?? make();
    entries.delete(name);
    entries.set(name, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= size) break;
      entries.delete(oldest);
    }
    return value;
  };
}

function unlock(kek: KeyObject, key: SigningKey): KeyObject {
  const privateKey = unwrapPrivateKey(kek, key.wrapped, key);
  // The id is the thumbprint of the public key: a record whose public half was exchanged must not sign.
  if (
    [thumbprint(publicJwkOf(privateKey)), thumbprint(key.publicJwk)].some((id) => id !== key.id)
  ) {
    throw new ServiceError(
      'unavailable',
      'key.mismatch',
      `The signing key ${key.id} does not belong to its public key.`,
    );
  }
  return privateKey;
}

/** Keys that lie wrapped in our own store. */
export function createKeyStore({ kek, keys, clock, cacheSize = 256 }: Dependencies): KeyStore {
  const cached = createCache<KeyObject>(cacheSize);

  function signerOf(key: SigningKey): Signer {
    const { id, organization, kind, publicJwk, wrapped, state } = key;
    if (state === 'compromised') {
      throw conflict('key.compromised', `The signing key ${id} was compromised: it signs nothing.`);
    }
    // Named by everything that unlocking looks at, so that a changed record is looked at again.
    const name = sha256(JSON.stringify([id, organization, kind, publicJwk, wrapped]));
    const privateKey = cached(name, () => unlock(kek, key));
    return { key, sign: (data) => signBytes(digests[kind], data, privateKey) };
  }

  return {
    async create(organization, kind, state = 'active') {
      const { privateKey, ...pair } = await createKeyPair(kind);
      const wrapped = wrapPrivateKey(kek, privateKey, { organization, id: pair.id, kind });
      const key: SigningKey = {
        ...pair,
        organization,
        wrapped,
        createdAt: clock(),
        state,
      };
      await keys.add(key);
      return key;
    },

    async findCurrent(organization, kind) {
      const all = await keys.list(organization);
      return all
        .filter((key) => key.kind === kind && key.state === 'active')
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
    },

    signer: (key) =>
      new Promise((resolve) => {
        resolve(signerOf(key));
      }),
  };
}
