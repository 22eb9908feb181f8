import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind, SigningKey } from '../../domain/keys.ts';
import { sha256 } from '../../shared/ids.ts';
import { driverMissing, type KeyDriver } from './driver.ts';
import { unwrapPrivateKey, wrapPrivateKey } from './envelope.ts';
import { createPrivateKey, publicJwkOf, thumbprint } from './key-pair.ts';

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

/** Private keys under a key encryption key; the wrapped ones are kept by whoever asks. */
export function createFileDriver({
  kek,
  cacheSize = 256,
}: {
  kek: KeyObject;
  /** How many unlocked private keys stay in memory. */
  cacheSize?: number;
}): KeyDriver {
  const cached = createCache<KeyObject>(cacheSize);

  function unlock(key: SigningKey): KeyObject {
    const { id, organization, kind, wrapped } = key;
    if (wrapped === undefined) throw driverMissing('file', `The signing key ${id}`);
    // Named by everything that unlocking looks at, so that a changed record is looked at again.
    const name = sha256(JSON.stringify([id, organization, kind, wrapped]));
    return cached(name, () => unwrapPrivateKey(kek, wrapped, key));
  }

  return {
    async create(organization, kind) {
      const privateKey = await createPrivateKey(kind);
      const publicJwk = publicJwkOf(privateKey);
      const binding = { organization, id: thumbprint(publicJwk), kind };
      return { driver: 'file', publicJwk, wrapped: wrapPrivateKey(kek, privateKey, binding) };
    },

    async sign(key, data) {
      return signBytes(digests[key.kind], data, unlock(key));
    },
  };
}
