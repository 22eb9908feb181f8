// A process of its own with its own engine on a shared file: claims jobs until none is left and prints their names.
// Argument: file.
import { writeSync } from 'node:fs';
import { register } from 'tsx/esm/api';
import mongoose from 'mongoose';

register();
const [file] = process.argv.slice(2);
const { startEmbedded } = await import('../../../src/storage/embedded/embedded.ts');
const store = await startEmbedded({ file });
const connection = await mongoose.createConnection(store.uri, { dbName: 'leases' }).asPromise();
const jobs = connection.collection('jobs');

async function claim() {
  for (;;) {
    const job = await jobs.findOneAndUpdate(
      { state: 'ready', due: { $lte: new Date() } },
      { $set: { state: 'taken' }, $inc: { tries: 1 } },
      { sort: { due: 1 }, returnDocument: 'after' },
    );
    if (!job) return;
    writeSync(1, `${job._id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(claim));
await connection.close();
await store.close();
