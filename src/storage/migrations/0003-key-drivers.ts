// Until then every private key was wrapped in our own store, and none said so.
import { conflict } from '../../shared/errors.ts';
import { collectionOf, eachDocument, type Migration } from './migration.ts';

export const keyDrivers: Migration = {
  number: 3,
  name: 'key-drivers',
  oldestCode: 3,
  up: (tools) =>
    eachDocument(tools, 'signingKeys', ['driver'], async ({ _id, driver }, done, total) => {
      if (driver !== undefined) return;
      tools.tick(done, total);
      await collectionOf(tools.db, 'signingKeys').updateOne({ _id }, { $set: { driver: 'file' } });
    }),
  down: async (tools) => {
    await eachDocument(tools, 'signingKeys', ['driver'], ({ driver }) => {
      if (driver !== undefined && driver !== 'file') throw keptElsewhere();
      return Promise.resolve();
    });
    await eachDocument(tools, 'signingKeys', ['driver'], async ({ _id, driver }, done, total) => {
      if (driver === undefined) return;
      tools.tick(done, total);
      await collectionOf(tools.db, 'signingKeys').updateOne({ _id }, { $unset: { driver: 1 } });
    });
  },
};

function keptElsewhere() {
  return conflict(
    'store.migration_blocked',
    'Some signing keys are kept by a signing service, which the older Cairn cannot ask.',
  );
}
