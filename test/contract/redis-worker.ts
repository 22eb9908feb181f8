import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import { silentLog } from '../support/log.ts';

// Run as a process of its own, to be killed: takes an award, says so, and never finishes it.

const [url = '', prefix = ''] = process.argv.slice(2);
const queue = createBullmqQueue({ url, prefix, concurrency: 1, perSecond: 0, log: silentLog });
queue.process((award) => {
  process.stdout.write(`${award}\n`);
  return new Promise(() => undefined);
});
