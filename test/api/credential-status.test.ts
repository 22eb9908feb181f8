import request from 'supertest';
import { createCredentialStatusService } from '../../src/services/credentials/credential-status.ts';
import { noFault } from '../../src/shared/faults.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import {
  checkWithDigitalBazaar,
  checkWithVerifierCore,
  findSchemaProblems,
} from '../support/foreign.ts';
import type { Json } from '../support/json-places.ts';
import { describeWithSharedData } from '../support/shared-data.ts';
import { readStatusList, statusPlaces } from '../support/status-lists.ts';

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
});
afterAll(async () => {
  await cairn.close();
});

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly learner: string;
  readonly achievement: string;
  readonly document: Json;
}

const get = async (id: string) =>
  (await school.call('get', `/credentials/${id}`)) as never as Shown;
const listIds = async (query: string, key = cairn.owner) => {
  const answer = await request(cairn.app).get(`/api/v1/credentials${query}`).auth(key, bearer);
  return (answer.body as { items: readonly Shown[] }).items.map(({ id }) => id);
};
const bearer = { type: 'bearer' } as const;

async function decide(id: string, verb: string, reason: unknown = 'Looked into.') {
  const answer = await request(cairn.app)
    .post(`/api/v1/credentials/${id}/${verb}`)
    .auth(cairn.owner, bearer)
    .send({ reason });
  return answer.status === 204 ? '204' : `${answer.status} ${(answer.body as Json).code as string}`;
}

async function outcome(document: Json): Promise<string> {
  return (await cairn.services.verification.verify(document)).outcome;
}

async function listAt(path: string) {
  return readStatusList((await request(cairn.app).get(path).accept('application/json')).text);
}

const audited = async (id: string) => {
  const answer = await request(cairn.app)
    .get('/api/v1/audit-events?limit=200')
    .auth(cairn.owner, bearer);
  return (answer.body as { items: readonly Json[] }).items
    .filter(({ subject }) => subject === `credential:${id}`)
    .map(({ action, reason }) => `${String(action)}: ${String(reason)}`)
    .reverse();
};

describe('suspending', () => {
  it('puts a badge on hold at once, everywhere, and reinstating ends it', async () => {
    const id = await school.award();
    const { document, state } = await get(id);
    const { suspension, revocation } = statusPlaces(document);
    expect([state, await outcome(document)]).toEqual(['valid', 'valid']);

    const before = await listAt(suspension.path);
    expect(await decide(id, 'suspend', ' Under review. ')).toBe('204');
    expect(await outcome(document)).toBe('suspended');
    const during = await listAt(suspension.path);
    expect(during.set).toContain(suspension.index);
    expect((await listAt(revocation.path)).set).not.toContain(revocation.index);
    expect(Date.parse(during.validFrom)).toBeGreaterThan(Date.parse(before.validFrom));
    const suspended = await get(id);
    expect(suspended.state).toBe('suspended');
    expect(suspended.document).toEqual(document);

    expect(await decide(id, 'reinstate', 'Cleared up.')).toBe('204');
    expect(await outcome(document)).toBe('valid');
    const after = await listAt(suspension.path);
    expect(after.set).not.toContain(suspension.index);
    expect(Date.parse(after.validFrom)).toBeGreaterThan(Date.parse(during.validFrom));
    expect((await get(id)).state).toBe('valid');
    expect(await audited(id)).toEqual([
      'credential.suspended: Under review.',
      'credential.reinstated: Cleared up.',
    ]);
  });

  it('twice changes nothing more; the first reason stands', async () => {
    const id = await school.award();
    expect([await decide(id, 'suspend', 'First.'), await decide(id, 'suspend', 'Second.')]).toEqual(
      ['204', '204'],
    );
    expect(await audited(id)).toEqual(['credential.suspended: First.']);
    expect([await decide(id, 'reinstate'), await decide(id, 'reinstate')]).toEqual([
      '204',
      '409 credential.not_suspended',
    ]);
  });

  it('gives way to revoking, which is for good', async () => {
    const id = await school.award();
    const { document } = await get(id);
    await decide(id, 'suspend');
    expect(await decide(id, 'revoke', 'Copied.')).toBe('204');
    expect([(await get(id)).state, await outcome(document)]).toEqual(['revoked', 'revoked']);
    expect([await decide(id, 'reinstate'), await decide(id, 'suspend')]).toEqual([
      '409 credential.revoked',
      '409 credential.revoked',
    ]);
    expect(await decide(id, 'revoke', 'Again.')).toBe('204');
    expect(await audited(id)).toEqual([
      'credential.suspended: Looked into.',
      'credential.revoked: Copied.',
    ]);
  });

  it.each([
    ['no reason', undefined],
    ['an empty one', ''],
    ['blanks', '  \n'],
    ['a number', 7],
    ['a novel', 'x'.repeat(1_001)],
  ])('asks why: %s is refused', async (_what, reason) => {
    const id = 'ffffffff-ffff-4fff-bfff-ffffffffffff';
    for (const verb of ['suspend', 'reinstate', 'revoke']) {
      const body = reason === undefined ? {} : { reason };
      const answer = await request(cairn.app)
        .post(`/api/v1/credentials/${id}/${verb}`)
        .auth(cairn.owner, bearer)
        .send(body);
      expect([verb, answer.status]).toEqual([verb, 400]);
    }
  });

  it('leaves the award alive: the same achievement is not awarded twice', async () => {
    const id = await school.award();
    const { learner, achievement } = await get(id);
    const again = () =>
      request(cairn.app)
        .post('/api/v1/awards')
        .auth(cairn.owner, bearer)
        .send({ learner, achievement, narrative: 'Again.' });
    await decide(id, 'suspend');
    expect((await again()).body).toMatchObject({ code: 'award.exists' });
    await decide(id, 'revoke');
    expect((await again()).body).not.toMatchObject({ code: 'award.exists' });
  });

  it('is not possible for a badge of old, which names no list for it', async () => {
    const id = await school.award();
    const { stores } = cairn.cairn.storage;
    const service = createCredentialStatusService({
      ...stores,
      statusLists: { ...stores.statusLists, findEntry: () => Promise.resolve(undefined) },
      visible: cairn.services.credentials,
      audit: cairn.services.audit,
      fault: noFault,
      log: cairn.cairn.log,
      now: () => new Date(),
    });
    const operator = await cairn.services.organizations.operator();
    await expect(service.suspend(operator, id, 'Looked into.')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'credential.no_suspension',
    });
    expect((await get(id)).state).toBe('valid');
  });
});

describe('GET /credentials', () => {
  it('shows the state, finds by it, and keeps the reason from the learner', async () => {
    const [valid, suspended, revoked] = [
      await school.award(),
      await school.award(),
      await school.award(),
    ];
    await decide(suspended, 'suspend', 'A matter between teachers.');
    await decide(revoked, 'revoke', 'A matter between teachers.');

    const found = await Promise.all(
      ['valid', 'suspended', 'revoked'].map((state) => listIds(`?state=${state}`)),
    );
    const mine = [valid, suspended, revoked];
    expect(found.map((ids) => mine.filter((id) => ids.includes(id)))).toEqual([
      [valid],
      [suspended],
      [revoked],
    ]);
    expect(new Set(found.flat()).size).toBe(found.flat().length);

    const { learner, achievement } = await get(suspended);
    expect(await listIds(`?learner=${learner}&achievement=${achievement}&state=suspended`)).toEqual(
      [suspended],
    );
    expect(await listIds(`?learner=${learner}&state=revoked`)).toEqual([]);
    const { status } = await request(cairn.app)
      .get('/api/v1/credentials?state=lost')
      .auth(cairn.owner, bearer);
    expect(status).toBe(400);

    const created = await request(cairn.app)
      .post('/api/v1/api-keys')
      .auth(cairn.owner, bearer)
      .send({ name: 'Wallet', person: learner });
    const { secret } = created.body as { secret: string };
    expect(await listIds('?state=suspended', secret)).toEqual([suspended]);
    const seen = await request(cairn.app)
      .get(`/api/v1/credentials/${suspended}`)
      .auth(secret, bearer);
    expect(seen.body).toMatchObject({ state: 'suspended' });
    expect(seen.text).not.toContain('between teachers');
  });
});

describe('a status list at its address', () => {
  it('is signed, short-lived, and the same for everybody until it changes', async () => {
    const id = await school.award();
    const { suspension } = statusPlaces((await get(id)).document);
    const ask = (headers: Readonly<Record<string, string>> = {}) =>
      request(cairn.app).get(suspension.path).set(headers);
    const first = await ask({ Accept: 'application/json' });
    expect(first.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=1, must-revalidate',
      'access-control-allow-origin': '*',
    });
    expect((first.body as Json).credentialSubject).toMatchObject({
      statusPurpose: 'suspension',
      ttl: 1_000,
    });
    for (const Accept of ['application/vc', '*/*', 'text/plain']) {
      expect((await ask({ Accept })).headers['content-type']).toContain('application/vc');
    }
    const { etag = '' } = first.headers as { etag?: string };
    expect((await ask({ 'If-None-Match': etag })).status).toBe(304);
    expect((await request(cairn.app).head(suspension.path)).status).toBe(200);

    await decide(id, 'suspend');
    const changed = await ask({ 'If-None-Match': etag });
    expect([changed.status, changed.headers.etag === etag]).toEqual([200, false]);
    expect((await request(cairn.app).get('/status/nothing')).status).toBe(404);
  });
});

describeWithSharedData('stock software', () => {
  it('finds the badge valid and the list signed; it knows of revocation only', async () => {
    const id = await school.award();
    const { document } = await get(id);
    const { revocation, suspension } = statusPlaces(document);
    const did = (await cairn.services.issuers.getDidDocument(school.organization)) as Parameters<
      typeof checkWithDigitalBazaar
    >[1];
    const text = JSON.stringify(document);
    const published = async () => ({
      [new URL(cairn.cairn.urls.didDocument(school.organization)).pathname]: JSON.stringify(did),
      [revocation.path]: JSON.stringify((await listAt(revocation.path)).credential),
      [suspension.path]: JSON.stringify((await listAt(suspension.path)).credential),
    });
    const revokedElsewhere = async () => {
      const { log } = await checkWithVerifierCore(text, await published());
      return log?.find(({ id: check }) => check === 'revocation_status')?.valid;
    };

    expect(findSchemaProblems('served2026', document)).toEqual([]);
    const { proof, ...unproved } = document;
    expect(findSchemaProblems('formal2024', { ...unproved, proof: [proof] })).toEqual([]);
    expect(await checkWithDigitalBazaar(text, did)).toMatchObject({ verified: true });
    await decide(id, 'suspend');
    expect(await checkWithDigitalBazaar(text, did)).toMatchObject({ verified: true });
    for (const list of [revocation.path, suspension.path]) {
      const signed = JSON.stringify((await listAt(list)).credential);
      expect(await checkWithDigitalBazaar(signed, did)).toMatchObject({ verified: true });
    }
    const first = await revokedElsewhere();
    await decide(id, 'revoke');
    expect([first, await revokedElsewhere()]).toEqual([true, false]);
  });
});
