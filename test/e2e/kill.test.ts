import type { Api } from '../support/api.ts';
import { expectOneOfEach } from '../support/issued.ts';
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

const approvals = 50;
const rounds = 3;

/** Approves the open ones, ten at a time, until they are done or the server is gone; takes out what is known to be decided. */
async function approveAll(api: Api, open: Set<string>, approval: object): Promise<void> {
  const waiting = [...open];
  const work = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const { status } = await api.send('POST', `/submissions/${id}/reviews`, approval);
      if (status !== 201 && status !== 409) throw new Error(`approving answered ${status}`);
      open.delete(id);
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
}

let data: Awaited<ReturnType<typeof makeDataDir>>;
let cairn: BuiltCairn;

afterEach(async () => {
  await cairn.stop();
  await data.remove();
});

it(`kill -9 at any moment of ${approvals} approvals loses none and doubles none`, async () => {
  data = await makeDataDir();
  const settings = { port: await findFreePort(), CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey };
  cairn = await startBuilt(data.path, settings);
  const { owner, teacher, approval, handIn } = await openRemoteSchool(cairn.base);
  const all = await Promise.all(
    Array.from({ length: approvals }, (_, index) => handIn(`Learner ${index}`)),
  );

  const open = new Set(all);
  const killed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const left = open.size - 1 - Math.floor(Math.random() * 15);
    const work = approveAll(teacher, open, approval).catch(() => undefined);
    await until(() => Promise.resolve(open.size <= left), 60_000);
    expect(await cairn.stop('SIGKILL')).toMatchObject({ code: null });
    await work;
    killed.push(approvals - open.size);
    cairn = await startBuilt(data.path, settings);
  }
  console.info(`killed after ${killed.join(', ')} of ${approvals} answers`);

  await approveAll(teacher, open, approval);
  await expectOneOfEach(owner, approvals);

  expect(await cairn.stop()).toMatchObject({ code: 0 });
  const env = { CAIRN_DATA_DIR: data.path };
  expect(await run('dist/cli.js', ['doctor'], env)).toMatchObject({ code: 0 });
}, 240_000);
