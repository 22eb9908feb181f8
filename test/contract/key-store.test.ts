import { createSecretKey, randomBytes } from 'node:crypto';
import { createFileDriver } from '../../src/credentials/keys/file-driver.ts';
import { createSignerThread, type SignerThread } from '../../src/credentials/keys/signer-thread.ts';
import { createTransitDriver } from '../../src/credentials/keys/transit-driver.ts';
import { startTransit, type Transit } from '../support/transit.ts';
import { describeKeyStore } from './key-store.ts';

describe('keys under a key encryption key', () => {
  describeKeyStore(() =>
    Promise.resolve(createFileDriver({ kek: createSecretKey(randomBytes(32)) })),
  );
});

describe('keys in a signing service', () => {
  let transit: Transit;
  beforeAll(async () => {
    transit = await startTransit();
  });
  afterAll(async () => {
    await transit.close();
  });

  const settings = () => ({
    url: transit.url,
    mount: 'transit',
    token: { text: transit.state.token },
  });

  describe('asked directly', () => {
    describeKeyStore(() => Promise.resolve(createTransitDriver(settings())));
  });

  describe('through the thread that signs', () => {
    describeThread(() => ({
      driver: 'transit',
      kek: { ownFile: '/nowhere', create: false },
      transit: settings(),
    }));
  });
});

describe('keys under a key encryption key, through the thread that signs', () => {
  const text = randomBytes(32).toString('base64');
  describeThread(() => ({ driver: 'file', kek: { text } }));
});

function describeThread(settings: () => Parameters<typeof createSignerThread>[0]): void {
  let thread: SignerThread;
  beforeAll(() => {
    thread = createSignerThread(settings());
  });
  afterAll(async () => {
    await thread[Symbol.asyncDispose]();
  });
  describeKeyStore(() => Promise.resolve(thread));
}
