import { createHolder, holdsAfter } from '../support/holder.ts';
import type { Json } from '../support/json-places.ts';
import { openVcApi, plain, type VcApi } from '../support/vc-api.ts';

let api: VcApi;

beforeAll(async () => {
  api = await openVcApi();
});
afterAll(async () => {
  await api.cairn.close();
});

const verify = async (credential: Json) =>
  (await api.cairn.services.vcApi.verifyCredential(credential)).report;

async function keyOf(method: string): Promise<string> {
  const { issuers } = api.cairn.services;
  const document = await issuers.getDidDocument(api.school.organization);
  const found = document.verificationMethod.find(({ id }) => id === method);
  return /z6Mk\w+/.exec(JSON.stringify(found))?.[0] ?? '';
}

describe('the proof of POST /vc/credentials/issue', () => {
  it('keeps the proofs that are there and adds its own', async () => {
    const once = await api.sign();
    const twice = await api.sign({ issuer: api.did, proof: once.proof });
    expect(twice.proof).toEqual([
      once.proof,
      expect.objectContaining({ proofPurpose: 'assertionMethod' }),
    ]);
    const report = await verify(twice);
    expect(report).toMatchObject({
      verified: true,
      results: { proof: [{ verified: true }, { verified: true }] },
    });
    const [first, second] = twice.proof as [Json, Json];
    const forged = { ...first, created: '2020-01-01T00:00:00Z' };
    const mixed = await verify({ ...twice, proof: [forged, second] });
    expect(mixed.results?.proof?.map(({ verified }) => verified)).toEqual([false, true]);
  });

  it('builds on the proofs that previousProof names', async () => {
    const holder = createHolder();
    const id = 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8';
    const unsigned = { ...plain, issuer: api.did };
    const { proof: first } = await holder.sign(unsigned, { id, proofPurpose: 'assertionMethod' });
    const answer = await api.issue({ ...unsigned, proof: first }, { previousProof: id });
    expect(answer.status).toBe(201);
    const { verifiableCredential } = answer.body as { verifiableCredential: Json };
    const [kept, ours] = verifiableCredential.proof as [Json, Json];
    expect(kept).toEqual(first);
    expect(ours).toMatchObject({ previousProof: id });

    const report = await verify(verifiableCredential);
    expect(report).toMatchObject({
      verified: true,
      results: { proof: [{ verified: true }, { verified: true }] },
    });

    const key = await keyOf(String(ours.verificationMethod));
    expect(await holdsAfter([kept], ours, unsigned, key)).toBe(true);
    expect(await holdsAfter([], ours, unsigned, key)).toBe(false);
    const other = { ...kept, created: '2026-01-02T00:00:00Z' };
    expect(await holdsAfter([other], ours, unsigned, key)).toBe(false);
  });

  it('answers 422 when there is no such proof to build on', async () => {
    const answer = await api.issue(plain, { previousProof: ['urn:uuid:1'] });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'proof.no_previous' });
  });

  it('writes what was asked for into the proof', async () => {
    const options = {
      created: '2026-02-03T04:05:06Z',
      domain: 'college.example',
      challenge: 'c-17',
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      proofPurpose: 'assertionMethod',
    };
    const answer = await api.issue({ ...plain, issuer: api.did }, options);
    const { verifiableCredential } = answer.body as { verifiableCredential: Json };
    expect(verifiableCredential.proof).toMatchObject(options);
    expect((await verify(verifiableCredential)).verified).toBe(true);
  });

  it.each([
    ['another kind of proof', { cryptosuite: 'ecdsa-sd-2023' }],
    ['another purpose', { proofPurpose: 'authentication' }],
    ['selective disclosure', { mandatoryPointers: ['/issuer'] }],
    ['a time of signing that is none', { created: 'yesterday' }],
    ['a time of signing to come', { created: '2999-01-01T00:00:00Z' }],
  ])('answers 400 to the wish for %s', async (_what, options) => {
    expect((await api.issue(plain, options)).status).toBe(400);
  });
});
