import type { KnownIssuer } from '../../src/credentials/verify/types.ts';
import { issuer, now } from '../support/verdict.ts';
import type { Json } from '../support/json-places.ts';
import { createWorld } from '../support/world.ts';

const { credentialStatus: _status, ...unlisted } = issuer.badge();
const university = 'https://university.example';

/** What strangers can make: any issuer that they like, signed with a key that is named like one of its own. */
function signAs(id: string, verificationMethod: string): Promise<Json> {
  const named = { id, type: ['Profile'], name: 'Famous University' };
  return issuer.sign({ ...unlisted, issuer: named }, { verificationMethod });
}

const didKey = `did:key:${issuer.multikey}`;
const asDidKey = () => signAs(didKey, `${didKey}#${issuer.multikey}`);
const asUniversity = () => signAs(university, `${university}#${issuer.multikey}`);

function listing(known: Readonly<Record<string, Partial<KnownIssuer>>>) {
  return (id: string): Promise<KnownIssuer> =>
    Promise.resolve({ own: false, listings: [], unread: [], ...known[id] });
}

async function ask(
  credential: object | string,
  published: Json = {},
  options: Omit<NonNullable<Parameters<typeof createWorld>[1]>, 'now'> = {},
) {
  const result = await createWorld(published, { now, ...options }).verify(credential);
  const check = result.checks.find(({ id }) => id === 'issuer');
  const proof = result.checks.find(({ id }) => id === 'proof');
  return { outcome: result.outcome, check, proof };
}

describe('a key that is an identifier of its own (did:key)', () => {
  it('is nobody’s whom we know: a note, and neither false nor simply right', async () => {
    const { outcome, check } = await ask(await asDidKey());
    expect(outcome).toBe('valid');
    expect(check).toMatchObject({ outcome: 'warn', code: 'ISSUER_UNKNOWN' });
    expect(check?.detail).toContain('does not mean that the badge is false');
    expect(check?.detail).toContain('calls itself “Famous University”');
  });

  it('is known when a registry lists it, by the name that the registry gives', async () => {
    const findIssuer = listing({ [didKey]: { listings: [{ registry: 'Pilot', name: 'North' }] } });
    const { outcome, check } = await ask(await asDidKey(), {}, { findIssuer });
    expect(outcome).toBe('valid');
    expect(check).toMatchObject({ outcome: 'pass' });
    expect(check?.detail).toContain('registry “Pilot” lists it as “North”');
  });

  it('is told with the registries that could not be asked', async () => {
    const findIssuer = listing({ [didKey]: { unread: ['Pilot'] } });
    const { check } = await ask(await asDidKey(), {}, { findIssuer });
    expect(check).toMatchObject({ code: 'ISSUER_UNKNOWN' });
    expect(check?.detail).toContain('registry “Pilot” could not be read');
  });
});

describe('a web address', () => {
  it('is told by its domain, whatever the issuer calls itself', async () => {
    const signed = await issuer.sign({
      ...unlisted,
      issuer: { id: issuer.did, type: ['Profile'], name: 'Famous University' },
    });
    const { outcome, check } = await ask(signed, { [issuer.documentUrl]: issuer.document });
    expect(outcome).toBe('valid');
    expect(check).toMatchObject({ outcome: 'pass' });
    expect(check?.detail).toContain('whoever controls school.example');
  });

  it('proves nothing when the badge alone names the key: that could be anybody’s', async () => {
    const { outcome, check, proof } = await ask(await asUniversity());
    expect(outcome).toBe('unverifiable');
    expect(proof).toMatchObject({ outcome: 'pass' });
    expect(check).toMatchObject({ outcome: 'fail', code: 'ISSUER_KEY_UNCONFIRMED' });
    expect(check?.detail).not.toMatch(/fake|forged/i);
  });

  it('is confirmed by its document, its key set, or a registry that lists the key', async () => {
    const method = `${university}#${issuer.multikey}`;
    const key = {
      id: method,
      type: 'Multikey',
      controller: university,
      publicKeyMultibase: issuer.multikey,
    };
    const document = { id: university, verificationMethod: [key], assertionMethod: [method] };
    const jwk = issuer.ed25519.publicKey.export({ format: 'jwk' });
    const jwks = `${university}/.well-known/jwks.json`;
    const signed = await asUniversity();
    const profile = { id: university, type: ['Profile'], name: 'Famous University' };
    for (const [published, known] of [
      [{ [university]: document }, {}],
      [{ [university]: profile, [jwks]: { keys: [jwk] } }, {}],
      [{ [jwks]: { keys: [{ ...jwk, iss: university }] } }, {}],
      [{}, { [method]: { listings: [{ registry: 'Pilot' }] } }],
    ] as const) {
      const options = { findIssuer: listing(known) };
      const { outcome, check } = await ask(signed, published, options);
      expect({ outcome, check }).toMatchObject({ outcome: 'valid', check: { outcome: 'pass' } });
    }
  });

  it('is not confirmed by a key of somebody else on its host, nor by a registry that does not name the key', async () => {
    const jwk = issuer.ed25519.publicKey.export({ format: 'jwk' });
    const signed = await asUniversity();
    const jwks = { keys: [{ ...jwk, iss: `${university}/club` }] };
    const published = { [`${university}/.well-known/jwks.json`]: jwks };
    const findIssuer = listing({ [university]: { listings: [{ registry: 'Pilot' }] } });
    const { outcome, check } = await ask(signed, published, { findIssuer });
    expect(outcome).toBe('unverifiable');
    expect(check).toMatchObject({ code: 'ISSUER_KEY_UNCONFIRMED' });
  });

  it('is taken at its confirmed proof, wherever that stands', async () => {
    const signed = await asUniversity();
    const key = {
      id: `${university}/key`,
      controller: university,
      publicKeyMultibase: issuer.multikey,
    };
    const second = await signAs(university, key.id);
    const both = { ...signed, proof: [signed.proof, second.proof] };
    const { outcome } = await ask(both, { [key.id]: key });
    expect(outcome).toBe('valid');
  });
});

describe('a school of this installation', () => {
  const own = { findIssuer: listing({ [issuer.did]: { own: true } }) };
  const published = { [issuer.documentUrl]: issuer.document };
  const logged = () => Promise.resolve(new Date(now));
  const notLogged = () => Promise.resolve(undefined);

  it('is told as such when the issuance log has the badge', async () => {
    const badge = await issuer.sign(unlisted);
    const { outcome, check } = await ask(badge, published, { ...own, findLogged: logged });
    expect(outcome).toBe('valid');
    expect(check?.detail).toContain('a school of this installation, whose issuance log has it');
  });

  it('did not issue what its log does not have, in whatever form', async () => {
    const token = issuer.signToken(issuer.claims(unlisted));
    for (const badge of [await issuer.sign(unlisted), token]) {
      const options = { ...own, findLogged: notLogged };
      const { outcome, check } = await ask(badge, published, options);
      expect(outcome).toBe('unverifiable');
      expect(check).toMatchObject({ outcome: 'fail', code: 'NOT_IN_ISSUANCE_LOG' });
    }
  });
});
