import type { Api } from '../support/api.ts';
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

// The server dies after it decided about levels, while approvals arrive. Nobody is decided anew by a changed rule here, so
// that what a kill lost stays lost.

const learners = 24;
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

/** A level for the one achievement, switched on before anybody holds it. */
async function makeLevel(owner: Api, standards: readonly string[], part: string): Promise<string> {
  const { id } = await owner.call<{ id: string }>('POST', '/achievements', {
    ...{ name: 'Foundations', description: 'First.', criteria: 'By its rule.', rubric: [] },
    ...{ kind: 'level', standards, level: 1 },
  });
  await owner.call('POST', `/achievements/${id}/publish`);
  const { items } = await owner.call<{ items: { id: string }[] }>('GET', '/frameworks');
  await owner.call('PUT', `/frameworks/${items[0]?.id ?? ''}/level-rules/1`, {
    ...{ pool: { achievements: [part] }, preponderance: { minCount: 1 }, achievement: id },
  });
  return id;
}

async function listHolders(owner: Api, achievement: string): Promise<readonly string[]> {
  const path = `/credentials?limit=200&achievement=${achievement}`;
  const { items } = await owner.call<{ items: { learner: string }[] }>('GET', path);
  return items.map(({ learner }) => learner);
}

it('a kill between a decision about levels and its mark loses no level and certifies none twice', async () => {
  const settings = { port: await findFreePort(), CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey };
  cairn = await startBuilt(data.path, settings);
  const { owner, teacher, standards, approval, handIn } = await openRemoteSchool(cairn.base);
  const names = Array.from({ length: learners }, (_, n) => `Learner ${n}`);
  const open = new Set(await Promise.all(names.map(handIn)));
  const level = await makeLevel(owner, standards, approval.achievement);
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
  await until(async () => (await listHolders(owner, level)).length >= learners, 60_000);
  expect(new Set(await listHolders(owner, level)).size).toBe(learners);
  expect(await cairn.stop()).toMatchObject({ code: 0 });

  const doctor = await run('dist/cli.js', ['doctor'], { CAIRN_DATA_DIR: data.path });
  expect(doctor).toMatchObject({ code: 0 });
}, 300_000);
