import { describeWithRedis } from '../support/redis.ts';

export type Queue = 'embedded' | 'bullmq';

/** The same scenarios on both queues; those on BullMQ are skipped by name where there is no Redis. */
export function describeOnEachQueue(suite: (queue: Queue) => void): void {
  describe('on the embedded queue', () => {
    suite('embedded');
  });
  describeWithRedis('on BullMQ', () => {
    suite('bullmq');
  });
}
