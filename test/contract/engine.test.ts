import { startTemporaryStore } from '../support/store.ts';
import { describeEngine } from './engine.ts';

describe('the embedded engine', () => {
  describeEngine(() => startTemporaryStore());
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
