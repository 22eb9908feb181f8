import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRedisConnections } from '../../../src/issuance/redis.ts';
import { silentLog } from '../../support/log.ts';
import { until } from '../../support/store.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('keeps nothing of a connection that has ended', async () => {
  const connections = createRedisConnections('redis://127.0.0.1:1', silentLog);
  const connectAndEnd = async () => {
    const client = connections.connectImpatient();
    await client.connect().catch(() => undefined);
    client.disconnect();
    return new WeakRef(client);
  };
  const ended = await connectAndEnd();
  await until(() => {
    collectGarbage();
    return Promise.resolve(ended.deref() === undefined);
  });
});
