import { buildIndexes, connectStore } from '../../src/storage/connect.ts';
import { createStores } from '../../src/storage/open.ts';
import { startTemporaryStore } from '../support/store.ts';

it('building indexes, each of which may take hours, leaves connections for others', async () => {
  const engine = await startTemporaryStore();
  const connection = await connectStore(engine.uri, () => undefined);
  createStores(connection);
  let atWork = 0;
  let most = 0;
  let built = 0;
  const client = connection.getClient();
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'createIndexes') most = Math.max(most, (atWork += 1));
  });
  client.on('commandSucceeded', ({ commandName }) => {
    if (commandName !== 'createIndexes') return;
    atWork -= 1;
    built += 1;
  });

  await buildIndexes(connection);

  expect(built).toBeGreaterThan(100);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(10);
  await connection.close();
  await engine.close();
});
