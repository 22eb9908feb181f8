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

const learners = 24;
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

async function dies(server: BuiltCairn): Promise<boolean> {
  await until(async () => !(await isUp(server)), 10_000).catch(() => undefined);
  return !(await isUp(server));
}

/** A level and a credit, both for the one achievement; the level is on, the credit not composed yet. */
async function makeAwards(owner: Api, standards: readonly string[], part: string) {
  const publish = async (content: object) => {
    const { id } = await owner.call<{ id: string }>('POST', '/achievements', {
      ...{ name: 'Foundations', description: 'First.', criteria: 'By its rule.', rubric: [] },
      ...content,
    });
    await owner.call('POST', `/achievements/${id}/publish`);
    return { id };
  };
  const level = await publish({ kind: 'level', standards, level: 1 });
  const credit = await publish({ kind: 'credit', standards: [] });
  const { items } = await owner.call<{ items: { id: string }[] }>('GET', '/frameworks');
  await owner.call('PUT', `/frameworks/${items[0]?.id ?? ''}/level-rules/1`, {
    ...{ pool: { achievements: [part] }, preponderance: { minCount: 1 }, achievement: level.id },
  });
  const path = `/achievements/${credit.id}/composition`;
  const compose = () => owner.call('PUT', path, { tier: 'foundational', all: [part] });
  return { level, credit: { ...credit, compose } };
}

async function listHolders(owner: Api, achievement: string): Promise<readonly string[]> {
  const path = `/credentials?limit=200&achievement=${achievement}`;
  const { items } = await owner.call<{ items: { learner: string }[] }>('GET', path);
  return items.map(({ learner }) => learner);
}

/** A worker after the lease of the dead one is over. */
async function resume<T>(base: string, look: (worker: Cairn) => Promise<T>): Promise<T> {
  const env = {
    NODE_ENV: 'test',
    CAIRN_URL: base,
    CAIRN_ROLES: 'worker',
    CAIRN_LOG_LEVEL: 'silent',
    CAIRN_DATA_DIR: data.path,
  };
  const now = () => new Date(Date.now() + leaseMs);
  const worker = await compose(parseSettings(env), { log: silentLog, now });
  const stop = await start(worker);
  try {
    return await look(worker);
  } finally {
    await stop();
    await worker[Symbol.asyncDispose]();
  }
}

/** Everything that was certified, once nothing more is to come. */
async function findOutcome({ storage, services }: Cairn, achievements: readonly string[]) {
  const { awards, levelAwards, auditEvents } = storage.stores;
  const scope = scopeOf(systemActor((await services.organizations.operator()).organization));
  const list = async () =>
    (await awards.list(scope, {}, { limit: 500 })).items.filter(({ achievement }) =>
      achievements.includes(achievement),
    );
  await until(async () => {
    const all = await list();
    const isSigned = all.every(({ issuance }) => issuance.state === 'issued');
    const isQuiet = (await levelAwards.listUndecided(1)).length === 0;
    return isSigned && isQuiet && all.length >= achievements.length * learners;
  }, 60_000);
  const all = await list();
  const events = await auditEvents.list(scope, { limit: 1_000 });
  return {
    awards: all.length,
    holders: new Set(all.map(({ learner, achievement }) => `${learner} ${achievement}`)).size,
    told: events.filter(
      ({ action, details }) =>
        action === 'award.made' && achievements.includes(String(details.achievement)),
    ).length,
    faults: await storage.verify(),
  };
}

it('a kill wherever levels are decided loses no level and certifies none twice', async () => {
  const settings = { port: await findFreePort(), CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey };
  cairn = await startBuilt(data.path, settings);
  const { owner, teacher, standards, approval, handIn } = await openRemoteSchool(cairn.base);
  const names = Array.from({ length: learners }, (_, n) => `Learner ${n}`);
  const open = new Set(await Promise.all(names.map(handIn)));
  const { level, credit } = await makeAwards(owner, standards, approval.achievement);
  expect(await cairn.stop()).toMatchObject({ code: 0 });

  let deaths = 0;
  for (const likely of ['1', '.5', '.5', '.5']) {
    // It may die of what the one before left, before it answers anybody.
    const FAULT = `levels.decided:${likely}`;
    cairn = await startBuilt(data.path, { ...settings, FAULT }).catch(() => undefined);
    if (cairn !== undefined) await approveAll(teacher, open, approval).catch(() => undefined);
    if (cairn === undefined || (await dies(cairn))) deaths += 1;
    await cairn?.stop('SIGKILL');
  }
  console.info(`died ${deaths} times; ${open.size} of ${learners} were left to approve`);
  expect(deaths).toBeGreaterThan(0);

  cairn = await startBuilt(data.path, settings);
  await approveAll(teacher, open, approval);
  await until(async () => (await listHolders(owner, level.id)).length >= learners, 60_000);
  expect(new Set(await listHolders(owner, level.id)).size).toBe(learners);
  expect(await cairn.stop()).toMatchObject({ code: 0 });

  // What everybody holds already is only found by deciding everybody anew.
  cairn = await startBuilt(data.path, { ...settings, FAULT: 'levels.redecided:1' });
  await credit.compose();
  expect(await dies(cairn)).toBe(true);
  await cairn.stop('SIGKILL');
  const outcome = await resume(cairn.base, (worker) => findOutcome(worker, [level.id, credit.id]));
  expect(outcome).toEqual({
    awards: 2 * learners,
    holders: 2 * learners,
    told: 2 * learners,
    faults: [],
  });
  const doctor = await run('dist/cli.js', ['doctor'], { CAIRN_DATA_DIR: data.path });
  expect(doctor).toMatchObject({ code: 0 });
}, 300_000);
