import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import { createEmbeddedQueue } from '../../src/issuance/embedded-queue.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLog } from '../support/log.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { until } from '../support/store.ts';
import { describeQueue } from './queue.ts';

describeQueue('embedded', ({ concurrency }) =>
  Promise.resolve(createEmbeddedQueue({ log: silentLog, concurrency })),
);

async function openBullmq(url: string, concurrency: number) {
  const queue = createBullmqQueue({
    url,
    prefix: `test-${newId()}`,
    concurrency,
    perSecond: 0,
    // This machine may be busy with other tests.
    patienceMs: 10_000,
    log: silentLog,
  });
  await until(() =>
    queue.depth().then(
      () => true,
      () => false,
    ),
  );
  return queue;
}

describeWithRedis('with a Redis of its own', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });
  describeQueue('BullMQ', ({ concurrency }) => openBullmq(redis.url, concurrency), {
    mayRepeat: true,
  });
});

const given = process.env.REDIS_URL;
(given === undefined ? describe.skip : describe)('with the Redis that REDIS_URL names', () => {
  describeQueue('BullMQ', ({ concurrency }) => openBullmq(given ?? '', concurrency), {
    mayRepeat: true,
  });
});
