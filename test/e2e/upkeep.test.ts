import { makeDataDir, run } from '../support/process.ts';

// What an operator does to an installation from the command line, and what it must not do to them.

let data: Awaited<ReturnType<typeof makeDataDir>>;
beforeEach(async () => {
  data = await makeDataDir();
});
afterEach(() => data.remove());

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
});
