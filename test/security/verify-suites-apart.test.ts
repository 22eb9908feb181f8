import { decodeBase58, encodeBase58 } from '../../src/credentials/multibase.ts';
import { derive } from '../support/foreign-issuer.ts';
import {
  issuer,
  proofOf,
  stranger,
  verdictOf,
  withProof,
  world,
} from '../support/foreign-world.ts';
import type { Json } from '../support/json-places.ts';
import { verdict } from '../support/verdict.ts';

// What only one of the suites can do, or only one can suffer.

describe('a badge as wallets and signing services of 2023 issued it', () => {
  const did = `did:key:${issuer.keys.ed25519.publicKeyMultibase}`;
  const verificationMethod = `${did}#${issuer.keys.ed25519.publicKeyMultibase}`;
  const {
    validFrom,
    credentialStatus: _none,
    ...rest
  } = issuer.badge({ name: 'Linear functions' });
  const badge = {
    ...rest,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
    ],
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: did, type: ['Profile'], name: 'A wallet', url: 'https://wallet.example' },
    issuanceDate: validFrom,
  };
  const sign = (change: Json = {}) =>
    issuer.sign('Ed25519Signature2020', { ...badge, ...change }, { verificationMethod });

  it('verifies without asking anybody', async () => {
    const where = world();
    expect(await verdict(await sign(), where)).toBe('valid');
    expect(where.asked).toEqual([]);
  });

  it('is unverifiable, with the reason, where it used vocabularies that changed or are gone', async () => {
    const signed = await sign();
    const [first, second, third] = signed['@context'] as string[];
    const older = { ...signed, '@context': [first, 'https://w3id.org/dcc/v1', third] };
    expect(await verdictOf(older)).toBe('unverifiable CONTEXT_NOT_ALLOWED');
    const { checks } = await world().verify(older);
    expect(checks[0]?.detail).toContain('https://w3id.org/dcc/v1');
    const undefinedThere = {
      ...signed,
      '@context': [first, second, third],
      awardedDate: validFrom,
    };
    expect(await verdictOf(undefinedThere)).toMatch(/^(?:unverifiable|invalid) /);
  });
});

describe('a signature over the JSON itself', () => {
  it('covers what no vocabulary defines, as a token does', async () => {
    const signed = await issuer.sign('eddsa-jcs-2022', issuer.badge({ grade: 'A', note: null }));
    expect(await verdictOf(signed)).toBe('valid');
    expect(await verdictOf({ ...signed, grade: 'B' })).toBe('invalid PROOF_INVALID');
  });

  it('does not open the door for a second proof over the triples', async () => {
    const badge = issuer.badge();
    const proof = await issuer.prove('eddsa-rdfc-2022', badge);
    const { credentialStatus, ...rest } = badge;
    const iri = 'https://www.w3.org/2018/credentials#credentialStatus';
    const hidden = { ...rest, [iri]: credentialStatus };
    const jcs = await stranger.prove('eddsa-jcs-2022', hidden);
    expect(await verdictOf({ ...hidden, proof: [jcs, proof] })).toBe('invalid MEMBER_NOT_ALLOWED');
  });

  it('covers its vocabularies, all of them', async () => {
    const signed = await issuer.sign('eddsa-jcs-2022', issuer.badge());
    const more = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';
    const contexts = [...(signed['@context'] as string[]), more];
    expect(await verdictOf({ ...signed, '@context': contexts })).toBe('invalid PROOF_CONTEXT');
  });
});

describe('an excerpt', () => {
  const options = { mandatory: ['/issuer', '/validFrom'] };

  async function base(change: Json = {}): Promise<Json> {
    const badge = issuer.badge(change);
    return { ...badge, proof: await issuer.prove('ecdsa-sd-2023', badge, options) };
  }

  it('says that it is one, since what its issuer did not make obligatory may be gone', async () => {
    const excerpt = await derive(await base(), ['/credentialSubject']);
    expect(excerpt).not.toHaveProperty('credentialStatus');
    const { verified, checks } = await world().verify(excerpt);
    expect(verified).toBe(true);
    expect(checks).toContainEqual(
      expect.objectContaining({ id: 'proof', outcome: 'warn', code: 'PROOF_SELECTION' }),
    );
  });

  it('is none while its holder has not chosen', async () => {
    expect(await verdictOf(await base())).toBe('unverifiable PROOF_NOT_DERIVED');
  });

  it('does not lose what its issuer made obligatory', async () => {
    const excerpt = await derive(await base(), ['/credentialSubject']);
    const { validFrom: _validFrom, ...rest } = excerpt;
    expect(await verdictOf(rest)).toMatch(/^invalid/);
  });

  it('does not take over what was shown of another badge', async () => {
    const second = issuer.badge({ id: 'urn:uuid:8c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f' });
    const shown = await derive(await base(), ['/credentialSubject']);
    const other = await derive(
      { ...second, proof: await issuer.prove('ecdsa-sd-2023', second, options) },
      ['/credentialSubject'],
    );
    expect(await verdictOf({ ...shown, proof: other.proof })).toBe('invalid PROOF_INVALID');
  });

  it('is not believed where the stock package covers texts only in part', async () => {
    const achievement = {
      ...((issuer.badge().credentialSubject as Json).achievement as Json),
      description: 'Passed with grade _:D',
    };
    const subject = { ...(issuer.badge().credentialSubject as Json), achievement };
    const excerpt = await derive(await base({ credentialSubject: subject }), [
      '/credentialSubject',
    ]);
    const text = JSON.stringify(excerpt).replace('_:D', '_:A');
    expect(await verdictOf(excerpt)).toBe('unverifiable MEMBER_NOT_COVERED');
    expect(await verdictOf(JSON.parse(text) as Json)).toBe('unverifiable MEMBER_NOT_COVERED');
  });
});

it('a signature with P-256 counts in both of its forms (high and low s)', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const signed = await issuer.sign('ecdsa-rdfc-2019 P-256', issuer.badge());
  const bytes = Buffer.from(decodeBase58(String(proofOf(signed).proofValue).slice(1)) ?? []);
  const mirrored = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = bytes.toString('hex', 0, 32) + mirrored.toString(16).padStart(64, '0');
  const proofValue = `z${encodeBase58(Buffer.from(twin, 'hex'))}`;
  expect(proofValue).not.toBe(proofOf(signed).proofValue);
  expect(await verdictOf(withProof(signed, { proofValue }))).toBe('valid');
});
