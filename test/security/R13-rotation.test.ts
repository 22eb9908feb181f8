import { createLocalJWKSet, compactVerify } from 'jose';
import { loadContexts } from '../../src/credentials/documents.ts';
import { readKeyIds } from '../../src/credentials/sign/issue.ts';
import { verifyCredential } from '../../src/credentials/verify/verify.ts';
import type { Credential } from '../../src/domain/awards.ts';
import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { createFindOwn } from '../../src/services/verification/verification.ts';
import { newId, newRandomId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

// R13: keys are rotated while 400 or 2,000 badges are issued. Every badge verifies, and no key that signed one is taken away.

/** All of them where there is time for it, as in the gate; a fifth says nearly as much. */
const learners = process.env.CAIRN_LONG_TESTS === undefined ? 20 : 100;
const achievements = 20;
const rotations = 5;
const atOnce = 40;
const total = learners * achievements;

let cairn: TestCairn;
let operator: Actor;
beforeAll(async () => {
  cairn = await startCairn();
  operator = await cairn.services.organizations.operator();
});
afterAll(async () => {
  await cairn.close();
});

/** Asks for an award as an approval does. */
function request(learner: string, achievement: PublishedAchievement): Promise<unknown> {
  return cairn.services.awards.request(operator, {
    id: newId(),
    credential: newRandomId(),
    learner,
    achievement: achievement.id,
    version: 1,
    source: { kind: 'direct' },
    awardedBy: operator.id,
    awardedAt: new Date(),
    narrative: 'In the workshop.',
    evidence: [],
    results: resultsAt(achievement, 1).map((result) => ({ ...result, id: newRandomId() })),
  });
}

/** Awards, signed by the queue as they come, and rotations that nobody waits for; some come two at once. */
async function issueAll(): Promise<void> {
  const { people, issuances, signingKeys } = cairn.services;
  const school = await openSchool(cairn);
  const ids = [];
  for (let n = 1; n <= learners; n += 1) {
    ids.push((await people.add(operator, { name: `Learner ${n}`, roles: ['learner'] })).id);
  }
  const pairs: [learner: string, achievement: PublishedAchievement][] = [];
  for (let n = 1; n <= achievements; n += 1) {
    const achievement = await school.publish({ name: `Achievement ${n}` });
    pairs.push(...ids.map((id) => [id, achievement] as (typeof pairs)[number]));
  }

  cairn.cairn.queue.process(issuances.process);
  const rotating: Promise<unknown>[] = [];
  const askOn = async () => {
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const rotation = pairs.length / (total / rotations) - 1 / 2;
      if (Number.isInteger(rotation)) rotating.push(signingKeys.rotate(operator));
      if (rotation % 2 === 1) rotating.push(signingKeys.rotate(operator));
      await request(...pair);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  await Promise.all(rotating);
  await cairn.cairn.queue.drained();
}

async function* allCredentials(): AsyncGenerator<Credential> {
  const { credentials } = cairn.cairn.storage.stores;
  let cursor: string | undefined;
  do {
    const page = await credentials.list(scopeOf(operator), {}, { limit: 100, cursor });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

it(`${total} issuances during ${rotations} rotations: every badge verifies in both forms`, async () => {
  const start = performance.now();
  await issueAll();
  const issued = performance.now();

  const { services } = cairn;
  const { stores } = cairn.cairn.storage;
  const documents = loadContexts();
  const local = createFindOwn({
    ...stores,
    ...services,
    urls: cairn.cairn.urls,
    credentials: stores.credentials,
  });
  const never = () => Promise.reject(new Error('there is no network'));
  const outside = { documents, local, fetch: never, now: () => new Date(Date.now() + 1_000) };
  const jwks = createLocalJWKSet(await services.issuers.getJwkSet());

  const perKey = new Map<string, number>();
  const wrong: string[] = [];
  for await (const credential of allCredentials()) {
    const { dataIntegrity, jwt } = readKeyIds(credential);
    for (const key of [dataIntegrity, jwt]) perKey.set(key, (perKey.get(key) ?? 0) + 1);
    const { outcome } = await verifyCredential(credential.document, outside);
    const token = await compactVerify(credential.jwt, jwks).catch(() => undefined);
    if (outcome !== 'valid' || token === undefined) wrong.push(credential.id);
  }
  const seconds = [issued - start, performance.now() - issued].map((ms) => Math.round(ms / 1_000));
  const shares = [...perKey.values()].join(', ');
  console.log(
    `${total} issued in ${seconds[0]} s, verified in ${seconds[1]} s; badges per key: ${shares}`,
  );

  expect(wrong).toEqual([]);
  expect([...perKey.values()].reduce((sum, count) => sum + count, 0)).toBe(2 * total);
  expect(perKey.size).toBeGreaterThanOrEqual(2 * (rotations - 1));
  const { assertionMethod } = await services.issuers.getDidDocument(operator.organization);
  const published = new Set(assertionMethod.map((id) => id.split('#')[1]));
  expect([...perKey.keys()].filter((key) => !published.has(key))).toEqual([]);
  const states = (await services.signingKeys.listAll()).map(({ state }) => state);
  expect(states.filter((state) => state === 'active')).toHaveLength(2);
  expect(states.filter((state) => state === 'prepared')).toEqual([]);
}, 600_000);
