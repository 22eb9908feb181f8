import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { scopeOf, systemActor } from '../../src/domain/roles.ts';
import { start } from '../../src/start.ts';
import type { Api } from '../support/api.ts';
import { silentLog } from '../support/log.ts';
import {
  adminKey,
  findFreePort,
  makeDataDir,
  run,
  startBuilt,
  type BuiltCairn,
} from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { until } from '../support/store.ts';

// The server dies wherever levels are decided, while approvals arrive; another one takes over.

const before = 12;
const meanwhile = 24;
/** A page of a re-decision is left to whoever died over it for so long. */
const leaseMs = 61_000;

let data: Awaited<ReturnType<typeof makeDataDir>>;
let cairn: BuiltCairn | undefined;

beforeEach(async () => {
  data = await makeDataDir();
});
afterEach(async () => {
  await cairn?.stop('SIGKILL');
  await data.remove();
});

/** Approves the open ones until they are done or the server is gone. */
async function approveAll(teacher: Api, open: Set<string>, approval: object): Promise<void> {
  for (const id of [...open]) {
    const { status } = await teacher.send('POST', `/submissions/${id}/reviews`, approval);
    if (status !== 201 && status !== 409) throw new Error(`approving answered ${status}`);
    open.delete(id);
  }
}

const isUp = ({ base }: BuiltCairn) =>
  fetch(`${base}/healthz`).then(
    () => true,
    () => false,
  );

/** A level that everybody who holds the school's achievement has reached; switched on by what is answered. */
async function makeLevel(owner: Api, standards: readonly string[], pool: string) {
  const level = await owner.call<{ id: string; framework: string }>('POST', '/achievements', {
    ...{ kind: 'level', name: 'Foundations', description: 'Level 1.', criteria: 'By its rule.' },
    ...{ standards, level: 1, rubric: [] },
  });
  await owner.call('POST', `/achievements/${level.id}/publish`);
  const { items } = await owner.call<{ items: { id: string }[] }>('GET', '/frameworks');
  const rule = {
    ...{ pool: { achievements: [pool] }, preponderance: { minCount: 1 } },
    ...{ achievement: level.id, state: 'on' },
  };
  const path = `/frameworks/${items[0]?.id ?? ''}/level-rules/1`;
  return { id: level.id, switchOn: () => owner.call('PUT', path, rule) };
}

/** Everything that was certified, once nothing more is to come. */
async function findOutcome({ storage, services }: Cairn, level: string) {
  const { awards, levelAwards, auditEvents } = storage.stores;
  const { organization } = await services.organizations.operator();
  const scope = scopeOf(systemActor(organization));
  const list = async () =>
    (await awards.list(scope, {}, { limit: 500 })).items.filter(
      ({ achievement }) => achievement === level,
    );
  await until(async () => {
    const all = await list();
    const isDone = all.every(({ issuance }) => issuance.state === 'issued');
    const isQuiet = (await levelAwards.listUndecided(1)).length === 0;
    return isDone && isQuiet && all.length >= before + meanwhile;
  }, 90_000);
  const events = await auditEvents.list(scope, { limit: 1_000 });
  return {
    awards: await list(),
    told: events.filter(
      ({ action, details }) => action === 'award.made' && details.achievement === level,
    ).length,
    faults: await storage.verify(),
  };
}

it('a kill wherever levels are decided loses no level and certifies none twice', async () => {
  const settings = { port: await findFreePort(), CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey };
  cairn = await startBuilt(data.path, settings);
  const { owner, teacher, standards, approval, handIn } = await openRemoteSchool(cairn.base);
  const names = Array.from({ length: before + meanwhile }, (_, n) => `Learner ${n}`);
  const submissions = await Promise.all(names.map(handIn));
  const level = await makeLevel(owner, standards, approval.achievement);
  await approveAll(teacher, new Set(submissions.slice(0, before)), approval);
  await until(async () => {
    const { items } = await owner.call<{ items: object[] }>('GET', '/credentials?limit=200');
    return items.length === before;
  }, 60_000);
  expect(await cairn.stop()).toMatchObject({ code: 0 });

  cairn = await startBuilt(data.path, { ...settings, FAULT: 'levels.redecided:1' });
  const dying = cairn;
  await level.switchOn();
  await until(async () => !(await isUp(dying)), 60_000);
  expect(await cairn.stop('SIGKILL')).toMatchObject({ code: null });

  const open = new Set(submissions.slice(before));
  let deaths = 0;
  for (const likely of ['1', '.5', '.5', '.5']) {
    const FAULT = `levels.decided:${likely}`;
    // It may die of what the one before left, before it answers anybody.
    cairn = await startBuilt(data.path, { ...settings, FAULT }).catch(() => undefined);
    const server = cairn;
    if (server !== undefined) {
      await approveAll(teacher, open, approval).catch(() => undefined);
      await until(async () => !(await isUp(server)), 10_000).catch(() => undefined);
      if (!(await isUp(server))) deaths += 1;
      await server.stop('SIGKILL');
    } else deaths += 1;
  }
  console.info(`died ${deaths} times; ${open.size} of ${meanwhile} were left to approve`);
  expect(deaths).toBeGreaterThan(0);

  cairn = await startBuilt(data.path, settings);
  await approveAll(teacher, open, approval);
  expect(await cairn.stop()).toMatchObject({ code: 0 });
  const env = {
    NODE_ENV: 'test',
    CAIRN_ROLES: 'worker',
    CAIRN_LOG_LEVEL: 'silent',
    CAIRN_DATA_DIR: data.path,
  };
  const now = () => new Date(Date.now() + leaseMs);
  const worker = await compose(parseSettings(env), { log: silentLog, now });
  const stop = await start(worker);
  const outcome = await findOutcome(worker, level.id).finally(async () => {
    await stop();
    await worker[Symbol.asyncDispose]();
  });
  expect(outcome.awards).toHaveLength(before + meanwhile);
  expect(new Set(outcome.awards.map(({ learner }) => learner)).size).toBe(before + meanwhile);
  expect(outcome.awards.every(({ grounds }) => grounds?.supports.length === 1)).toBe(true);
  expect(outcome.told).toBe(before + meanwhile);
  expect(outcome.faults).toEqual([]);
  const doctor = await run('dist/cli.js', ['doctor'], { CAIRN_DATA_DIR: data.path });
  expect(doctor).toMatchObject({ code: 0 });
}, 300_000);
