import type { Approved } from './client.ts';
import { quantile } from './figures.ts';
import type { Issuance, World } from './world.ts';

/** None lost, none doubled, and everybody was told the truth. */
export async function expectOneOfEach(
  world: World,
  approved: readonly Approved[],
  { earlier = 0, sample }: { earlier?: number; sample?: number } = {},
): Promise<readonly Issuance[]> {
  const total = earlier + approved.length;
  const issuances = await world.settled(total);
  const credentials = await world.listCredentials();
  const issued = new Map(issuances.map((one) => [one.id, one]));
  const told = approved.filter(
    ({ issuance, credential }) => issued.get(issuance)?.credential !== credential,
  );
  expect(told).toEqual([]);
  expect(issuances).toHaveLength(total);
  expect(issuances.filter(({ state }) => state !== 'issued')).toEqual([]);
  expect(credentials).toHaveLength(total);
  expect(new Set(credentials.map(({ id }) => id)).size).toBe(total);
  expect(new Set(credentials.map(({ award }) => award)).size).toBe(total);
  await expectInvariants(world, total, sample);
  return issuances;
}

export async function expectInvariants(world: World, total: number, sample?: number) {
  const { faults, counts } = await world.checkInvariants(sample);
  expect(faults).toEqual([]);
  expect(counts.I2?.credentials).toBe(total);
  expect(counts.I4?.verified).toBe(Math.min(total, sample ?? total));
  expect(world.fleet.crashes).toEqual([]);
}

/** How long those took, from request to signature, whose first signer died. */
export function recoveryOf(issuances: readonly Issuance[]) {
  const seconds = issuances
    .filter(({ attempts }) => attempts === 2)
    .map(
      ({ requestedAt, issuedAt = requestedAt }) =>
        (Date.parse(issuedAt) - Date.parse(requestedAt)) / 1_000,
    );
  return { count: seconds.length, p95: quantile(seconds, 0.95), worst: Math.max(0, ...seconds) };
}
