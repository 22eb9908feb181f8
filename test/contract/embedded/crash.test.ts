import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { startEmbedded } from '../../../src/storage/embedded/embedded.ts';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 8);
const writer = fileURLToPath(new URL('./writer.js', import.meta.url));

interface Stored {
  _id: string;
  v: number;
}

/** Lets a writer work until it has had so many acknowledgements and is killed; gives what was acknowledged. */
async function writeUntilKilled(file: string, tag: string, enough: number) {
  const acknowledged = new Map<string, string>();
  const child = spawn(process.execPath, [writer, file, tag, String(enough)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nobody tidies up after a killed process: its socket is left here.
    env: { ...process.env, TMPDIR: dirname(file) },
  });
  const ended = new Promise((settle) =>
    child.once('exit', (_code, signal) => {
      settle(signal);
    }),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const [id = '', state = ''] = line.split(' ');
    acknowledged.set(id, state);
  }
  expect(await ended).toBe('SIGKILL');
  return acknowledged;
}

/** What the file holds after it has been opened again, and whether its indexes fit. */
async function reopen(file: string) {
  const store = await startEmbedded({ file });
  const connection = await mongoose.createConnection(store.uri, { dbName: 'crash' }).asPromise();
  const documents = await connection.collection<Stored>('documents').find({}).toArray();
  const check = await connection.db?.command({ cairnVerifyStore: 1 });
  await connection.close();
  await store.close();
  return { stored: new Map(documents.map(({ _id, v }) => [_id, v])), check };
}

describe('a process that is killed while it writes', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'crash-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it(`loses nothing that it had acknowledged, ${ROUNDS} times over`, async () => {
    const file = join(folder, 'store.db');
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await writeUntilKilled(file, `r${round}`, 40 + round * 23);
      const { stored, check } = await reopen(file);
      expect(check).toMatchObject({ ok: 1, problems: [] });
      const lost = [...acknowledged].filter(([id, state]) => {
        const v = stored.get(id);
        if (state === 'gone') return v !== undefined;
        // What was asked for next may have been done although nobody was told.
        if (v === undefined) return state === '0' || !mayBeDeleted(id);
        return v < Number(state);
      });
      expect(lost).toEqual([]);
      expect(acknowledged.size).toBeGreaterThan(10);
    }
  }, 180_000);
});

/** The writer deletes every seventh document. */
function mayBeDeleted(id: string): boolean {
  return Number(id.split('-').at(-1)) % 7 === 0;
}
