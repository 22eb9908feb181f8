import { quantile, tell } from './figures.ts';
import { expectOneOfEach, recoveryOf } from './outcome.ts';
import { describeOnEachQueue } from './queues.ts';
import { isLong, pick, seed } from './size.ts';
import { approveAll, openWorld, type World } from './world.ts';

// R01 and R02: whoever dies, and wherever, every approval is exactly one credential.

const points = [
  ['A', 'web', 'award.prepared'],
  ['B', 'web', 'award.written'],
  ['C', 'worker', 'issuance.claimed'],
  ['D', 'worker', 'issuance.signing'],
  ['E', 'worker', 'issuance.signed'],
  ['F', 'worker', 'issuance.stored'],
  ['G', 'worker', 'issuance.logged'],
  ['H', 'worker', 'issuance.finished'],
] as const;

const rounds = pick(points.length, 25);
const approvals = pick(25, 200);
/** The more approvals, the fewer of them have to die for as many deaths. */
const probability = pick(0.08, 0.03);

describeOnEachQueue((queue) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ queue, seed });
  });
  afterAll(async () => {
    await world.close();
  });

  it(`R01 kill -9 at 8 points: ${rounds} seeds of ${approvals} approvals`, async () => {
    const deaths = new Map<string, number>();
    const latencies: number[] = [];
    let issuances = await world.settled(0);
    for (let round = 0; round < rounds; round += 1) {
      const [letter, role, point] = points[round % points.length] ?? points[0];
      await world.setFaults({ [role]: `${point}:${probability}` });
      const before = world.fleet.kills();
      const submissions = await world.handIn(approvals);
      const approved = await approveAll(world, submissions);
      issuances = await world.settled((round + 1) * approvals);
      latencies.push(...approved.filter(({ tries }) => tries === 1).map(({ ms }) => ms));
      deaths.set(letter, (deaths.get(letter) ?? 0) + world.fleet.kills() - before);
    }
    await world.setFaults();
    const total = rounds * approvals;
    await expectOneOfEach(world, [], { earlier: total });
    const killed = [...deaths].map(([letter, count]) => `${letter} ${count}`).join(', ');
    const runs = issuances.reduce((sum, { attempts }) => sum + attempts, 0);
    const { count, p95, worst } = recoveryOf(issuances);
    tell(
      `R01 ${queue}`,
      `${total} approvals, kills at ${killed}; ${total} credentials, 0 lost, 0 double; ${runs} signing runs; ${count} taken over, p95 ${p95.toFixed(1)} s, at most ${worst.toFixed(1)} s; approve p99 ${quantile(latencies, 0.99).toFixed(0)} ms`,
    );
    expect([...deaths.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
    if (isLong) expect(p95).toBeLessThanOrEqual(10);
  });
});
