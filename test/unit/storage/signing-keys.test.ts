import { connectStore } from '../../../src/storage/connect.ts';
import { createSigningKeyStore } from '../../../src/storage/signing-keys.ts';
import { createKeyStoreInMemory } from '../../support/keys.ts';
import { startTemporaryStore } from '../../support/store.ts';

it('a key that was stored while there was one driver is a key of that driver', async () => {
  const engine = await startTemporaryStore();
  const connection = await connectStore(engine.uri);
  const keys = createSigningKeyStore(connection);
  const key = await createKeyStoreInMemory().store.create('a-school', 'Ed25519');
  await keys.add(key);
  await connection.db?.collection('signingKeys').updateOne({}, { $unset: { driver: '' } });
  expect(await connection.db?.collection('signingKeys').findOne()).not.toHaveProperty('driver');
  expect(await keys.find(key.id)).toEqual(key);
  expect(await keys.list('a-school')).toEqual([key]);
  expect(await keys.listAll()).toEqual([key]);
  await connection.close();
  await engine.close();
});
