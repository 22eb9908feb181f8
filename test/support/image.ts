import { spawnSync } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { readDockerfile } from './dockerfile.ts';
import { root } from './root.ts';

/** Nobody on this machine. */
const nobody = 65532;
const asNobody = [
  ...['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'],
  ...['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'],
];

/** Whether this machine lets us become nobody, and nobody run Node.js. */
export const canBeNobody =
  spawnSync('setpriv', [...asNobody, process.execPath, '--version']).status === 0;

/**
 * What the last stage of the Dockerfile puts together, in a folder, and how it starts it: as a numbered user, without
 * capabilities, in a tree that belongs to root.
 */
export async function assembleImage() {
  const stage = readDockerfile(await readFile(join(root, 'Dockerfile'), 'utf8')).at(-1) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'cairn-image-'));
  await chmod(folder, 0o755);
  const app = join(folder, 'app');
  const data = join(folder, 'data');
  await mkdir(app);
  await mkdir(data, { mode: 0o700 });
  await chown(data, nobody, nobody);
  for (const { keyword, text } of stage) {
    if (keyword === 'COPY') await copy(text.split(' '), app);
  }

  const textOf = (name: string) => stage.find(({ keyword }) => keyword === name)?.text ?? '';
  const wordsOf = (name: string) =>
    stage.find(({ keyword }) => keyword === name)?.words?.slice(1) ?? [];
  const declared = textOf('ENV')
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]);
  return {
    app,
    user: textOf('USER'),
    env: { ...Object.fromEntries(declared), CAIRN_DATA_DIR: data },
    /** For `spawn`, with `setpriv` as the command. */
    start: [...asNobody, process.execPath, ...wordsOf('CMD')],
    check: [...asNobody, process.execPath, ...wordsOf('HEALTHCHECK')],
    command: (...words: readonly string[]) => [...asNobody, ...words],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function copy(words: readonly string[], app: string): Promise<void> {
  const target = join(app, words.at(-1) ?? '');
  for (const source of words.slice(0, -1).map((word) => word.replace(/^\/app\//, ''))) {
    if (source === 'node_modules') await copyPackages(app);
    else
      await cp(join(root, source), words.at(-1) === './' ? join(app, source) : target, {
        recursive: true,
      });
  }
}

/** Without those for development, as `npm prune --omit=dev` leaves them. */
async function copyPackages(app: string): Promise<void> {
  const listed = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  const folders = listed.stdout.split('\n').filter((line) => line.includes('node_modules'));
  if (folders.length === 0) throw new Error(`npm lists no packages: ${listed.stderr}`);
  for (const folder of folders) {
    const target = join(app, relative(root, folder));
    await mkdir(dirname(target), { recursive: true });
    await cp(folder, target, {
      recursive: true,
      filter: (path) => !relative(folder, path).split('/').includes('node_modules'),
    });
  }
}
