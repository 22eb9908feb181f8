import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { adminKey, makeDataDir, run } from '../test/support/process.ts';
import { connectStore } from '../src/storage/connect.ts';
import { databaseName } from '../src/storage/mongodb/address.ts';
import { startEmbedded } from '../src/storage/embedded/embedded.ts';
import { show, type Subject } from './harness.ts';
import { startServer } from './server.ts';

const credentials = 10_000;
/** About what a credential takes: two signed forms of random text, which does not compress. */
const bytesEach = 16_000;

/** A school and as many records of the size of credentials. */
async function fill(dataDir: string): Promise<void> {
  await (await startServer(dataDir)).stop();
  const store = await startEmbedded({ file: join(dataDir, 'store.db'), database: databaseName });
  const connection = await connectStore(store.uri);
  const collection = connection.collection<{ _id: string }>('benchCredentials');
  const text = () =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(bytesEach * 0.75))).toString('base64');
  for (let made = 0; made < credentials; made += 500) {
    await collection.insertMany(
      Array.from({ length: 500 }, () => ({ _id: crypto.randomUUID(), document: text() })),
    );
  }
  await connection.close();
  await store.close();
}

async function timed(args: readonly string[], dataDir: string): Promise<number> {
  const env = { CAIRN_DATA_DIR: dataDir, CAIRN_BACKUP_PASSPHRASE: adminKey };
  const began = performance.now();
  const { code, stderr } = await run('dist/cli.js', args, env);
  if (code !== 0) throw new Error(stderr);
  return (performance.now() - began) / 1_000;
}

export const backup: Subject = {
  title: 'Backup and restore',
  about: `\`cairn backup\` and \`cairn restore\` as processes, on the embedded store with ${credentials.toLocaleString('en')} records of ${bytesEach / 1_000} kB; the start of the process and scrypt are in the time.`,
  async run(tell) {
    const place = await makeDataDir();
    const [from, to, file] = ['from', 'to', 'x.age'].map((name) => join(place.path, name));
    if (from === undefined || to === undefined || file === undefined) return [];
    tell('filling a store');
    await fill(from);
    const megabytes = (credentials * bytesEach) / 1e6;
    tell('backing up');
    const backingUp = await timed(['backup', file], from);
    const { size } = await stat(file);
    tell('restoring');
    const restoring = await timed(['restore', file], to);
    await rm(place.path, { recursive: true });
    const figure = (what: string, seconds: number) => ({
      what,
      value: `${show(seconds)} s, ${show(megabytes / seconds)} MB/s`,
    });
    return [
      figure(`backup (file of ${show(size / 1e6)} MB)`, backingUp),
      figure('restore, read back and examined', restoring),
    ];
  },
};
