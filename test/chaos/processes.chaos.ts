import mongoose from 'mongoose';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createRandom } from '../../src/shared/faults.ts';
import { signingMs } from '../../src/domain/awards.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { adminKey, run } from '../support/process.ts';
import { until } from '../support/store.ts';
import { createBalancer } from './balancer.ts';
import { createClient, type Approved } from './client.ts';
import { quantile, tell } from './figures.ts';
import { expectInvariants, expectOneOfEach } from './outcome.ts';
import { describeOnEachQueue } from './queues.ts';
import { isLong, pick, seed } from './size.ts';
import { approveAll, openWorld, type World } from './world.ts';

describeOnEachQueue((queue) => {
  const random = createRandom(seed);
  let world: World;
  /** How many approvals there were in all, which is how many credentials there have to be. */
  let total = 0;

  beforeAll(async () => {
    world = await openWorld({ queue, webs: 2, seed });
  });
  afterAll(async () => {
    await world.close();
  });

  /** Approves so many new submissions, does something to the processes meanwhile, and looks what came of it. */
  async function approveWhile(
    count: number,
    disturb: (isOver: () => boolean) => Promise<void>,
  ): Promise<readonly Approved[]> {
    const submissions = await world.handIn(count);
    let isOver = false;
    const disturbing = disturb(() => isOver);
    const approved = await approveAll(world, submissions);
    isOver = true;
    await disturbing;
    await expectOneOfEach(world, approved, { earlier: total });
    total += count;
    return approved;
  }

  it('R02 kill -9 of web processes during approvals', async () => {
    const approved = await approveWhile(pick(60, 400), async (isOver) => {
      while (!isOver()) {
        await sleep(300 + random() * 700);
        const victim = world.webs[random() < 0.5 ? 0 : 1];
        victim?.send('SIGKILL');
        await victim?.ready();
      }
    });
    const kills = world.webs.reduce((sum, web) => sum + web.kills, 0);
    const unanswered = approved.filter(({ answered }) => !answered).length;
    tell(
      `R02 ${queue}`,
      `${approved.length} approvals, ${kills} kills of web processes, ${unanswered} answers lost and looked up; 0 lost, 0 double`,
    );
    expect(kills).toBeGreaterThan(0);
  });

  it('R02 the same Idempotency-Key gives the same ids again, from any process', async () => {
    const [submission = ''] = await world.handIn(1);
    const client = world.client();
    const answers = [];
    for (let time = 0; time < 4; time += 1)
      answers.push(await client.approve(submission, world.school.approval));
    total += 1;
    expect(new Set(answers.map(({ credential }) => credential)).size).toBe(1);
    expect(answers.every(({ answered }) => answered)).toBe(true);
  });

  it('R08 100 approvals of one submission at once, through two processes', async () => {
    const [submission = ''] = await world.handIn(1);
    const client = world.client();
    const path = `/submissions/${submission}/reviews`;
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => client.sendUntilHeard('POST', path, world.school.approval)),
    );
    total += 1;
    const accepted = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(100 - accepted.length);
    // Whoever was told that the store is busy may have been the one whose approval counts.
    if (accepted.length !== 1 && answers.some(({ wasBusy }) => wasBusy))
      expect(accepted).toEqual([]);
    else expect(accepted).toHaveLength(1);
    await expectOneOfEach(world, [], { earlier: total });
  });

  it('R15 a worker whose event loop stands still longer than its lease does nothing twice', async () => {
    const count = pick(20, 200);
    const [first] = world.workers;
    const approved = await approveWhile(count, async () => {
      await sleep(200);
      first?.send('SIGSTOP');
      await sleep(signingMs + 3_000);
      first?.send('SIGCONT');
    });
    await world.setFaults({ worker: `issuance.signed:0.05:stall=${signingMs + 1_500}` });
    const stalled = await approveWhile(count, () => Promise.resolve());
    await world.setFaults();
    tell(
      `R15 ${queue}`,
      `${approved.length + stalled.length} approvals while workers stood still for ${signingMs / 1_000 + 3} s, or after signing; 0 lost, 0 double`,
    );
  });

  it('R13 keys are rotated meanwhile, and rotations are killed half-way', async () => {
    const rotate = (FAULT = '') =>
      run('dist/cli.js', ['keys', 'rotate'], { ...world.env, CAIRN_LOG_LEVEL: 'error', FAULT });
    const approved = await approveWhile(pick(40, 400), async () => {
      expect(await rotate('key.prepared:1')).toMatchObject({ code: null });
      expect(await rotate()).toMatchObject({ code: 0 });
      expect(await rotate('key.retired:1')).toMatchObject({ code: null });
      expect(await rotate()).toMatchObject({ code: 0 });
    });
    tell(`R13 ${queue}`, `${approved.length} approvals during 4 rotations, 2 of them killed`);
  });

  it('R09 100 badges are revoked at once through two processes, which are killed', async () => {
    const credentials = (await world.listCredentials()).slice(0, 100).map(({ id }) => id);
    await world.setFaults({ web: 'status.changed:0.01,status.told:0.01' });
    const before = world.fleet.kills();
    const owner = createClient(world.bases, adminKey);
    await Promise.all(
      credentials.map(async (id) => {
        await until(async () => {
          const path = `/credentials/${id}/revoke`;
          const answer = await owner.send('POST', path, { reason: 'Copied.' });
          if (answer === undefined) await sleep(100);
          return answer !== undefined && answer.status < 300;
        }, 300_000);
      }),
    );
    const kills = world.fleet.kills() - before;
    await world.setFaults();
    await until(async () => {
      const { counts, faults } = await world.checkInvariants(1);
      return faults.length === 0 && counts.I5?.set === credentials.length;
    }, 60_000);
    await expectInvariants(world, total);
    tell(`R09 ${queue}`, `${credentials.length} revocations at once, ${kills} kills; all bits set`);
  });

  it('R11 what cannot be signed ends where staff see it, others flow, and it is taken up again', async () => {
    await Promise.all(world.workers.map((worker) => worker.stop()));
    const submissions = await world.handIn(pick(10, 50));
    const approved = await approveAll(world, submissions);
    total += approved.length;
    const poisoned = approved[3]?.issuance ?? '';
    const text = await editUnsigned(world, poisoned, (unsigned) => ({
      ...unsigned,
      type: 'Poison',
    }));
    const started = performance.now();
    await world.setFaults();
    const issuances = await world.settled(total);
    const seconds = (performance.now() - started) / 1_000;
    const notIssued = issuances.filter(({ state }) => state !== 'issued');
    expect(notIssued).toMatchObject([
      { id: poisoned, state: 'failed', error: { code: 'credential.not_conformant' } },
    ]);
    const failed = await world.owner.call<{ items: { id: string }[] }>(
      'GET',
      '/issuances?state=failed',
    );
    expect(failed.items.map(({ id }) => id)).toEqual([poisoned]);

    await editUnsigned(world, poisoned, () => JSON.parse(text) as object);
    await world.owner.call('POST', `/issuances/${poisoned}/retry`);
    await expectOneOfEach(world, [], { earlier: total });
    tell(
      `R11 ${queue}`,
      `failed and visible ${seconds.toFixed(1)} s after the start of the workers; issued when put right`,
    );
  });

  it('R12 SIGTERM under load: /readyz says so first, what was begun is finished, nothing is dropped', async () => {
    // Each question of the balancer may take some seconds where everybody is busy.
    const noticeSeconds = 8;
    await world.setFaults({ noticeSeconds });
    const submissions = await world.handIn(pick(40, 200));
    const balancer = createBalancer(world.bases);
    await until(() => Promise.resolve(world.bases.every(balancer.isUp)), 60_000);
    const approving = approveAll(world, submissions, { client: world.client(balancer.isUp) });
    await sleep(500);
    const told = [world.webs[1], world.workers[1]].filter((member) => member !== undefined);
    const ended = await Promise.all(told.map((member) => member.stop('SIGTERM')));
    const approved = await approving;
    await balancer.stop();

    const answers = balancer.answersOf(world.bases[1] ?? '');
    expect(answers).toContain(200);
    expect(answers.filter((answer) => answer !== 'refused').at(-1)).toBe(503);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const slowest = Math.max(...ended.map(({ ms }) => ms)) / 1_000;
    if (isLong) expect(slowest).toBeLessThanOrEqual(noticeSeconds + 13);
    const dropped = approved.filter(({ isDropped }) => isDropped).length;
    expect(dropped).toBe(0);
    await expectOneOfEach(world, approved, { earlier: total });
    total += approved.length;
    await world.setFaults();
    const p99 = quantile(
      approved.map(({ ms }) => ms),
      0.99,
    );
    tell(
      `R12 ${queue}`,
      `${approved.length} approvals while a web process and a worker were told to end: ${dropped} dropped; /readyz ${answers.join(', ')}; the slower one took ${slowest.toFixed(1)} s; approve p99 ${p99.toFixed(0)} ms`,
    );
  });
});

/** Changes what an award will be signed as, past every rule of ours; answers what it was. */
async function editUnsigned(
  { data }: World,
  award: string,
  edit: (unsigned: object) => object,
): Promise<string> {
  const store = await startEmbedded({ file: join(data.path, 'store.db') });
  const connection = await mongoose.createConnection(store.uri, { dbName: 'cairn' }).asPromise();
  try {
    const awards = connection.collection<{ _id: string; unsigned: string }>('awards');
    const before = (await awards.findOne({ _id: award }))?.unsigned ?? '{}';
    const unsigned = JSON.stringify(edit(JSON.parse(before) as object));
    await awards.updateOne({ _id: award }, { $set: { unsigned } });
    return before;
  } finally {
    await connection.close();
    await store.close();
  }
}
