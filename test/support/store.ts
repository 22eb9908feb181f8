import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedOptions } from '../../src/storage/embedded/embedded.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';

export interface TemporaryStore {
  readonly uri: string;
  readonly file: string;
  readonly close: () => Promise<void>;
}

/** An engine on a file of its own in a temporary folder, which goes with it. */
export async function startTemporaryStore(
  options: Omit<EmbeddedOptions, 'file'> = {},
): Promise<TemporaryStore> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const file = join(folder, 'data', 'store.db');
  const { uri, close } = await startEmbedded({ ...options, file });
  return {
    uri,
    file,
    close: async () => {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until something is so; the deadline is an error. */
export async function until(isSo: () => Promise<boolean>, deadlineMs = 30_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('It did not come about in time');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
