import { jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { loadContexts } from '../../src/credentials/documents.ts';
import { issueCredential, readKeyIds } from '../../src/credentials/sign/issue.ts';
import type { AchievementCredential } from '../../src/credentials/types.ts';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { newRandomId } from '../../src/shared/ids.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { createIssuer } from '../support/issuer.ts';
import type { Json } from '../support/json-places.ts';

jest.setTimeout(60_000);

const [listed, stranger] = [createIssuer(), createIssuer()];
let folder: string;
let cairn: TestCairn;
let own: { document: string; jwt: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-trust-'));
  const file = join(folder, 'partners.txt');
  await writeFile(file, `did:key:${listed.multikey} North School\n`);
  const absent = join(folder, 'absent.json');
  cairn = await startCairn({ env: { CAIRN_REGISTRIES: `${file}, ${absent}` } });
  const school = await openBadgeSchool(cairn);
  const id = await school.award();
  own = await cairn.services.credentials.get(await cairn.services.organizations.operator(), id);
});
afterAll(async () => {
  await cairn.close();
  await rm(folder, { recursive: true });
});

/** A badge signed with a key that is its own issuer. */
function signWithKey(issuer: ReturnType<typeof createIssuer>): Promise<Json> {
  const { credentialStatus: _status, ...badge } = issuer.badge();
  const id = `did:key:${issuer.multikey}`;
  const made = '2026-11-01T09:00:00Z';
  return issuer.sign(
    { ...badge, validFrom: made, issuer: { id, type: ['Profile'], name: 'Some School' } },
    { created: made, verificationMethod: `${id}#${issuer.multikey}` },
  );
}

async function verify(body: object | string) {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  const answer = await request(cairn.app).post('/verify').type(type).send(body);
  const { outcome, checks } = answer.body as VerificationResult;
  return { outcome, issuer: checks.find(({ id }) => id === 'issuer') };
}

it('says of our own badges, in both forms, that they are ours and in the log', async () => {
  for (const form of [JSON.parse(own.document) as object, own.jwt]) {
    const { outcome, issuer } = await verify(form);
    expect(outcome).toBe('valid');
    expect(issuer).toMatchObject({ outcome: 'pass' });
    expect(issuer?.detail).toContain('a school of this installation, whose issuance log has it');
  }
});

it('has in the log what administrators had signed as they composed it', async () => {
  const { credentialStatus: _status, issuer: _issuer, ...credential } = listed.badge();
  const signed = await request(cairn.app)
    .post('/vc/credentials/issue')
    .auth(cairn.owner, { type: 'bearer' })
    .send({ credential });
  const { verifiableCredential } = signed.body as { verifiableCredential: Json };
  const { outcome, issuer } = await verify(verifiableCredential);
  expect(outcome).toBe('valid');
  expect(issuer?.detail).toContain('whose issuance log has it');
  const [report] = await cairn.services.issuanceLog.verify();
  expect(report).toMatchObject({ entries: 2 });
  expect(report?.fault).toBeUndefined();
});

it('does not vouch for what its key signed and its log never saw', async () => {
  const ids = readKeyIds(own);
  const { proof: _proof, ...unsigned } = JSON.parse(own.document) as AchievementCredential & Json;
  const forged = await issueCredential(
    { ...unsigned, id: unsigned.id.replace(/[^/]+$/, newRandomId()) },
    {
      urls: cairn.cairn.urls,
      signers: {
        dataIntegrity: await cairn.services.signingKeys.signerOf(ids.dataIntegrity),
        jwt: await cairn.services.signingKeys.signerOf(ids.jwt),
      },
      created: new Date('2026-11-20T09:00:00Z'),
      documentLoader: loadContexts(),
    },
  );
  for (const form of [JSON.parse(forged.document) as object, forged.jwt]) {
    const { outcome, issuer } = await verify(form);
    expect(outcome).toBe('unverifiable');
    expect(issuer).toMatchObject({ outcome: 'fail', code: 'NOT_IN_ISSUANCE_LOG' });
  }
});

it('knows an issuer from a registry, and says which registry could not be read', async () => {
  const known = await verify(await signWithKey(listed));
  expect(known).toMatchObject({ outcome: 'valid', issuer: { outcome: 'pass' } });
  expect(known.issuer?.detail).toContain('registry “partners.txt” lists it as “North School”');

  const unknown = await verify(await signWithKey(stranger));
  expect(unknown).toMatchObject({ outcome: 'valid', issuer: { code: 'ISSUER_UNKNOWN' } });
  expect(unknown.issuer?.detail).toContain('registry “absent.json” could not be read');
});

it('shows an unknown issuer as unknown, never as false', async () => {
  const page = await request(cairn.app)
    .post('/verify')
    .set('Accept', 'text/html')
    .field('text', JSON.stringify(await signWithKey(stranger)));
  expect(page.text).toContain('its issuer is not known here');
  expect(page.text).toContain('by an address that you know to be theirs');
  expect(page.text).not.toMatch(/fake|forged|You can rely on/i);
});
