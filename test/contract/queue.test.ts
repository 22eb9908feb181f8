import { createEmbeddedQueue } from '../../src/issuance/embedded-queue.ts';
import { silentLog } from '../support/log.ts';
import { describeQueue } from './queue.ts';

describeQueue('embedded', ({ concurrency }) =>
  Promise.resolve(createEmbeddedQueue({ log: silentLog, concurrency })),
);
