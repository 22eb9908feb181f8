import { hasRedis } from '../support/redis.ts';
import { isLong } from './size.ts';

export type Queue = 'embedded' | 'bullmq';

/** On BullMQ, and in the long form on the embedded queue as well; on that alone where there is no Redis. */
export function describeOnEachQueue(suite: (queue: Queue) => void): void {
  const queues: readonly Queue[] = !hasRedis
    ? ['embedded']
    : isLong
      ? ['bullmq', 'embedded']
      : ['bullmq'];
  describe.each(queues)('on the queue %s', suite);
}
