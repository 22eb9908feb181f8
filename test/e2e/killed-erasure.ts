import { writeFileSync } from 'node:fs';
import mongoose from 'mongoose';
import type { Actor } from '../../src/domain/roles.ts';

// Run as a process of its own: it erases somebody and kills itself before its n-th write. With fewer writes than that it
// finishes. Every write is printed.

export interface Task {
  readonly actor: Actor;
  readonly person: string;
  readonly dieBefore: number;
}

const reads = new Set(['find', 'findOne', 'createIndex', 'countDocuments', 'aggregate']);
const task = JSON.parse(process.argv[2] ?? '') as Task;
const built = (module: string) => import(new URL(`../../dist/${module}`, import.meta.url).href);
const { compose } = (await built(
  'compose/compose.js',
)) as typeof import('../../src/compose/compose.ts');
const { parseSettings } = (await built(
  'config/settings.js',
)) as typeof import('../../src/config/settings.ts');

const cairn = await compose(parseSettings());
let writes = 0;
mongoose.set('debug', (collection: string, operation: string) => {
  if (reads.has(operation)) return;
  writes += 1;
  writeFileSync(1, `${collection}.${operation}\n`);
  if (writes === task.dieBefore) process.kill(process.pid, 'SIGKILL');
});
await cairn.services.erasures.erase(task.actor, task.person, 'requested');
await cairn[Symbol.asyncDispose]();
