import { resolveDidKey } from '../../../../src/credentials/did-methods.ts';
import { loadContexts } from '../../../../src/credentials/documents.ts';
import {
  assertExpected,
  refusedPresentation,
  verifyPresentation,
} from '../../../../src/credentials/verify/presentation.ts';
import { Problem } from '../../../../src/credentials/verify/problem.ts';
import type { PresentationExpectations } from '../../../../src/credentials/verify/types.ts';
import { createHolder } from '../../../support/holder.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';

const documents = loadContexts();
const now = new Date('2026-12-01T00:00:00Z');
const seconds = now.getTime() / 1000;
const holder = createHolder();
const plain: Json = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  type: ['VerifiablePresentation'],
};
const inside: Json = { ...plain, id: 'urn:uuid:1', type: ['VerifiableCredential'] };
const resolveHolder = (did: string) => {
  const resolution = resolveDidKey(did);
  return Promise.resolve('document' in resolution ? resolution.document : undefined);
};

/** What was handed to the verifier of credentials, which finds good what is not called bad. */
function open(resolve: (did: string) => Promise<unknown> = resolveHolder) {
  const handed: unknown[] = [];
  const look = (presentation: Json, expected: PresentationExpectations = {}) =>
    verifyPresentation(presentation, expected, {
      documents,
      now,
      resolve,
      verify: (credential) => {
        handed.push(credential);
        const verified = (credential as { id?: string }).id !== 'bad';
        const outcome = verified ? 'valid' : 'invalid';
        return Promise.resolve({ verified, outcome, checks: [], verifiedAt: '' });
      },
    });
  return { handed, look };
}

/** `verified`, or what its form or its proofs came to. */
async function outcome(
  presentation: Json,
  expected: PresentationExpectations = {},
  where = open(),
) {
  const { verified, format, proofs } = await where.look(presentation, expected);
  if (verified) return 'verified';
  const found = [format, ...proofs.map(({ finding }) => finding)].filter(({ code }) => code);
  return found.map(({ id, code }) => `${id} ${code ?? ''}`).join(', ');
}

const enveloped = (token: string): Json => ({
  '@context': plain['@context'],
  type: 'EnvelopedVerifiablePresentation',
  id: `data:application/vp+jwt,${token}`,
});

describe('a presentation without a proof', () => {
  it('is as good as what it carries', async () => {
    const { look, handed } = open();
    const contained = [inside, 'a.b.c', 7, null];
    const good = await look({ ...plain, verifiableCredential: contained });
    expect(good).toMatchObject({ verified: true, format: { outcome: 'pass' }, proofs: [] });
    expect(good.credentials.map(({ credential }) => credential)).toEqual(contained);
    expect(good.credentials.map(({ result }) => result.verified)).toEqual([true, true, true, true]);
    expect(handed).toEqual([inside, 'a.b.c', '', '']);
    const bad = await look({ ...plain, verifiableCredential: [inside, { ...inside, id: 'bad' }] });
    expect(bad.verified).toBe(false);
    expect(bad.credentials.map(({ result }) => result.verified)).toEqual([true, false]);
  });

  it('may carry twenty, and not one more', async () => {
    const carrying = (count: number) =>
      outcome({ ...plain, verifiableCredential: Array(count).fill(inside) });
    expect(await carrying(20)).toBe('verified');
    expect(await carrying(21)).toBe('format TOO_COMPLEX');
  });

  it.each<[Json, PresentationExpectations, string]>([
    [{ verifiableCredential: inside }, {}, 'verified'],
    [{ verifiableCredential: inside }, { challenge: 'c' }, 'format PROOF_MISSING'],
    [{ verifiableCredential: inside }, { domain: 'd' }, 'format PROOF_MISSING'],
    [{ verifiableCredential: [] }, {}, 'format PRESENTATION_EMPTY'],
    [{}, {}, 'format PRESENTATION_EMPTY'],
    [{ verifiableCredential: inside, type: 'Other' }, {}, 'format NOT_A_PRESENTATION'],
    [{ type: 'EnvelopedVerifiablePresentation' }, {}, 'format NOT_A_CREDENTIAL'],
  ])('with %j, when %j was asked for: %s', async (change, expected, found) => {
    expect(await outcome({ ...plain, ...change }, expected)).toBe(found);
  });

  it('is not opened when its form is wrong', async () => {
    const { look, handed } = open();
    const found = await look({ ...plain, type: 'Other', verifiableCredential: inside });
    expect(found).toMatchObject({ verified: false, proofs: [], credentials: [] });
    expect(handed).toEqual([]);
  });
});

describe('a presentation with a proof', () => {
  const members = { verifiableCredential: [inside] };
  const asked = { challenge: 'c', domain: 'd' };

  it('is by its holder, for whoever asked', async () => {
    const signed = await holder.present({ ...members, holder: holder.did }, asked);
    const found = await open().look(signed, asked);
    expect(found).toMatchObject({ verified: true, format: { outcome: 'pass' } });
    expect(found.proofs).toEqual([
      { proof: signed.proof, finding: expect.objectContaining({ outcome: 'pass' }) as unknown },
    ]);
    expect(found.proofs[0]?.finding.detail).toBe(`Presented by ${holder.did}.`);
    expect(await outcome(signed, { challenge: 'other' })).toBe('proof CHALLENGE_MISMATCH');
    expect(await outcome(signed, { domain: 'other' })).toBe('proof DOMAIN_MISMATCH');
    expect(await outcome({ ...signed, name: 'x' })).toMatch(/^(?:format|proof) /);
  });

  it('needs every proof to hold', async () => {
    const signed = await holder.present(members, {});
    const two = { ...signed, proof: [signed.proof, { ...(signed.proof as Json), created: 7 }] };
    const found = await open().look(two);
    expect(found.verified).toBe(false);
    expect(found.proofs.map(({ finding }) => finding.outcome)).toEqual(['pass', 'fail']);
  });

  it.each<[Json, Json, string]>([
    [{}, {}, 'verified'],
    [{ holder: { id: 'did:example:2' } }, {}, 'proof HOLDER_MISMATCH'],
    [{ holder: 'nobody' }, {}, 'format HOLDER_MALFORMED'],
    [{ holder: {} }, {}, 'format HOLDER_MALFORMED'],
    [{}, { proofPurpose: 'assertionMethod' }, 'proof PROOF_PURPOSE'],
    [{}, { verificationMethod: `${holder.did}#key-2` }, 'proof KEY_NOT_AUTHORIZED'],
    [{}, { created: '2026-12-01T01:00:00Z' }, 'proof PROOF_CREATED'],
  ])('with %j and the options %j: %s', async (change, options, expected) => {
    const signed = await holder.present(members, options);
    expect(await outcome({ ...signed, ...change })).toBe(expected);
  });

  it('counts with a key in force that its holder signs in with', async () => {
    const signed = await holder.present(members, {});
    const id = `${holder.did}#${holder.multikey}`;
    const key = { id, controller: holder.did, publicKeyMultibase: holder.multikey };
    const document = (change: Json, purpose = 'authentication') =>
      open(() => Promise.resolve({ id: holder.did, [purpose]: [{ ...key, ...change }] }));
    expect(await outcome(signed, {}, document({}))).toBe('verified');
    for (const [where, code] of [
      [document({}, 'assertionMethod'), 'KEY_NOT_AUTHORIZED'],
      [document({ controller: 'did:example:2' }), 'KEY_NOT_AUTHORIZED'],
      [document({ revoked: '2026-01-01T00:00:00Z' }), 'KEY_REVOKED'],
      [document({ expires: '2026-01-01T00:00:00Z' }), 'KEY_EXPIRED'],
    ] as const) {
      expect(await outcome(signed, {}, where)).toBe(`proof ${code}`);
    }
    expect((await document({}).look({ ...signed, proof: 'text' })).verified).toBe(false);
  });

  it('carries tokens in envelopes, which are long and cost nothing', async () => {
    const envelope = (type: string) => ({
      '@context': plain['@context'],
      type,
      id: `data:application/vc+jwt,${'a'.repeat(20_000)}`,
    });
    const carrying = async (type: string) =>
      open().look({
        ...(await holder.present(members, {})),
        verifiableCredential: [envelope(type)],
      });
    expect((await carrying('EnvelopedVerifiableCredential')).format.outcome).toBe('pass');
    expect((await carrying('VerifiableCredential')).format.outcome).toBe('fail');
  });
});

describe('a presentation as a token', () => {
  const look = (claims: Json, expected: PresentationExpectations = {}, header: Json = {}) =>
    outcome(
      enveloped(holder.presentToken({ verifiableCredential: [inside], ...claims }, header)),
      expected,
    );

  it('is by its holder, and tells of its token', async () => {
    const token = holder.presentToken({ verifiableCredential: [inside] });
    const found = await open().look(enveloped(token));
    expect(found).toMatchObject({ verified: true, proofs: [{ proof: token }] });
    expect(found.proofs[0]?.finding.detail).toBe(`Presented by ${holder.did}.`);
  });

  it.each<[Json, string]>([
    [{ holder: undefined }, 'verified'],
    [{ iss: holder.did }, 'verified'],
    [{ iss: 'did:example:2' }, 'proof HOLDER_MISMATCH'],
    [{ holder: 'did:example:2' }, 'proof HOLDER_MISMATCH'],
    [{ holder: undefined, iss: 'did:example:2' }, 'proof HOLDER_MISMATCH'],
    [{ exp: seconds, nbf: seconds, iat: seconds }, 'verified'],
    [{ exp: seconds - 300, nbf: seconds + 300, iat: seconds + 300 }, 'verified'],
    [{ exp: seconds - 301 }, 'proof PROOF_EXPIRED'],
    [{ nbf: seconds + 301 }, 'proof PROOF_EXPIRED'],
    [{ iat: seconds + 301 }, 'proof PROOF_EXPIRED'],
    [{ exp: 'never' }, 'proof PROOF_EXPIRED'],
    [{ nbf: null }, 'proof PROOF_EXPIRED'],
  ])('with %j: %s', async (claims, expected) => {
    expect(await look(claims)).toBe(expected);
  });

  it.each<[Json, PresentationExpectations, string]>([
    [{ nonce: 'c' }, { challenge: 'c' }, 'verified'],
    [{ nonce: 'x' }, { challenge: 'c' }, 'proof CHALLENGE_MISMATCH'],
    [{}, { challenge: 'c' }, 'proof CHALLENGE_MISMATCH'],
    [{ nonce: 'c' }, {}, 'verified'],
    [{ aud: 'd' }, { domain: 'd' }, 'verified'],
    [{ aud: ['d'] }, { domain: ['d', 'e'] }, 'verified'],
    [{ aud: ['d', 'x'] }, { domain: ['d', 'e'] }, 'proof DOMAIN_MISMATCH'],
    [{ aud: [] }, { domain: 'd' }, 'proof DOMAIN_MISMATCH'],
    [{}, { domain: 'd' }, 'proof DOMAIN_MISMATCH'],
    [{ aud: 'd' }, {}, 'verified'],
  ])('with %j, when %j was asked for: %s', async (claims, expected, found) => {
    expect(await look(claims, expected)).toBe(found);
  });

  it.each<[Json, string]>([
    [{ kid: undefined }, 'proof KEY_NOT_AUTHORIZED'],
    [{ kid: `x${holder.did}` }, 'proof KEY_NOT_AUTHORIZED'],
    [{ typ: 'vc+jwt' }, 'proof TOKEN_HEADER'],
    [{ typ: 'JWT' }, 'verified'],
  ])('with the head %j: %s', async (header, expected) => {
    expect(await look({}, {}, header)).toBe(expected);
  });

  it('counts with a key that belongs to its holder', async () => {
    const id = `${holder.did}#${holder.multikey}`;
    const key = { id, controller: 'did:example:2', publicKeyMultibase: holder.multikey };
    const where = open(() => Promise.resolve({ id: holder.did, authentication: [key] }));
    const token = holder.presentToken({ verifiableCredential: [inside] });
    expect(await outcome(enveloped(token), {}, where)).toBe('proof KEY_NOT_AUTHORIZED');
  });
});

describe('what a proof of a presentation answers', () => {
  const look = (proof: Json, expected: PresentationExpectations) =>
    problemOf(() => {
      assertExpected(proof, expected);
    });
  const other = 'proof invalid DOMAIN_MISMATCH';

  it.each<[Json, PresentationExpectations, string]>([
    [{}, {}, 'passes'],
    [{ challenge: 'c', domain: 'd' }, {}, 'passes'],
    [{ challenge: 'c' }, { challenge: 'c' }, 'passes'],
    [{ challenge: 'd' }, { challenge: 'c' }, 'proof invalid CHALLENGE_MISMATCH'],
    [{}, { challenge: '' }, 'proof invalid CHALLENGE_MISMATCH'],
    [{ domain: 'd' }, { domain: 'd' }, 'passes'],
    [{ domain: ['d'] }, { domain: 'd' }, 'passes'],
    [{ domain: ['e', 'd'] }, { domain: ['d', 'e'] }, 'passes'],
    [{ domain: ['d', 'e'] }, { domain: ['d'] }, other],
    [{ domain: ['d'] }, { domain: ['d', 'e'] }, other],
    [{ domain: ['d', 'x'] }, { domain: ['d', 'e'] }, other],
    [{}, { domain: 'd' }, other],
  ])('%j to %j: %s', async (proof, expected, found) => {
    expect(await look(proof, expected)).toBe(found);
  });
});

it('is refused with what kept it from being looked at', () => {
  const found = refusedPresentation(new Problem('format', 'unverifiable', 'X', 'Why.'));
  expect(found).toMatchObject({ verified: false, proofs: [], credentials: [] });
  expect(found.format).toMatchObject({ outcome: 'fail', code: 'X', detail: 'Why.' });
});
