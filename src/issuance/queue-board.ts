import type { RequestListener } from 'node:http';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';

/** Pages at `path` that show what waits and what runs. They only look: the awards say what is to be done. */
export function createQueueBoard(queues: readonly Queue[], path: string): RequestListener {
  const serverAdapter = new ExpressAdapter().setBasePath(path);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Cairn', hideDocsLink: true, hideRedisDetails: true } },
  });
  return serverAdapter.getRouter() as RequestListener;
}
