import { copyFile, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createApi, type Api } from '../support/api.ts';
import { addPerson } from '../support/first-badge.ts';
import { checkWithDigitalBazaar } from '../support/foreign.ts';
import {
  adminKey,
  findFreePort,
  makeDataDir,
  run,
  startBuilt,
  type BuiltCairn,
} from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { startTemporaryStore, until } from '../support/store.ts';

// R14: a school is backed up while it approves, its machine is lost, and it goes on somewhere else.

const approvals = 200;
const early = 30;
const secret = { CAIRN_BACKUP_PASSPHRASE: 'correct horse battery' };

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly award: string;
}

let place: Awaited<ReturnType<typeof makeDataDir>>;
let settings: { port: string; CAIRN_BOOTSTRAP_ADMIN_KEY: string; CAIRN_FETCH_ALLOW: string };
let cairn: BuiltCairn | undefined;
let file: string;
/** Published credentials by what verification says of them, as they were signed. */
const documents = new Map<string, { outcome: string; document: string }>();
let evidence: string;
/** Submissions whose approval was answered before the backup began. */
const decided = new Set<string>();
let dataDir: string;
/** How long a restore takes that nobody disturbs. */
let restoreMs: number;
/** Somebody who was erased after the backup. */
let erased: { person: string; credential: string };
let server: Awaited<ReturnType<typeof startTemporaryStore>>;

/** What becomes of the first credentials. */
const fates = [
  { outcome: 'revoked', decisions: ['revoke'] },
  { outcome: 'revoked', decisions: ['suspend', 'revoke'] },
  { outcome: 'suspended', decisions: ['suspend'] },
  { outcome: 'suspended', decisions: ['suspend', 'reinstate', 'suspend'] },
  { outcome: 'valid', decisions: ['suspend', 'reinstate'] },
];

const listAll = async (api: Api, path: string) => {
  const items: Listed[] = [];
  for (let cursor = ''; ;) {
    const page = await api.call<{ items: Listed[]; next?: string }>(
      'GET',
      `${path}?limit=100${cursor}`,
    );
    items.push(...page.items);
    if (page.next === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
};

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

async function allIssued(owner: Api, atLeast: number): Promise<void> {
  await until(async () => {
    const found = await listAll(owner, '/issuances');
    return found.length >= atLeast && found.every(({ state }) => state === 'issued');
  }, 120_000);
}

const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run('dist/cli.js', args, { CAIRN_DATA_DIR: dataDir, CAIRN_URL: base(), ...secret, ...env });

const journal = () => join(place.path, 'erasures.jsonl');
const base = () => `http://localhost:${settings.port}`;

beforeAll(async () => {
  place = await makeDataDir();
  server = await startTemporaryStore();
  dataDir = join(place.path, 'data');
  file = join(place.path, 'school.age');
  const port = await findFreePort();
  settings = {
    port,
    CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    CAIRN_FETCH_ALLOW: `localhost:${port}`,
  };
  cairn = await startBuilt(dataDir, settings);
  const school = await openRemoteSchool(cairn.base);
  const { owner, teacher, approval } = school;

  const learner = await addPerson(owner, cairn.base, { name: 'Ada Example', roles: ['learner'] });
  evidence = (await learner.api.upload('work.txt', 'One half and one third.\n')).id;
  await learner.api.call('POST', '/submissions', {
    achievements: [approval.achievement],
    evidence: [{ name: 'My work', file: evidence }],
    submit: true,
  });
  const waiting: string[] = [];
  await inParallel(
    Array.from({ length: approvals }, (_, index) => `Learner ${index}`),
    async (name) => waiting.push(await school.handIn(name)),
  );
  const approve = async (id: string) => {
    const { status } = await teacher.send('POST', `/submissions/${id}/reviews`, approval);
    expect(status).toBe(201);
    return id;
  };

  await inParallel(waiting.splice(0, early), approve);
  await allIssued(owner, early);
  const credentials = await listAll(owner, '/credentials');
  await inParallel(credentials, ({ id }) => owner.call('POST', `/credentials/${id}/publish`));
  for (const [index, { id }] of credentials.entries()) {
    const { outcome, decisions } = fates[index] ?? { outcome: 'valid', decisions: [] };
    for (const decision of decisions) {
      await owner.call('POST', `/credentials/${id}/${decision}`, { reason: 'A drill.' });
    }
    const document = await (await fetch(`${base()}/credentials/${id}.json`)).text();
    documents.set(id, { outcome, document });
  }
  expect(await cli(['keys', 'rotate'])).toMatchObject({ code: 0 });

  let isBegun = false;
  const approving = inParallel(waiting, async (id) => {
    const mayBeMissing = isBegun;
    await approve(id);
    if (!mayBeMissing && !isBegun) decided.add(id);
  });
  await until(() => Promise.resolve(decided.size >= 20), 60_000);
  isBegun = true;
  const left = approvals - early - decided.size;
  const began = performance.now();
  const made = await cli(['--json', 'backup', file]);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  expect(made).toMatchObject({ code: 0, stderr: '' });
  await approving;
  const [gone = ''] = documents.keys();
  const { items } = await owner.call<{ items: { id: string; learner: string }[] }>(
    'GET',
    '/credentials?limit=200',
  );
  const person = items.find(({ id }) => id === gone)?.learner ?? '';
  await owner.call('DELETE', `/people/${person}`);
  erased = { person, credential: gone };
  documents.delete(gone);
  await copyFile(join(dataDir, 'erasures.jsonl'), journal());
  const { collections } = JSON.parse(made.stdout) as {
    collections: Record<'credentials' | 'awards', { documents: number }>;
  };
  const { awards, credentials: signed } = collections;
  console.info(
    `backed up in ${seconds} s with ${awards.documents} awards, ${signed.documents} of them signed, while ${left} approvals went on`,
  );
  expect(left).toBeGreaterThan(0);
}, 600_000);
afterAll(async () => {
  await cairn?.stop();
  await server.close();
  await place.remove();
});

it('says that there is no room, and leaves no half of a backup', async () => {
  const limited = await run(
    'test/support/limited.js',
    ['64', 'dist/cli.js', 'backup', `${file}.2`],
    {
      CAIRN_DATA_DIR: dataDir,
      ...secret,
    },
  );
  expect(limited).toMatchObject({ code: 1, stdout: '' });
  expect(limited.stderr).toContain('There is not enough room on the disk. Nothing was changed.');
  await expect(stat(`${file}.2`)).rejects.toThrow('ENOENT');
}, 60_000);

it('is not restored over a school that is running', async () => {
  const over = await cli(['restore', '--force', file]);
  expect(over).toMatchObject({ code: 1, stdout: '' });
  expect(over.stderr).toMatch(/^Cairn is running on .*\. Stop it first\./);
}, 60_000);

it('goes on after everything was lost', async () => {
  expect(await cairn?.stop()).toMatchObject({ code: 0 });
  await rm(dataDir, { recursive: true });
  const began = performance.now();
  const restored = await cli(['restore', file, '--erasures', journal()]);
  restoreMs = performance.now() - began;
  expect(restored).toMatchObject({ code: 0 });
  expect(restored.stdout).toContain('1 people were erased again');
  expect(restored.stdout).toContain('Every active signing key opens and signs.');
  expect(restored.stdout).toContain('counts as valid until you revoke it again');
  cairn = await startBuilt(dataDir, settings);
  console.info(`restored and ready in ${((performance.now() - began) / 1_000).toFixed(1)} s`);

  const owner = createApi(cairn.base, adminKey);
  await allIssued(owner, early + decided.size);
  const invariants = await cli(['doctor', '--invariants']);
  expect(invariants.stdout).not.toContain('WRONG');
  expect(invariants).toMatchObject({ code: 0 });
  for (const id of decided) {
    const { decisions } = await owner.call<{ decisions: { state: string }[] }>(
      'GET',
      `/submissions/${id}`,
    );
    expect(decisions).toMatchObject([{ state: 'approved' }]);
  }
}, 600_000);

it('says of every credential what it said before, byte for byte', async () => {
  const owner = createApi(base(), adminKey);
  const { id: organization } = await owner.call<{ id: string }>('GET', '/organization');
  const did = (await (
    await fetch(`${base()}/issuers/${organization}/did.json`)
  ).json()) as Parameters<typeof checkWithDigitalBazaar>[1];
  for (const [id, { document, outcome }] of documents) {
    expect(await (await fetch(`${base()}/credentials/${id}.json`)).text()).toBe(document);
    const verified = await fetch(`${base()}/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: document,
    });
    expect(await verified.json()).toMatchObject({ outcome });
  }
  const [first = ''] = [...documents.values()].map(({ document }) => document);
  expect(await checkWithDigitalBazaar(first, did)).toMatchObject({ verified: true });
  const kept = await fetch(`${base()}/api/v1/files/${evidence}`, {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  expect(await kept.text()).toBe('One half and one third.\n');
}, 120_000);

it('does not bring back who was erased after the backup', async () => {
  const owner = createApi(base(), adminKey);
  expect(await owner.send('GET', `/people/${erased.person}`)).toMatchObject({ status: 410 });
  expect((await fetch(`${base()}/credentials/${erased.credential}.json`)).status).toBe(410);
  expect(await readFile(join(dataDir, 'erasures.jsonl'), 'utf8')).toContain(erased.person);
}, 60_000);

it('is repeated after kill -9 at any moment, on both engines', async () => {
  const points: string[] = [];
  const expected = JSON.parse((await cli(['--json', 'restore', '--check', file])).stdout) as object;
  for (const env of [{}, { MONGODB_URI: server.uri }]) {
    const folder = join(place.path, 'MONGODB_URI' in env ? 'server' : 'folder');
    await mkdir(folder);
    const there = { ...env, CAIRN_DATA_DIR: folder };
    let kills = 0;
    for (const share of [0.2, 0.4, 0.6, 0.75, 0.9]) {
      const killAfterMs = Math.round(share * restoreMs);
      const killed = await run(
        'dist/cli.js',
        ['restore', file],
        { ...there, CAIRN_URL: base(), ...secret },
        { killAfterMs },
      );
      points.push(killed.code === null ? `${killAfterMs} ms` : 'not at all');
      if (killed.code === 0) break;
      // The one before was killed when everything was done but its own end.
      if (killed.code === 1 && killed.stderr.includes('is not empty')) break;
      expect(killed).toMatchObject({ code: null });
      kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    const again = await cli(['--json', 'restore', '--force', file], there);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toMatchObject({
      manifest: { collections: (expected as { collections: object }).collections },
      problems: [],
    });
    expect(await cli(['audit', 'verify'], there)).toMatchObject({ code: 0 });
  }
  console.info(`killed after ${points.join(', ')}`);
}, 600_000);

it('is opened by nobody who only has the file', async () => {
  expect((await readFile(file)).toString('latin1')).not.toMatch(/Learner|privateKey|credentials\//);
  const other = await cli(['restore', '--check', file], {
    CAIRN_BACKUP_PASSPHRASE: 'incorrect horse battery',
  });
  expect(other).toMatchObject({ code: 1, stdout: '' });
  expect(other.stderr).toContain('does not open the backup');
  const short = await cli(['backup', `${file}.3`], { CAIRN_BACKUP_PASSPHRASE: 'horse' });
  expect(short.code).toBe(1);
  expect(short.stderr).toContain('CAIRN_BACKUP_PASSPHRASE must have at least 12 characters');
}, 60_000);
