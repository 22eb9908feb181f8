import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { waitForCredential } from '../support/first-badge.ts';
import { assembleImage, canBeNobody } from '../support/image.ts';
import { adminKey, findFreePort } from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { until } from '../support/store.ts';

// The image cannot be built here. This is what it would hold and start, by hand: the files that the Dockerfile copies,
// its environment, its user, its command and its health check.

const suite = canBeNobody ? describe : describe.skip;

suite(`what the Dockerfile starts${canBeNobody ? '' : ' (needs root and setpriv)'}`, () => {
  let image: Awaited<ReturnType<typeof assembleImage>>;
  let env: Record<string, string>;
  let child: ReturnType<typeof spawn>;
  let output = '';
  let base: string;

  beforeAll(async () => {
    image = await assembleImage();
    const port = await findFreePort();
    base = `http://127.0.0.1:${port}`;
    env = {
      ...image.env,
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: port,
      CAIRN_METRICS_PORT: await findFreePort(),
      CAIRN_URL: 'https://badges.school.example',
      CAIRN_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    };
    child = spawn('setpriv', image.start, { cwd: image.app, env });
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => {
      if (child.exitCode !== null) throw new Error(`it ended: ${output}`);
      return Promise.resolve(output.includes('Cairn is ready'));
    }, 60_000);
  }, 180_000);
  afterAll(async () => {
    child.kill('SIGKILL');
    await image.remove();
  });

  const perform = (words: readonly string[]) =>
    spawnSync('setpriv', words, { cwd: image.app, env, encoding: 'utf8' });

  it('runs as the user of the Dockerfile, who may write nowhere in its tree', () => {
    expect(image.user).toBe('65532:65532');
    const user = spawnSync('ps', ['-o', 'uid=,gid=', '-p', String(child.pid)], {
      encoding: 'utf8',
    });
    expect(user.stdout.trim().split(/\s+/)).toEqual(['65532', '65532']);
    const found = perform(image.command('find', '.', '-writable', '-not', '-type', 'l'));
    expect(found).toMatchObject({ status: 0, stdout: '' });
  });

  it('is production, with an https address', () => {
    expect(env.NODE_ENV).toBe('production');
    expect(output).toContain('"address":"https://badges.school.example"');
  });

  it('is found healthy by its own health check', () => {
    expect(perform(image.check).status).toBe(0);
    const other = { ...env, CAIRN_METRICS_PORT: '1' };
    expect(spawnSync('setpriv', image.check, { cwd: image.app, env: other }).status).toBe(1);
  });

  it('issues a badge, draws it, and verifies it', async () => {
    const school = await openRemoteSchool(base);
    const decided = await school.teacher.call<{ decisions: { issuance: string }[] }>(
      'POST',
      `/submissions/${await school.handIn('Ada')}/reviews`,
      school.approval,
    );
    const id = await waitForCredential(school.owner, decided.decisions[0]?.issuance ?? '', 30_000);
    await school.owner.call('POST', `/credentials/${id}/publish`);
    const picture = await fetch(`${base}/credentials/${id}.png`);
    expect(picture.status).toBe(200);
    const answer = await fetch(`${base}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: await picture.arrayBuffer(),
    });
    expect(await answer.json()).toMatchObject({ verified: true, outcome: 'valid' });
  }, 60_000);

  it('runs the command line beside it, which finds everything in order', () => {
    const words = image.command(process.execPath, 'dist/cli.js', 'doctor', '--json');
    const { status, stdout, stderr } = perform(words);
    expect({ status, stderr, wrong: stdout.includes('"ok": false') }).toEqual({
      status: 0,
      stderr: '',
      wrong: false,
    });
  }, 60_000);

  it('ends by itself on SIGTERM', async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 60_000);
});
