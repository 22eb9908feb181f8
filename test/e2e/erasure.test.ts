import { cp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { leaseMs } from '../../src/domain/awards.ts';
import { parseErasures, secondPassMs } from '../../src/domain/erasures.ts';
import { scopeOf, systemActor, type Actor } from '../../src/domain/roles.ts';
import { startCairn } from '../support/cairn.ts';
import { addKnownPerson, findWords } from '../support/known-person.ts';
import { silentLog } from '../support/log.ts';
import { makeDataDir, run } from '../support/process.ts';
import { openSchool } from '../support/school.ts';
import type { Task } from './killed-erasure.ts';

// A process is killed before each single write of an erasure; another one finishes it.

let data: Awaited<ReturnType<typeof makeDataDir>>;
let actor: Actor;
let known: Awaited<ReturnType<typeof addKnownPerson>>;

const environment = (dataDir: string) => ({
  NODE_ENV: 'test',
  CAIRN_URL: 'http://localhost:3000',
  CAIRN_LOG_LEVEL: 'silent',
  CAIRN_DATA_DIR: dataDir,
});

beforeAll(async () => {
  data = await makeDataDir();
  const cairn = await startCairn({ env: environment(join(data.path, 'before')) });
  cairn.cairn.queue.process(cairn.services.issuances.process);
  known = await addKnownPerson(cairn, await openSchool(cairn));
  const { organization } = await cairn.services.organizations.operator();
  actor = systemActor(organization);
  await cairn.cairn[Symbol.asyncDispose]();
}, 60_000);
afterAll(async () => {
  await data.remove();
});

/** What a process that comes later finds, after the sweeps that it makes. */
async function resume(dataDir: string) {
  let time = Date.now();
  const settings = parseSettings(environment(dataDir));
  const cairn = await compose(settings, { log: silentLog, now: () => new Date(time) });
  const { erasures, people } = cairn.storage.stores;
  try {
    for (const wait of [leaseMs, secondPassMs, secondPassMs]) {
      time += wait + 1_000;
      await cairn.dispatcher.sweep();
    }
    const scope = scopeOf(actor);
    return {
      person: await people.find(scope, known.learner.id),
      state: (await erasures.find(scope, known.learner.id))?.state,
      words: await findWords(dataDir),
      faults: (await cairn.services.invariants.examine()).flatMap(({ faults }) => faults),
    };
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}

it('a kill before any write of an erasure leaves everything or, after a while, nothing', async () => {
  let finished = false;
  let kills = 0;
  for (let dieBefore = 1; !finished; dieBefore += 1) {
    const dataDir = join(data.path, `killed-${dieBefore}`);
    await cp(join(data.path, 'before'), dataDir, { recursive: true });
    const task: Task = { actor, person: known.learner.id, dieBefore };
    const child = await run(
      'test/e2e/killed-erasure.ts',
      [JSON.stringify(task)],
      environment(dataDir),
    );
    expect(child.stderr).toBe('');
    finished = child.code === 0;
    const outcome = await resume(dataDir);
    if (dieBefore === 1) expect(outcome.person).toBeDefined();
    else expect(outcome).toEqual({ person: undefined, state: 'erased', words: [], faults: [] });
    await rm(dataDir, { recursive: true });
    kills += finished ? 0 : 1;
  }
  console.info(`killed before each of ${kills} writes`);
  expect(kills).toBeGreaterThan(10);
}, 900_000);

it('a journal that has room for a part of a line only erases nobody yet', async () => {
  const dataDir = join(data.path, 'short');
  await cp(join(data.path, 'before'), dataDir, { recursive: true });
  const again = join(dataDir, 'again.jsonl');
  const { id: person } = known.learner;
  const { organization } = actor;
  const entry = { person, organization, at: new Date(), credentials: [] };
  await writeFile(again, JSON.stringify(entry));
  const [limitBlocks, block] = [65_536, 512];
  const journal = join(dataDir, 'erasures.jsonl');
  const file = await open(journal, 'w');
  await file.write('\n', limitBlocks * block - 20);
  await file.close();

  const cut = await run(
    'test/support/limited.js',
    [String(limitBlocks), 'dist/cli.js', 'erasures', 'replay', again],
    environment(dataDir),
  );
  expect(cut).toMatchObject({ code: 1, stdout: '' });
  const cairn = await compose(parseSettings(environment(dataDir)), { log: silentLog });
  expect(await cairn.storage.stores.people.find(scopeOf(actor), person)).toBeDefined();
  await cairn[Symbol.asyncDispose]();

  expect(await resume(dataDir)).toMatchObject({ person: undefined, state: 'erased' });
  const { entries } = parseErasures((await readFile(journal, 'utf8')).replaceAll('\0', ''));
  expect(entries.map((one) => one.person)).toEqual([person]);
}, 120_000);
