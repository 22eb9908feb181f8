import { loadContexts, withDocuments } from '../../../../src/credentials/documents.ts';
import type { VerificationMethod } from '../../../../src/credentials/verify/controller.ts';
import { canonize, isTooMuchWork } from '../../../../src/credentials/verify/proofs/canonize.ts';
import { checkSignature } from '../../../../src/credentials/verify/proofs/signature.ts';
import { createForeignIssuer, type SuiteName } from '../../../support/foreign-issuer.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';

const issuer = await createForeignIssuer();
const badge = issuer.badge();
const knots = 'https://knots.example/';
const documents = withDocuments(
  loadContexts(),
  new Map([[knots, { '@context': { knows: { '@id': `${knots}knows`, '@type': '@id' } } }]]),
);

/** Nodes without ids that all know each other: whoever names them has to try every order. */
function knot(size: number): Json {
  const ids = Array.from({ length: size }, (_, at) => `_:b${at}`);
  const nodes = ids.map((id) => ({ '@id': id, knows: ids.filter((each) => each !== id) }));
  return { '@context': knots, '@graph': nodes };
}

const signed: Readonly<Record<string, Json>> = {
  'eddsa-rdfc-2022': await issuer.sign('eddsa-rdfc-2022', badge),
  'eddsa-jcs-2022': await issuer.sign('eddsa-jcs-2022', badge),
  Ed25519Signature2020: await issuer.sign('Ed25519Signature2020', badge),
  'ecdsa-rdfc-2019 P-256': await issuer.sign('ecdsa-rdfc-2019 P-256', badge),
};
const { did } = issuer;
/** What the issuer publishes under this name. */
function multikeyOf(name: 'ed25519' | 'p256' | 'p384'): unknown {
  const methods = issuer.document.verificationMethod as Json[];
  return methods.find(({ id }) => id === `${did}#${name}`)?.publicKeyMultibase;
}

function look(name: string, change: { proof?: Json; credential?: Json; method?: Json } = {}) {
  const credential = { ...signed[name], ...change.credential };
  const proof = { ...(credential.proof as Json), ...change.proof };
  const key = name.includes('P-256') ? 'p256' : 'ed25519';
  const id = `${did}#${key}`;
  const method = { id, controller: did, multikey: multikeyOf(key), ...change.method };
  return problemOf(() =>
    checkSignature({ credential, proof, method: method as VerificationMethod }, documents),
  );
}

const invalid = 'proof invalid PROOF_INVALID';

describe.each(Object.keys(signed) as SuiteName[])('a signature of %s', (name) => {
  it('holds over what was signed, and over nothing else', async () => {
    expect(await look(name)).toBe('passes');
    expect(await look(name, { credential: { name: 'Other' } })).toBe(invalid);
    expect(await look(name, { proof: { created: '2026-11-22T10:00:01Z' } })).toBe(invalid);
  });

  it('is by a key of its kind', async () => {
    const wrong = { multikey: multikeyOf(name.startsWith('ecdsa') ? 'ed25519' : 'p384') };
    const unauthorized = 'proof invalid KEY_NOT_AUTHORIZED';
    expect(await look(name, { method: wrong })).toBe(unauthorized);
    expect(await look(name, { method: { multikey: 'z6Mk' } })).toBe(
      'proof unverifiable KEY_NOT_SUPPORTED',
    );
    expect(await look(name, { method: { multikey: undefined } })).toBe(
      'proof unverifiable KEY_NOT_SUPPORTED',
    );
    expect(await look(name, { method: { multikey: undefined, jwk: { kty: 'OKP' } } })).toBe(
      unauthorized,
    );
  });
});

describe('the contexts of a proof', () => {
  const short = [(badge['@context'] as string[])[0]];

  it.each(['eddsa-rdfc-2022', 'Ed25519Signature2020', 'ecdsa-rdfc-2019 P-256'])(
    'are those of the document for %s, whatever the proof says',
    async (name) => {
      expect(await look(name, { proof: { '@context': short } })).toBe('passes');
    },
  );

  it('are part of what is signed where the JSON is', async () => {
    const name = 'eddsa-jcs-2022';
    expect(await look(name, { proof: { '@context': short } })).toBe('proof invalid PROOF_CONTEXT');
    expect(await look(name, { proof: { '@context': badge['@context'] } })).toBe('passes');
    const { '@context': _taken, ...bare } = signed[name]?.proof as Json;
    expect(await look(name, { credential: { proof: bare } })).toBe(invalid);
    const more = [...(badge['@context'] as string[]), 'https://www.w3.org/ns/credentials/v2'];
    expect(await look(name, { credential: { '@context': more } })).toMatch(/^proof invalid/);
  });
});

describe('canonicalizing', () => {
  const options = { documentLoader: documents };

  it('takes a second, longer look at what needs it', async () => {
    expect((await canonize(knot(2), options)).split('\n')).toHaveLength(3);
  });

  it('gives up on knots, and says so', async () => {
    const error = await canonize(knot(3), options).catch((reason: unknown) => reason);
    expect(isTooMuchWork(error)).toBe(true);
    const { '@context': context, '@graph': nodes } = knot(3);
    for (const name of ['eddsa-rdfc-2022', 'Ed25519Signature2020', 'ecdsa-rdfc-2019 P-256']) {
      const contexts = [...(signed[name]?.['@context'] as string[]), context];
      const credential = { '@context': contexts, '@included': nodes };
      expect(await look(name, { credential })).toBe('proof unverifiable PROOF_TOO_COMPLEX');
    }
  });

  it('fails at once at what is no matter of work', async () => {
    const unknown = canonize({ '@context': 'https://other.example/' }, options);
    const error = await unknown.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(isTooMuchWork(error)).toBe(false);
  });

  it('drops no word without a meaning', async () => {
    await expect(canonize({ ...knot(1), unknown: 'word' }, options)).rejects.toThrow();
  });

  it.each<[unknown, boolean]>([
    [Object.assign(new Error('x'), { name: 'AbortError' }), true],
    [new Error('The operation was aborted'), true],
    [new Error('Maximum deep iterations exceeded (9).'), true],
    [new Error('Other.'), false],
    [{ name: 'AbortError', message: 'x' }, false],
    ['abort', false],
    [undefined, false],
  ])('takes too much work: %p: %p', (error, expected) => {
    expect(isTooMuchWork(error)).toBe(expected);
  });
});
