import { deserialize } from 'bson';
import type { ApartSecret, Settings } from '../config/settings.ts';
import { createKeyStore } from '../credentials/keys/key-store.ts';
import type { SigningKey } from '../domain/keys.ts';
import { createLogger } from '../observability/logger.ts';
import { tryKeys } from '../services/credentials/signing-keys.ts';
import { systemClock } from '../shared/clock.ts';
import { ServiceError } from '../shared/errors.ts';
import { fromStored, type Stored } from '../storage/document.ts';
import { startSigner } from './signer.ts';

/**
 * Signs with the keys of a backup while they are in no store yet.
 * @throws ServiceError when the key encryption key cannot be used at all; `backup.wrong_key` unless `withoutKeys`
 */
export async function tryKeysOf(
  settings: Settings,
  documents: readonly Uint8Array[],
  { withoutKeys }: { readonly withoutKeys: boolean },
): Promise<void> {
  const driver = startSigner(settings, createLogger(settings.logLevel));
  try {
    await driver.opened();
    if (withoutKeys) return;
    const nowhere = { add: () => Promise.resolve(), list: () => Promise.resolve([]) };
    const keyStore = createKeyStore({ driver, keys: nowhere, clock: systemClock });
    await tryKeys(keyStore, documents.map(readKey)).catch((error: unknown) => {
      throw wrongKey(error);
    });
  } finally {
    await driver[Symbol.asyncDispose]();
  }
}

/** The first version of Cairn had one driver and named none. */
function readKey(document: Uint8Array): SigningKey {
  return fromStored({ driver: 'file', ...deserialize(document) } as Stored<SigningKey>);
}

/** Settings from which a second signer gets its secrets, too. */
export function keepSecrets(settings: Settings): Settings {
  const { keyEncryptionKey, transitToken } = settings;
  return {
    ...settings,
    keyEncryptionKey: keep(keyEncryptionKey),
    transitToken: keep(transitToken),
  };
}

function keep(secret: ApartSecret | undefined): ApartSecret | undefined {
  if (secret === undefined || 'path' in secret) return secret;
  let text: string | undefined;
  return { take: () => (text ??= secret.take()) };
}

export function wrongKey(cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError(
    'unprocessable',
    'backup.wrong_key',
    `The signing keys in this backup do not open (${reason}). Give the key encryption key that they were locked with (CAIRN_KEY_ENCRYPTION_KEY_FILE). If it is lost, --without-keys restores the rest; then run: cairn keys rotate`,
    { cause },
  );
}
