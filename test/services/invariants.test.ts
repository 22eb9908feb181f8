import mongoose from 'mongoose';
import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { createInvariantService } from '../../src/services/invariants/invariants.ts';
import type { InvariantId } from '../../src/services/invariants/notes.ts';
import { awardInEachState } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

// A store in which everything happened that may happen; then it is broken on purpose, one record at a time.

let cairn: TestCairn;
let operator: Actor;
let valid: string;
let revoked: string;
let suspended: string;

beforeAll(async () => {
  cairn = await startCairn();
  ({ operator, valid, revoked, suspended } = await awardInEachState(cairn));
  await approve();
}, 60_000);
afterAll(async () => {
  await cairn.close();
});

/** An approval of which nothing is signed yet. */
async function approve(): Promise<void> {
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  const [learner, teacher] = [await cairn.as('learner'), await cairn.as('teacher')];
  const handedIn = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  const { id } = handedIn.body as { id: string };
  const decided = await school.call('post', `/submissions/${id}/reviews`, teacher.key).send({
    achievement: achievement.id,
    decision: 'approve',
    results: resultsAt(achievement, 1),
  });
  expect(decided.status).toBe(201);
}

/** The records themselves, past every rule of ours. */
const collection = (name: string) => {
  const connection = mongoose.connections.at(-1);
  if (connection === undefined) throw new Error('there is no store');
  return connection.collection<{ _id: string } & Record<string, unknown>>(name);
};

async function findFaults(): Promise<Readonly<Record<string, readonly string[]>>> {
  const found = await cairn.services.invariants.examine();
  return Object.fromEntries(
    found.filter(({ ok }) => !ok).map(({ id, faults }) => [id, faults] as const),
  );
}

/** Changes one record, looks, and puts it back as it was. */
async function withBroken(
  name: string,
  filter: Record<string, unknown>,
  change: Record<string, unknown> | 'delete',
) {
  const before = await collection(name).findOne(filter);
  if (before === null) throw new Error(`there is nothing to break in ${name}`);
  const { _id } = before;
  if (change === 'delete') await collection(name).deleteOne({ _id });
  else await collection(name).updateOne({ _id }, change);
  try {
    return await findFaults();
  } finally {
    await collection(name).replaceOne({ _id }, before, { upsert: true });
  }
}

/** An index serves every search, here too. */
const ofSchool = (filter: object) => ({ organization: operator.organization, ...filter });

const placeOf = (credential: string, purpose: 'revocation' | 'suspension') =>
  cairn.cairn.storage.stores.statusLists.findEntry(credential, purpose);

it('hold in a store where badges are valid, revoked, suspended and waiting', async () => {
  const found = await cairn.services.invariants.examine();
  expect(found.map(({ id, ok, faults }) => [id, ok, faults])).toEqual(
    ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8'].map((id) => [id, true, []]),
  );
  const counts = Object.fromEntries(found.map((one) => [one.id, one.counts] as const));
  expect(counts.I1).toEqual({ approvals: 1, issued: 3, waiting: 1 });
  expect(counts.I4).toEqual({ verified: 3 });
  expect(counts.I5).toMatchObject({ places: 8, set: 2 });
});

it('verify only some of the credentials when asked for a sample', async () => {
  const seen: string[] = [];
  const found = await cairn.services.invariants.examine({
    sample: 2,
    onVerified: (done, total) => seen.push(`${done}/${total}`),
  });
  expect(found.find(({ id }) => id === 'I4')?.counts).toEqual({ verified: 2 });
  expect(found.find(({ id }) => id === 'I2')?.counts).toMatchObject({ credentials: 3 });
  expect(seen).toEqual(['2/2']);
});

type Break = () => Promise<Readonly<Record<string, readonly string[]>>>;

const breaks: Readonly<Record<string, readonly [Break, Partial<Record<InvariantId, RegExp>>]>> = {
  'an issued award without its credential': [
    () => withBroken('credentials', { _id: valid }, 'delete'),
    { I1: /is issued and has no credential/ },
  ],
  'an award that waits and that nobody will look at': [
    () => withBroken('awards', ofSchool({ 'issuance.state': 'requested' }), { $unset: { due: 1 } }),
    { I1: /is requested and nobody will look at it/ },
  ],
  'an approval that became no award': [
    () => withBroken('awards', ofSchool({ 'issuance.state': 'requested' }), 'delete'),
    { I1: /^approval of .* has no award/ },
  ],
  'an approval that nobody will hand on': [
    () => withBroken('submissions', {}, { $unset: { 'decisions.0.settled': 1 } }),
    { I1: /waits and nobody will look at it/ },
  ],
  'a credential of no award': [
    () => withBroken('credentials', { _id: valid }, { $set: { award: 'other' } }),
    { I1: /belongs to another award/, I2: /has no award/ },
  ],
  'a credential that the log does not have': [
    () => withBroken('issuanceLog', { credential: valid }, 'delete'),
    { I2: /is issued and not in the log/, I6: /issuance log/ },
  ],
  'another credential in the place of the one that was signed': [
    async () => {
      const { document } = (await cairn.cairn.storage.stores.credentials.find(
        scopeOf(operator),
        valid,
      )) ?? { document: '' };
      const changed = document.replace('"name":"', '"name":"X');
      expect(changed).not.toBe(document);
      return withBroken('credentials', { _id: valid }, { $set: { document: changed } });
    },
    { I2: /is not the one in the log/, I4: /its document verifies as invalid/ },
  ],
  'a token that was changed': [
    async () => {
      const { jwt } = (await cairn.cairn.storage.stores.credentials.find(
        scopeOf(operator),
        valid,
      )) ?? { jwt: '' };
      const changed = jwt.slice(0, -6);
      return withBroken('credentials', { _id: valid }, { $set: { jwt: `${changed}AAAAAA` } });
    },
    { I2: /is not the one in the log/, I4: /its jwt verifies as invalid/ },
  ],
  'a place that is not the one that was signed': [
    async () => {
      const place = await placeOf(valid, 'revocation');
      const filter = { credential: valid, purpose: 'revocation' };
      const index = ((place?.index ?? 0) + 1) % 131_072;
      return withBroken('statusEntries', filter, { $set: { index } });
    },
    { I3: /which is not its place for revocation/ },
  ],
  'a revoked badge whose bit is not set': [
    async () => {
      const place = await placeOf(revoked, 'revocation');
      return withBroken(
        'statusLists',
        { _id: place?.list },
        { $set: { bits: [] }, $inc: { version: 1 } },
      );
    },
    {
      I4: /is revoked, its document verifies as valid/,
      I5: /is revoked and its bit .* is not set/,
    },
  ],
  'a bit that is set for a badge that is not revoked': [
    async () => {
      const place = await placeOf(valid, 'revocation');
      return withBroken('statusLists', { _id: place?.list }, { $push: { bits: place?.index } });
    },
    { I5: /is valid and its bit for revocation is set/ },
  ],
  'a bit that belongs to nothing': [
    async () => {
      const place = await placeOf(valid, 'revocation');
      const taken = await cairn.cairn.storage.stores.statusLists.read(place?.list ?? '');
      const index = ((taken?.bits[0] ?? 0) + 7) % 131_072;
      return withBroken('statusLists', { _id: place?.list }, { $push: { bits: index } });
    },
    { I5: /is set and belongs to nothing/ },
  ],
  'a suspended badge that calls itself valid': [
    () => withBroken('credentials', { _id: suspended }, { $set: { state: 'valid' } }),
    { I5: /is valid and its bit for suspension is set/ },
  ],
  'a revoked badge whose award is live': [
    async () => {
      const credential = await cairn.cairn.storage.stores.credentials.find(
        scopeOf(operator),
        revoked,
      );
      return withBroken('awards', { _id: credential?.award }, { $set: { state: 'live' } });
    },
    { I5: /^the award of credential .* is live/ },
  ],
  'a decision that was changed afterwards': [
    () =>
      withBroken('auditEvents', ofSchool({ sequence: 2 }), { $set: { subject: 'person:other' } }),
    { I6: /event 2 was changed/ },
  ],
  'a row of no organization': [
    () => withBroken('people', {}, { $unset: { organization: 1 } }),
    { I7: /^1 of people belong to no organization/ },
  ],
  'a row of an organization that is not there': [
    () => withBroken('files', {}, { $set: { organization: 'elsewhere' } }),
    { I7: /^1 of files belong to no organization/ },
  ],
};

it('see two credentials that share a place, which no store of ours would keep', async () => {
  const { services, storage } = cairn.cairn;
  const { invariants } = storage.stores;
  const doubling = createInvariantService({
    ...services,
    ...storage.stores,
    issuanceLog: services.issuanceLog,
    keys: services.signingKeys,
    invariants: {
      ...invariants,
      eachEntry: async function* (list) {
        for await (const [first, ...others] of invariants.eachEntry(list)) {
          if (first !== undefined) yield [first, { ...first, credential: 'other' }, ...others];
        }
      },
    },
  });
  const found = await doubling.examine();
  const { ok, faults } = found.find(({ id }) => id === 'I3') ?? { ok: true, faults: [] };
  expect(ok).toBe(false);
  expect(faults[0]).toMatch(/is also that of other/);
});

describe('see', () => {
  beforeAll(async () => {
    await collection('files').insertOne({ _id: 'f', organization: operator.organization });
  });

  it.each(Object.keys(breaks))('%s', async (name) => {
    const [breakIt, expected] = breaks[name] ?? [findFaults, {}];
    const faults = await breakIt();
    for (const [id, sentence] of Object.entries(expected)) {
      expect(faults[id]?.join('\n') ?? '').toMatch(sentence);
    }
    expect(await findFaults()).toEqual({});
  });
});
