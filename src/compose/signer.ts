import { join } from 'node:path';
import type { ApartSecret, Settings } from '../config/settings.ts';
import type { SecretSource } from '../credentials/keys/secret-source.ts';
import { createSignerThread, type SignerThread } from '../credentials/keys/signer-thread.ts';
import type { Log } from '../shared/log.ts';

/** The thread that holds what private keys are locked with. From here on this one has none of it. */
export function startSigner(settings: Settings, log: Log): SignerThread {
  const { keyDriver: driver, keyEncryptionKey, transitUrl, transitToken } = settings;
  const ownFile = join(settings.dataDir, 'key-encryption-key');
  const transit = transitUrl !== undefined &&
    transitToken !== undefined && {
      url: transitUrl,
      mount: settings.transitMount,
      namespace: settings.transitNamespace,
      token: handOver(transitToken),
    };
  return createSignerThread(
    {
      driver,
      kek: keyEncryptionKey ? handOver(keyEncryptionKey) : { ownFile, create: driver === 'file' },
      ...(transit && { transit }),
    },
    {
      onLost: (willRestart) => {
        const next = willRestart ? 'It is started again.' : 'Start Cairn again.';
        log.error({ event: 'signer.lost' }, `The thread that signs has ended. ${next}`);
      },
    },
  );
}

function handOver(secret: ApartSecret): SecretSource {
  return 'take' in secret ? { text: secret.take() } : secret;
}
