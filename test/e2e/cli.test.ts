import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi, type Api } from '../support/api.ts';
import { waitForCredential } from '../support/first-badge.ts';
import { adminKey, makeDataDir, run, startBuilt, type BuiltCairn } from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';

// The command line beside a running server, on the same data folder.

let data: Awaited<ReturnType<typeof makeDataDir>>;
let cairn: BuiltCairn;
let owner: Api;
let address: string;
let credential: string;

beforeAll(async () => {
  data = await makeDataDir();
  cairn = await startBuilt(data.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
  const school = await openRemoteSchool(cairn.base);
  owner = school.owner;
  const decided = await school.teacher.call<{ decisions: { issuance: string }[] }>(
    'POST',
    `/submissions/${await school.handIn('Ada')}/reviews`,
    school.approval,
  );
  const id = await waitForCredential(owner, decided.decisions[0]?.issuance ?? '');
  await owner.call('POST', `/credentials/${id}/publish`);
  address = `${cairn.base}/credentials/${id}`;
  credential = await (await fetch(`${address}.json`)).text();
}, 60_000);
afterAll(async () => {
  await cairn.stop();
  await data.remove();
});

/** Runs the command with `--json`. */
async function ask(...args: string[]) {
  const env = { CAIRN_DATA_DIR: data.path, CAIRN_FETCH_ALLOW: cairn.host };
  const { code, stdout, stderr } = await run('dist/cli.js', ['--json', ...args], env);
  return { code, stderr, answer: (stdout === '' ? undefined : JSON.parse(stdout)) as unknown };
}

async function keep(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(data.path, name);
  await writeFile(path, content);
  return path;
}

describe('cairn', () => {
  it('config tells every setting and no secret', async () => {
    const secret = 'mongodb://user:hidden@store.example';
    const { code, stdout } = await run('dist/cli.js', ['config', '--json'], {
      MONGODB_URI: secret,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ variable: 'PORT', value: '3000', default: '3000' }),
        expect.objectContaining({ variable: 'MONGODB_URI', value: '(set, not shown)' }),
      ]),
    );
    expect(stdout).not.toContain('hidden');
    const forPeople = await run('dist/cli.js', ['config'], {});
    expect(forPeople.stdout).toMatch(/^VARIABLE +NOW +DEFAULT +MEANING\n/);
  }, 60_000);

  it('doctor and audit verify find everything in order', async () => {
    const doctor = await ask('doctor');
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    const looked = doctor.answer as readonly { what: string; ok: boolean }[];
    expect(looked.filter(({ ok }) => !ok)).toEqual([]);
    expect(looked.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['store', 'signing keys', 'audit chain', 'issuance log', 'clock']),
    );
    const audit = await ask('audit', 'verify');
    expect(audit.code).toBe(0);
    expect(audit.answer).toHaveLength(2);
    expect(JSON.stringify(audit.answer)).not.toContain('fault');
  }, 60_000);

  it('doctor --invariants reads the whole store beside the running server', async () => {
    const { code, answer } = await ask('doctor', '--invariants', '--sample', '100');
    expect(answer).toMatchObject({ ok: true, invariants: { length: 8 } });
    expect(JSON.stringify(answer)).toContain('"verified":1');
    expect(code).toBe(0);
    expect(await ask('doctor', '--invariants', '--sample', 'all')).toMatchObject({ code: 1 });
  }, 60_000);

  it('keys list shows both kinds and nothing private', async () => {
    const keys = await ask('keys', 'list');
    expect(keys.code).toBe(0);
    expect(keys.answer).toMatchObject([
      { kind: 'Ed25519', state: 'active' },
      { kind: 'RS256', state: 'active' },
    ]);
    expect(JSON.stringify(keys.answer)).not.toMatch(/private|wrapped|"d":/i);
  }, 60_000);

  it('keys rotate and keys compromise change them beside the running server', async () => {
    const rotated = await ask('keys', 'rotate', '--kind', 'RS256');
    expect(rotated).toMatchObject({ code: 0, answer: [{ kind: 'RS256', state: 'active' }] });
    const [{ id }] = rotated.answer as [{ id: string }];
    const report = ['--at', '2026-01-01T00:00:00Z', '--reason', 'A test.'];
    expect(await ask('keys', 'compromise', id, ...report)).toMatchObject({
      code: 0,
      answer: [{ id, state: 'compromised', compromisedAt: '2026-01-01T00:00:00.000Z' }],
    });
    const vague = ['--at', 'yesterday', '--reason', 'A test.'];
    expect(await ask('keys', 'compromise', id, ...vague)).toMatchObject({ code: 1 });
    const published = await (await fetch(`${cairn.base}/.well-known/jwks.json`)).text();
    expect(published).not.toContain(id);
    expect((JSON.parse(published) as { keys: object[] }).keys).toHaveLength(2);
  }, 60_000);

  it('api-key create makes a key that works at once', async () => {
    const made = await ask('api-key', 'create', '--name', 'Sync', '--role', 'admin');
    expect(made.code).toBe(0);
    const { secret } = made.answer as { secret: string };
    expect(await createApi(cairn.base, secret).call('GET', '/organization')).toBeDefined();

    expect(await ask('api-key', 'create', '--name', 'Sync')).toMatchObject({ code: 1 });
    expect(await ask('api-key', 'create', '--name', 'X', '--role', 'king')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('king') as unknown,
    });
  }, 60_000);

  it('verify takes a file or an address, and fails for what is not valid', async () => {
    const file = await keep('badge.json', credential);
    const png = await keep(
      'badge.png',
      Buffer.from(await (await fetch(`${address}.png`)).arrayBuffer()),
    );
    for (const source of [file, png, address, `${address}.svg`, `${address}.jwt`]) {
      const verified = await ask('verify', source);
      expect([source, verified.code]).toEqual([source, 0]);
      expect(verified.answer).toMatchObject({ verified: true, outcome: 'valid' });
    }
    const forged = await keep('forged.json', credential.replace('Fractions', 'Frictions'));
    const refused = await ask('verify', forged);
    expect(refused.code).toBe(1);
    expect(refused.answer).toMatchObject({ verified: false, outcome: 'invalid' });

    const missing = await run('dist/cli.js', ['verify', join(data.path, 'none.json')], {});
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toMatch(
      /^There is no file to read at .*none\.json\. \[verify\.no_file\]\n$/,
    );
  }, 120_000);

  it('import standards --dry-run tells what would happen and changes nothing', async () => {
    const sheet = await keep('standards.csv', 'code,statement\nA.1,Adds\nA.2,Subtracts\n');
    const before = await fingerprint();
    const options = ['--title', 'Arithmetic', '--dry-run'];
    const dry = await ask('import', 'standards', sheet, ...options);
    expect(dry).toMatchObject({
      code: 0,
      answer: { created: 2, framework: { title: 'Arithmetic' } },
    });
    expect(await fingerprint()).toBe(before);

    const broken = await keep('broken.csv', 'code,statement\nA.1,\n');
    const refused = await ask('import', 'standards', broken, ...options);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('row 2');
    expect(refused.stderr).not.toContain('    at ');
  }, 60_000);

  it('award awards what a sheet says, after a dry run that names every bad row', async () => {
    const person = { name: 'Grace', email: 'grace@school.example', roles: ['learner'] };
    const { id } = await owner.call<{ id: string }>('POST', '/people', person);
    const header = 'learner;achievement;narrative;criterion: Reasoning';
    const right = 'grace@school.example;Fractions that add up;"Seen; twice";Proficient';
    const bad = await keep('bad.csv', `${header}\n${right}\nnobody;Fractions that add up;Seen;\n`);
    const before = await fingerprint();
    const dry = await ask('award', bad, '--dry-run');
    expect(dry).toMatchObject({
      code: 1,
      answer: { dryRun: true, total: 2, awarded: 1, failed: 1, rows: [{ line: 2 }, { line: 3 }] },
    });
    const env = { CAIRN_DATA_DIR: data.path };
    const refused = await run('dist/cli.js', ['award', bad], env);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(/^LINE +COLUMN +WHAT IS WRONG\n3 +learner +is no id/);
    expect(refused.stdout).toContain('Nothing was awarded.');
    expect(await fingerprint()).toBe(before);

    const sheet = await keep('awards.csv', `${header}\n${right}\n`);
    // What it awards names the addresses of the server, so it needs the server's settings.
    const port = cairn.host.split(':')[1] ?? '';
    const done = await run('dist/cli.js', ['--json', 'award', sheet], { ...env, PORT: port });
    const made = { code: done.code, answer: JSON.parse(done.stdout) as unknown };
    expect(made).toMatchObject({ code: 0, answer: { total: 1, awarded: 1, failed: 0 } });
    const { rows } = made.answer as { rows: { issuance: string }[] };
    await waitForCredential(owner, rows[0]?.issuance ?? '', 30_000);
    expect(await ask('award', sheet)).toMatchObject({ code: 0, answer: { alreadyAwarded: 1 } });

    expect((await owner.send('DELETE', `/people/${id}`)).status).toBe(204);
    const log = join(data.path, 'erased.jsonl');
    expect(await ask('erasures', 'export', log)).toMatchObject({ code: 0, answer: { people: 1 } });
    expect(await ask('erasures', 'replay', log)).toMatchObject({
      code: 0,
      answer: { erased: 0, known: 1, elsewhere: 0, unreadable: 0 },
    });
  }, 120_000);

  it('says what it does not know', async () => {
    const unknown = await run('dist/cli.js', ['sing'], {});
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain("unknown command 'sing'");
  }, 60_000);
});

async function fingerprint(): Promise<string> {
  const frameworks = await owner.call('GET', '/frameworks');
  const events = await owner.call('GET', '/audit-events');
  return createHash('sha256')
    .update(JSON.stringify([frameworks, events]))
    .digest('hex');
}
