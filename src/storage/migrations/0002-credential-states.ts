// Until then only the status list knew whether a credential was revoked. Now the credential says it too, for lists and
// pages, and the award is free to be earned again.
import { collectionOf, eachDocument, type Migration, type MigrationTools } from './migration.ts';

export const credentialStates: Migration = {
  number: 2,
  name: 'credential-states',
  oldestCode: 3,
  up: async (tools) => {
    const isRevoked = createLookUp(tools);
    await eachDocument(
      tools,
      'credentials',
      ['award', 'state', 'statusVersion'],
      async ({ _id, award, state, statusVersion }, done, total) => {
        const revoked = await isRevoked(_id);
        const isRight = revoked ? state === 'revoked' : state !== undefined;
        if (isRight && statusVersion !== undefined) return;
        tools.tick(done, total);
        if (revoked) {
          await collectionOf(tools.db, 'awards').updateOne(
            { _id: String(award) },
            { $set: { state: 'revoked' } },
          );
        }
        await collectionOf(tools.db, 'credentials').updateOne(
          { _id },
          {
            $set: {
              state: revoked ? 'revoked' : (state ?? 'valid'),
              statusVersion: statusVersion ?? 0,
            },
          },
        );
      },
    );
  },
  down: (tools) =>
    eachDocument(tools, 'credentials', ['state'], async ({ _id, state }, done, total) => {
      if (state === undefined) return;
      tools.tick(done, total);
      await collectionOf(tools.db, 'credentials').updateOne(
        { _id },
        { $unset: { state: 1, statusVersion: 1 } },
      );
    }),
};

/** Whether the bit of a credential is set; each list is read once. */
function createLookUp({ db }: MigrationTools): (credential: string) => Promise<boolean> {
  const lists = new Map<unknown, ReadonlySet<unknown>>();
  return async (credential) => {
    const entry = await collectionOf(db, 'statusEntries').findOne({
      credential,
      purpose: 'revocation',
    });
    if (entry === null) return false;
    const bits = lists.get(entry.list) ?? (await readBits(db, String(entry.list)));
    lists.set(entry.list, bits);
    return bits.has(entry.index);
  };
}

async function readBits(db: MigrationTools['db'], list: string): Promise<ReadonlySet<unknown>> {
  const found = await collectionOf(db, 'statusLists').findOne({ _id: list });
  return new Set(Array.isArray(found?.bits) ? (found.bits as unknown[]) : []);
}
