// The thread that holds the key encryption key, the private keys, and the token of a signing service. The threads that
// speak to the world ask it to make keys and to sign; it has no other answer.
import { parentPort, workerData } from 'node:worker_threads';
import type { KeyDriverName, KeyKind, SigningKey } from '../../domain/keys.ts';
import { ServiceError, type ErrorKind } from '../../shared/errors.ts';
import { joinDrivers, type KeyDriver, type MadeKey } from './driver.ts';
import { createFileDriver } from './file-driver.ts';
import { loadKeyEncryptionKey, type KeyEncryptionKeySource } from './key-encryption-key.ts';
import { createTransitDriver } from './transit-driver.ts';
import type { TransitSettings } from './transit-client.ts';

export interface SignerSettings {
  /** Where new keys are made. */
  readonly driver: KeyDriverName;
  readonly kek: KeyEncryptionKeySource;
  readonly transit?: TransitSettings;
}

export type Ask =
  | { readonly what: 'open' }
  | { readonly what: 'create'; readonly organization: string; readonly kind: KeyKind }
  | { readonly what: 'sign'; readonly key: SigningKey; readonly data: Uint8Array };

export type Reply =
  | { readonly value: MadeKey | Uint8Array | undefined }
  | { readonly error: { kind: ErrorKind; code: string; message: string } };

async function openDrivers({ driver, kek: source, transit }: SignerSettings): Promise<KeyDriver> {
  const kek = await loadKeyEncryptionKey(source);
  const drivers = {
    ...(kek && { file: createFileDriver({ kek }) }),
    ...(transit && { transit: createTransitDriver(transit) }),
  };
  return joinDrivers(drivers, driver);
}

async function answer(opening: Promise<KeyDriver>, ask: Ask): Promise<Reply> {
  try {
    const driver = await opening;
    switch (ask.what) {
      case 'open':
        return { value: undefined };
      case 'create':
        return { value: await driver.create(ask.organization, ask.kind) };
      case 'sign':
        // A copy: a Buffer may lie in a piece of memory where secrets were, and all of that piece would be sent.
        return { value: new Uint8Array(await driver.sign(ask.key, ask.data)) };
    }
  } catch (error) {
    return { error: explain(error) };
  }
}

/** Our own errors speak for themselves; of others nothing is told, lest they repeat a secret. */
function explain(error: unknown) {
  if (error instanceof ServiceError) {
    const { kind, code, message } = error;
    return { kind, code, message };
  }
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return {
    kind: 'unavailable' as const,
    code: 'key.signing_failed',
    message: `Signing failed for a technical reason${code}.`,
  };
}

const opening = openDrivers(workerData as SignerSettings);
// Whoever asks is told.
opening.catch(() => undefined);
parentPort?.on('message', ({ id, ...ask }: Ask & { id: number }) => {
  void answer(opening, ask).then((reply) => {
    parentPort?.postMessage({ id, ...reply });
  });
});
