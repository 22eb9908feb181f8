// Runs in a process of its own: starts an engine on the file, writes from several clients, says on standard output what
// was acknowledged, and after so many acknowledgements kills itself. Arguments: file, tag, number.
import { writeSync } from 'node:fs';
import { register } from 'tsx/esm/api';
import mongoose from 'mongoose';

register();
const [file, tag, enough] = process.argv.slice(2);
const { startEmbedded } = await import('../../../src/storage/embedded/embedded.ts');
const store = await startEmbedded({ file });
const connection = await mongoose.createConnection(store.uri, { dbName: 'crash' }).asPromise();
const documents = connection.collection('documents');
await documents.createIndex({ u: 1 }, { unique: true }, {});
await documents.createIndex({ state: 1, due: 1 }, {}, {});
await documents.createIndex({ 'outbox.state': 1 }, {}, {});

let count = 0;
let acknowledged = 0;

/** Dies within the same turn as the last one: had it been answered before its COMMIT, it would now be lost. */
function acknowledge(line) {
  writeSync(1, `${line}\n`);
  acknowledged++;
  if (acknowledged === Number(enough)) process.kill(process.pid, 'SIGKILL');
}

async function client(n) {
  for (;;) {
    const number = count++;
    const _id = `${tag}-${n}-${number}`;
    await documents.insertOne({ _id, u: _id, state: 'new', v: 0, outbox: [{ state: 'pending' }] });
    acknowledge(`${_id} 0`);
    await documents.updateOne(
      { _id },
      { $inc: { v: 1 }, $set: { state: 'done', due: new Date(), 'outbox.0.state': 'sent' } },
    );
    acknowledge(`${_id} 1`);
    if (number % 7) continue;
    await documents.deleteOne({ _id });
    acknowledge(`${_id} gone`);
  }
}

await Promise.all([0, 1, 2, 3, 4, 5].map(client));
