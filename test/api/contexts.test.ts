import { jest } from '@jest/globals';
import request from 'supertest';
import { loadContexts } from '../../src/credentials/documents.ts';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { createContextService } from '../../src/services/verification/contexts.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { createIssuer } from '../support/issuer.ts';
import type { Json } from '../support/json-places.ts';

jest.setTimeout(60_000);

const url = 'https://words.example/v1';
const words = {
  '@context': { '@protected': true, mood: `${url}#mood`, Mood: { '@id': `${url}#Mood` } },
};
const issuer = createIssuer();
let cairn: TestCairn;

beforeAll(async () => {
  cairn = await startCairn();
});
afterAll(async () => {
  await cairn.close();
});

const add = (body: object, key = cairn.owner) =>
  request(cairn.app).post('/api/v1/contexts').auth(key, { type: 'bearer' }).send(body);

const send = (context: unknown, at = url) => add({ url: at, content: JSON.stringify(context) });

/** A badge that says something in words of its own, signed by a stranger to whom the context is known. */
async function signWithWords(): Promise<Json> {
  const { credentialStatus: _status, ...badge } = issuer.badge();
  const id = `did:key:${issuer.multikey}`;
  const made = '2026-11-01T09:00:00Z';
  return issuer.sign(
    {
      ...badge,
      '@context': [...(badge['@context'] as string[]), url],
      validFrom: made,
      issuer: { id, type: ['Profile'] },
      mood: 'curious',
    },
    { created: made, verificationMethod: `${id}#${issuer.multikey}` },
    new Map([[url, words]]),
  );
}

async function verify(credential: Json) {
  const answer = await request(cairn.app).post('/verify').send(credential);
  const { outcome, checks } = answer.body as VerificationResult;
  return { outcome, format: checks.find(({ id }) => id === 'format') };
}

it('a badge with unknown words can be verified once its context was added, and the result says so', async () => {
  const badge = await signWithWords();
  expect(await verify(badge)).toMatchObject({
    outcome: 'unverifiable',
    format: { code: 'CONTEXT_NOT_ALLOWED' },
  });

  const added = await send(words);
  expect(added.status).toBe(201);
  expect(added.body).toMatchObject({ url, size: JSON.stringify(words).length });
  const { outcome, format } = await verify(badge);
  expect(outcome).toBe('valid');
  expect(format?.detail).toContain(`words are those of ${url}`);
  expect((await verify({ ...badge, mood: 'bored' })).outcome).toBe('invalid');

  const { id } = added.body as { id: string };
  const gone = await request(cairn.app)
    .delete(`/api/v1/contexts/${id}`)
    .auth(cairn.owner, { type: 'bearer' });
  expect(gone.status).toBe(204);
  expect(await verify(badge)).toMatchObject({ outcome: 'unverifiable' });

  const events = await request(cairn.app)
    .get('/api/v1/audit-events?limit=2')
    .auth(cairn.owner, { type: 'bearer' });
  expect((events.body as { items: Json[] }).items).toMatchObject([
    { action: 'context.removed', details: { url } },
    { action: 'context.added', details: { url } },
  ]);
});

it('an added context never changes, never replaces a known one, and never signs', async () => {
  expect((await send(words)).status).toBe(201);
  expect((await send(words)).status).toBe(201);
  const changed = await send({ '@context': { mood: `${url}#humour` } });
  expect(changed).toMatchObject({ status: 409, body: { code: 'context.exists' } });
  const pinned = await send(words, 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json');
  expect(pinned).toMatchObject({ status: 409, body: { code: 'context.pinned' } });

  const listed = await request(cairn.app)
    .get('/api/v1/contexts')
    .auth(cairn.owner, { type: 'bearer' });
  expect((listed.body as { items: Json[] }).items).toHaveLength(1);

  const { credentialStatus: _status, issuer: _issuer, ...credential } = issuer.badge();
  const contexts = [...(credential['@context'] as string[]), url];
  const signed = await request(cairn.app)
    .post('/vc/credentials/issue')
    .auth(cairn.owner, { type: 'bearer' })
    .send({ credential: { ...credential, '@context': contexts, mood: 'curious' } });
  expect(signed.status).toBeGreaterThanOrEqual(400);
  expect(signed.text).toContain('a vocabulary that is not known here');
});

it('is for owners, and for the operator alone where there are several schools', async () => {
  const admin = await cairn.as('admin');
  const asAdmin = await add({ url, content: JSON.stringify(words) }, admin.key);
  expect(asAdmin).toMatchObject({ status: 403, body: { code: 'role.not_allowed' } });

  const { cairn: composed, services } = cairn;
  const { stores } = composed.storage;
  const [school] = await stores.organizations.list();
  if (school === undefined) throw new Error('no school');
  const shared = createContextService({
    contexts: stores.contexts,
    organizations: { list: () => Promise.resolve([school, { ...school, id: newId() }]) },
    documents: loadContexts(),
    audit: services.audit,
    now: () => new Date(),
  });
  const given = { url: 'https://words.example/v2', content: JSON.stringify(words) };
  const owner = { kind: 'person', id: newId(), organization: school.id, roles: ['owner'] } as const;
  await expect(shared.add(owner, given)).rejects.toMatchObject({ code: 'context.operator_only' });
  const operator = await services.organizations.operator();
  expect(await shared.add(operator, given)).toMatchObject({ addedBy: { kind: 'system' } });
});

it('is refused when it is too large or at no address', async () => {
  const large = `{"@context":{"a":"${'ä'.repeat(140_000)}"}}`;
  expect(await add({ url, content: large })).toMatchObject({
    status: 400,
    body: { code: 'context.too_large' },
  });
  for (const wrong of ['http://words.example/v1', 'words', `${url}#mood`]) {
    expect((await send(words, wrong)).status).toBe(400);
  }
});
