import { writeFileSync } from 'node:fs';
import mongoose from 'mongoose';
import type { Actor } from '../../src/domain/roles.ts';
import type { ReviewInput } from '../../src/domain/reviews.ts';

// Run as a process of its own: the real services approve, and the process kills itself before its n-th write from
// then on. With fewer writes than that it finishes. Every write is printed.

export interface Task {
  readonly teacher: Actor;
  readonly submission: string;
  readonly review: ReviewInput;
  readonly dieBefore: number;
  /** Where to leave what was about to be stored as a credential. */
  readonly signed: string;
}

const reads = new Set(['find', 'findOne', 'createIndex', 'countDocuments', 'aggregate']);
/** Asked once a second whether there is other work, which is no part of an approval. */
const others = new Set(['jobRuns', 'levelRules', 'compositions', 'pathways']);
const task = JSON.parse(process.argv[2] ?? '') as Task;

/** What was built starts in a fraction of the time that the sources take. */
const built = (module: string) => import(new URL(`../../dist/${module}`, import.meta.url).href);
const { compose } = (await built(
  'compose/compose.js',
)) as typeof import('../../src/compose/compose.ts');
const { start } = (await built('start.js')) as typeof import('../../src/start.ts');
const { parseSettings } = (await built(
  'config/settings.js',
)) as typeof import('../../src/config/settings.ts');
const { scopeOf } = (await built('domain/roles.js')) as typeof import('../../src/domain/roles.ts');

const cairn = await compose(parseSettings());
const stop = await start(cairn);

let writes = 0;
// Mongoose tells of every operation just before it hands it to the driver.
mongoose.set('debug', (collection: string, operation: string, ...given: unknown[]) => {
  if (reads.has(operation) || others.has(collection)) return;
  writes += 1;
  writeFileSync(1, `${collection}.${operation}\n`);
  if (collection === 'credentials') writeFileSync(task.signed, JSON.stringify(given[0]));
  if (writes === task.dieBefore) process.kill(process.pid, 'SIGKILL');
});

const { decisions } = await cairn.services.reviews.review(
  task.teacher,
  task.submission,
  task.review,
);
const scope = scopeOf(task.teacher);
for (let state = ''; state !== 'issued';) {
  const award = await cairn.storage.stores.awards.find(scope, decisions[0]?.award ?? '');
  state = award?.issuance.state ?? '';
}
await stop();
await cairn[Symbol.asyncDispose]();
