import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi } from '../support/api.ts';
import { adminKey, makeDataDir, run, startBuilt } from '../support/process.ts';

// What an operator does to an installation from the command line, and what it must not do to them.

let data: Awaited<ReturnType<typeof makeDataDir>>;
beforeEach(async () => {
  data = await makeDataDir();
});
afterEach(() => data.remove());

const home = () => join(data.path, 'data');
const cairn = (...args: string[]) =>
  run('dist/cli.js', args, {
    CAIRN_DATA_DIR: home(),
    CAIRN_BACKUP_PASSPHRASE: 'correct horse battery',
  });

describe('cairn migrate', () => {
  it('changes the store in the folder that nobody named', async () => {
    const there = { cwd: data.path };
    expect(await run('dist/cli.js', ['migrate'], {}, there)).toMatchObject({ code: 0, stderr: '' });
    const back = await run('dist/cli.js', ['migrate', '--to', '2'], {}, there);
    expect(back).toMatchObject({ code: 0, stderr: '' });
    const status = await run('dist/cli.js', ['migrate', '--status'], {}, there);
    expect(status.stdout).toMatch(/^2 .* done /m);
    expect(status.stdout).toMatch(/^3 .* pending/m);
  }, 120_000);

  it('is not done under a Cairn that runs, and not on what a restore left unfinished', async () => {
    const running = await startBuilt(home(), { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
    const refused = await cairn('migrate', '--to', '2').finally(() => running.stop());
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('[store.in_use]');
    expect(await cairn('migrate', '--to', '2')).toMatchObject({ code: 0, stderr: '' });

    await rm(join(home(), 'store.db'));
    await writeFile(join(home(), 'restore-unfinished'), '');
    const before = await readdir(home());
    const migrated = await cairn('migrate');
    expect(migrated).toMatchObject({ code: 1, stdout: '' });
    expect(migrated.stderr).toContain('[store.restore_unfinished]');
    const doctor = await cairn('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/WRONG +schema +A restore or copy .* was interrupted/);
    expect(await readdir(home())).toEqual(before);
  }, 120_000);
});

describe('a backup and what is made of it', () => {
  const at = (name: string) => join(data.path, name);
  beforeEach(async () => {
    const running = await startBuilt(home(), { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
    await createApi(running.base, adminKey).upload('work.txt', 'One half and one third.\n');
    expect(await running.stop()).toMatchObject({ code: 0 });
  }, 60_000);

  it('is a failure for whoever runs it at night when a file is missing', async () => {
    expect(await cairn('backup', at('whole.age'))).toMatchObject({ code: 0 });
    for (const entry of await readdir(join(home(), 'blobs'), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (entry.isFile()) await rm(join(entry.parentPath, entry.name));
    }
    for (const command of [
      ['backup', at('half.age')],
      ['backup', '--verify', at('half.age')],
      ['restore', '--force', at('half.age')],
    ]) {
      const { code, stdout } = await cairn(...command);
      expect([command[0], code]).toEqual([command[0], 1]);
      expect(stdout).toMatch(/WRONG +file .* was missing/);
    }
  }, 120_000);

  it('takes a journal of erased people only when it can be read, and tells of lines that cannot', async () => {
    expect(await cairn('backup', at('whole.age'))).toMatchObject({ code: 0 });
    await rm(home(), { recursive: true });
    await writeFile(at('journal'), 'this is\nno journal\n');
    const restore = ['restore', at('whole.age'), '--erasures', at('journal')];
    const refused = await cairn(...restore);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/journal.*Nothing was changed.*\[backup\.not_a_journal\]/);
    expect(await readdir(home())).toEqual([]);

    const line = { person: 'p', organization: 'o', at: '2026-01-01T00:00:00Z', credentials: [] };
    await writeFile(at('journal'), `${JSON.stringify(line)}\n{"person":\n`);
    const restored = await cairn(...restore);
    expect(restored.code).toBe(1);
    expect(restored.stdout).toContain('WRONG: 1 line');
  }, 120_000);

  it('goes on without keys when told to, and says so by its exit code', async () => {
    expect(await cairn('backup', '--without-key', at('keyless.age'))).toMatchObject({ code: 0 });
    await rm(home(), { recursive: true });
    const restored = await cairn('restore', '--without-keys', at('keyless.age'));
    expect(restored.code).toBe(1);
    expect(restored.stdout).toContain('WRONG: the signing keys do not open');
  }, 120_000);

  it('never costs a journal: an export replaces no file', async () => {
    await writeFile(at('journal'), 'precious\n');
    const refused = await cairn('erasures', 'export', at('journal'));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('[erasures.exists]');
    expect(await readFile(at('journal'), 'utf8')).toBe('precious\n');
  }, 60_000);
});
