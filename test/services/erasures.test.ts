import type { ErasedCredential } from '../../src/domain/erasures.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn } from '../support/cairn.ts';
import { startStoreProxy } from '../support/store-proxy.ts';
import { startTemporaryStore } from '../support/store.ts';

it('the credentials of somebody erased are written down once each, and together', async () => {
  const engine = await startTemporaryStore({ strict: true, database: 'cairn' });
  const proxy = await startStoreProxy(engine.uri);
  const cairn = await startCairn({ env: { MONGODB_URI: proxy.uri } });
  try {
    const { erasures } = cairn.cairn.storage.stores;
    const { organization } = await cairn.services.organizations.operator();
    const scope = scopeOf({ organization });
    const id = newId();
    const at = new Date();
    const by = { kind: 'system', id: 'system' } as const;
    const tombstone = { id, organization, at, by, reason: 'requested', passes: 0 } as const;
    await erasures.begin({ ...tombstone, state: 'erasing', credentials: [] }, at);
    const credentials = Array.from({ length: 30 }, (_, index): ErasedCredential => {
      return {
        id: newId(),
        status: { list: newId(), index },
        keys: { dataIntegrity: 'a', jwt: 'b' },
        at,
      };
    });

    proxy.takeCommands();
    expect(await erasures.addCredentials(scope, id, credentials.slice(0, 20))).toBe(20);
    const writes = proxy.takeCommands().filter(({ name }) => name === 'update');
    expect(writes).toHaveLength(1);

    const added = await Promise.all(
      [1, 2, 3].map(() => erasures.addCredentials(scope, id, credentials)),
    );
    expect(added.sort()).toEqual([0, 0, 10]);
    const written = (await erasures.find(scope, id))?.credentials.map((one) => one.id);
    expect(written?.sort()).toEqual(credentials.map((one) => one.id).sort());
    expect(await erasures.addCredentials(scope, newId(), credentials)).toBe(0);
  } finally {
    await cairn.close();
    await proxy.close();
    await engine.close();
  }
}, 60_000);
