import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { describeEngine } from './engine.ts';

describe('the embedded engine', () => {
  describeEngine(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'engine-'));
    const store = await startEmbedded({ file: join(folder, 'store.db') });
    return {
      uri: store.uri,
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
});

const { MONGODB_URI: uri } = process.env;

if (uri) {
  describe('the MongoDB at MONGODB_URI', () => {
    describeEngine(() => Promise.resolve({ uri, close: () => Promise.resolve() }));
  });
} else {
  describe.skip('the MongoDB at MONGODB_URI (set MONGODB_URI to run this)', () => {
    it('passes the same suite', () => undefined);
  });
}
