import { createSecretKey, randomBytes } from 'node:crypto';
import { createFileDriver } from '../../src/credentials/keys/file-driver.ts';
import { createKeyStore, type SigningKeys } from '../../src/credentials/keys/key-store.ts';
import type { KeyDriver } from '../../src/credentials/keys/driver.ts';
import type { SigningKey } from '../../src/domain/keys.ts';

function createSigningKeysInMemory(): SigningKeys {
  const keys = new Map<string, SigningKey>();
  return {
    find: (id) => Promise.resolve(keys.get(id)),
    add: (key) => {
      keys.set(key.id, key);
      return Promise.resolve();
    },
    list: (organization) =>
      Promise.resolve([...keys.values()].filter((key) => key.organization === organization)),
  };
}

/** A clock on which every look takes a second. */
function createTickingClock(start = '2026-11-22T09:00:00Z') {
  let now = Date.parse(start);
  return () => new Date((now += 1_000));
}

/** A key store whose keys live as long as the test. */
export function createKeyStoreInMemory(kek = createSecretKey(randomBytes(32))) {
  return { kek, ...createKeyStoreOn(createFileDriver({ kek })) };
}

/** The same with private keys wherever this driver keeps them. */
export function createKeyStoreOn(driver: KeyDriver) {
  const keys = createSigningKeysInMemory();
  return { keys, store: createKeyStore({ driver, keys, clock: createTickingClock() }) };
}
