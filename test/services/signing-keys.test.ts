import request from 'supertest';
import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

let cairn: TestCairn;
let school: School;
let achievement: PublishedAchievement;
let operator: Actor;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  achievement = await school.publish();
  operator = await cairn.services.organizations.operator();
});
afterAll(async () => {
  await cairn.close();
});

const keys = () => cairn.services.signingKeys;
const listKeys = () => cairn.cairn.storage.stores.signingKeys.list(operator.organization);
const countActive = async () => (await listKeys()).filter(({ state }) => state === 'active').length;
const process = (id: string) => cairn.services.issuances.process(id);
const verify = (input: string) => cairn.services.verification.verify(input);

/** An award that nobody has signed yet. */
async function award(): Promise<string> {
  const answer = await school.call('post', '/awards').send({
    learner: (await cairn.as('learner')).id,
    achievement: achievement.id,
    narrative: 'In the workshop.',
    results: resultsAt(achievement, 1),
  });
  return (answer.body as { id: string }).id;
}

const issuanceOf = async (id: string) =>
  (await cairn.services.issuances.get(operator, id)).issuance;

async function credentialOf(id: string) {
  return cairn.services.credentials.get(operator, (await issuanceOf(id)).credential);
}

async function lastActions(limit: number) {
  const { items } = await cairn.services.audit.list(operator, { limit });
  return items.map(({ action, subject }) => ({ action, subject }));
}

describe('a rotation', () => {
  it('makes new keys, and what was promised with the old ones is signed with them and verifies', async () => {
    const before = await keys().currentKeys(operator.organization);
    const issued = await award();
    await process(issued);
    const promised = await award();

    const made = await keys().rotate(operator);
    expect(made.map(({ kind, state }) => [kind, state])).toEqual([
      ['Ed25519', 'active'],
      ['RS256', 'active'],
    ]);
    await process(promised);
    expect((await issuanceOf(promised)).keys).toEqual(before);
    const after = await award();
    await process(after);
    expect((await issuanceOf(after)).keys).toEqual({
      dataIntegrity: made[0]?.id,
      jwt: made[1]?.id,
    });
    for (const id of [issued, promised, after]) {
      const { document, jwt } = await credentialOf(id);
      expect(await verify(document)).toMatchObject({ outcome: 'valid' });
      expect(await verify(jwt)).toMatchObject({ outcome: 'valid' });
    }
    expect(await lastActions(20)).toContainEqual({
      action: 'key.rotated',
      subject: `key:${before.jwt}`,
    });
  });

  it('of one kind leaves the other alone', async () => {
    const before = await keys().currentKeys(operator.organization);
    await keys().rotate(operator, ['Ed25519']);
    const after = await keys().currentKeys(operator.organization);
    expect(after.jwt).toBe(before.jwt);
    expect(after.dataIntegrity).not.toBe(before.dataIntegrity);
  });

  it('that a crash cut short between the old key and the new one is completed by whoever asks next', async () => {
    const [spare] = await listKeys();
    const other = await startCairn();
    const twin = await other.services.organizations.operator();
    const { signingKeys } = other.cairn.storage.stores;
    const [old] = await signingKeys.list(twin.organization);
    if (spare === undefined || old === undefined) throw new Error('no keys');
    const { organization } = twin;
    await signingKeys.add({ ...spare, kind: old.kind, organization, state: 'prepared' });
    await signingKeys.retire(scopeOf(twin), old.id);
    const now = await other.services.signingKeys.currentKeys(organization);
    expect(Object.values(now)).toContain(spare.id);
    expect(await signingKeys.find(spare.id)).toMatchObject({ state: 'active' });
    await other.close();
  });

  it('while 40 badges are made: one active key of each kind, and all verify', async () => {
    const awards = await Promise.all(Array.from({ length: 40 }, award));
    await Promise.all([
      ...awards.slice(0, 20).map(process),
      keys().rotate(operator),
      keys().rotate(operator),
      ...awards.slice(20).map(process),
    ]);
    expect(await countActive()).toBe(2);
    for (const id of awards) {
      expect(await verify((await credentialOf(id)).document)).toMatchObject({ outcome: 'valid' });
    }
  });

  it('is for administrators', async () => {
    const teacher: Actor = { ...operator, kind: 'person', id: newId(), roles: ['teacher'] };
    await expect(keys().rotate(teacher)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(
      keys().compromise(teacher, 'any', { at: new Date(), reason: 'x' }),
    ).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('a compromised key', () => {
  it('of another school, of the future or of nobody is refused', async () => {
    const { jwt } = await keys().currentKeys(operator.organization);
    const stranger = { ...operator, organization: newId() };
    const report = { at: new Date(), reason: 'lost laptop' };
    await expect(keys().compromise(stranger, jwt, report)).rejects.toMatchObject({
      code: 'key.not_found',
    });
    await expect(keys().compromise(operator, 'none', report)).rejects.toMatchObject({
      code: 'key.not_found',
    });
    const later = new Date(Date.now() + 60_000);
    await expect(keys().compromise(operator, jwt, { ...report, at: later })).rejects.toMatchObject({
      code: 'key.compromised_later',
    });
    expect(await keys().isCompromised(jwt)).toBe(false);
  });

  it('signs nothing more: what it was promised for is signed with the new key', async () => {
    const pending = await award();
    const before = await issuanceOf(pending);
    const at = new Date();
    const marked = await keys().compromise(operator, before.keys.dataIntegrity, {
      at,
      reason: 'lost laptop',
    });
    expect(marked).toMatchObject({ state: 'compromised', compromisedAt: at });
    await process(pending);
    const after = await issuanceOf(pending);
    expect(after).toMatchObject({ state: 'issued', credential: before.credential });
    expect(after.keys.jwt).toBe(before.keys.jwt);
    expect(after.keys.dataIntegrity).not.toBe(before.keys.dataIntegrity);
    const { document } = await credentialOf(pending);
    expect(document).not.toContain(before.keys.dataIntegrity);
    expect(await verify(document)).toMatchObject({ outcome: 'valid' });
    expect(await lastActions(10)).toContainEqual({
      action: 'key.compromised',
      subject: `key:${before.keys.dataIntegrity}`,
    });
  });

  it('is named in did.json without the right to assert and with the time, and is not in the JWK set', async () => {
    const { jwt } = await keys().currentKeys(operator.organization);
    await keys().compromise(operator, jwt, {
      at: new Date('2026-01-02T03:04:05Z'),
      reason: 'lost laptop',
    });
    const did = await request(cairn.app).get(`/issuers/${operator.organization}/did.json`);
    const { verificationMethod, assertionMethod } = did.body as {
      verificationMethod: { id: string; revoked?: string }[];
      assertionMethod: string[];
    };
    const method = verificationMethod.find(({ id }) => id.endsWith(jwt));
    expect(method?.revoked).toBe('2026-01-02T03:04:05Z');
    expect(assertionMethod).not.toContain(method?.id);
    expect((await request(cairn.app).get('/.well-known/jwks.json')).text).not.toContain(jwt);
  });

  it('reported again may be older than was thought, never younger', async () => {
    const { jwt } = await keys().currentKeys(operator.organization);
    const report = (at: string) =>
      keys().compromise(operator, jwt, { at: new Date(at), reason: 'found in a backup' });
    await report('2026-03-01T00:00:00Z');
    expect(await report('2026-04-01T00:00:00Z')).toMatchObject({
      compromisedAt: new Date('2026-03-01T00:00:00Z'),
    });
    expect(await report('2026-02-01T00:00:00Z')).toMatchObject({
      compromisedAt: new Date('2026-02-01T00:00:00Z'),
    });
    expect(await countActive()).toBe(2);
  });

  it('that had signed what was stored but not told: a new key signs it again', async () => {
    const { stores } = cairn.cairn.storage;
    const cut = await award();
    const claimed = await stores.issuances.claim(cut, new Date());
    const model = await award();
    await process(model);
    const stored = await credentialOf(model);
    const { keys: used, credential } = await issuanceOf(cut);
    // As a run leaves it that ended between storing and logging.
    await stores.credentials.add({ ...stored, id: credential, award: cut });
    expect(claimed?.award.issuance.state).toBe('signing');
    await stores.issuances.giveBack(
      cut,
      { code: 'test', message: 'cut short' },
      { due: new Date(), attempts: 1 },
    );
    await keys().compromise(operator, used.dataIntegrity, { at: new Date(), reason: 'lost' });
    await process(cut);
    const { document } = await credentialOf(cut);
    expect(document).not.toContain(used.dataIntegrity);
    expect(await verify(document)).toMatchObject({ outcome: 'valid' });
  });
});
