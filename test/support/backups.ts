import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBackup } from '../../src/compose/backup.ts';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { restoreBackup, type RestoreOptions } from '../../src/compose/restore.ts';
import { parseSettings, type Settings } from '../../src/config/settings.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { silentLog } from './log.ts';

export const passphrase = 'correct horse battery';

type Environment = Readonly<Record<string, string>>;

/** Folders that go with the test. */
export function makeFolders() {
  const made: string[] = [];
  return {
    make: async (): Promise<string> => {
      const path = await mkdtemp(join(tmpdir(), 'cairn-backup-'));
      made.push(path);
      return path;
    },
    removeAll: async () => {
      for (const path of made) await rm(path, { recursive: true, force: true });
    },
  };
}

export function settingsFor(dataDir: string, env: Environment = {}): Settings {
  return parseSettings({
    NODE_ENV: 'test',
    CAIRN_URL: 'http://localhost:3000',
    CAIRN_DATA_DIR: dataDir,
    CAIRN_LOG_LEVEL: 'silent',
    ...env,
  });
}

export function backUp(settings: Settings, file: string, changes: { withKey?: boolean } = {}) {
  return makeBackup(
    settings,
    { file, passphrase, force: false, withKey: true, ...changes },
    { documents: () => undefined, files: () => undefined },
  );
}

export function restore(
  settings: Settings,
  file: string,
  { now, ...changes }: Partial<RestoreOptions> & { readonly now?: Clock } = {},
) {
  const options = { file, passphrase, force: false, withoutKeys: false, erasures: [], ...changes };
  return restoreBackup(settings, options, () => undefined, now);
}

/** What is in a folder, names and contents. */
export async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path.slice(folder.length), (await readFile(path)).toString('latin1')] as const;
      }),
    ),
  );
}

/** Cairn on what was restored, for as long as `work` takes. */
export async function withCairnOn<T>(
  settings: Settings,
  work: (cairn: Cairn) => Promise<T>,
): Promise<T> {
  const cairn = await compose(settings, { log: silentLog });
  try {
    return await work(cairn);
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}
