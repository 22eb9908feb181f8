import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { suiteNames, type SuiteName } from './foreign-issuer.ts';
import { createIssuer } from './issuer.ts';
import { valueAt, withChange, type Json } from './json-places.ts';
import { award, organization, recipient, version } from './sample-award.ts';
import {
  foreign,
  issuer,
  keyDid,
  other,
  published,
  sign,
  signedAt,
  start,
  withContext,
  withoutStatus,
} from './verdict-world.ts';

// Credentials, honest and broken, for judges who look at the clock: everything was signed long ago.

const past = '2025-06-01T00:00:00Z';
const future = '2099-01-01T00:00:00Z';
const credentials = 'https://www.w3.org/2018/credentials#';

const badge = (change: Json = {}): Json => issuer.badge({ validFrom: start, ...change });
const bare = (change: Json = {}): Json => withoutStatus(badge(change));
const token = (credential: Json = bare(), header: Json = {}): string =>
  issuer.signToken(issuer.claims(credential), header);

/** How it is made, and what is published when it is not the usual. */
export interface Specimen {
  readonly make: () => Promise<Json | string> | Json | string;
  readonly world?: Parameters<typeof published>[0];
}

const specimen = (make: Specimen['make'], world?: Specimen['world']): Specimen => ({
  make,
  ...(world && { world }),
});

/** Signed first, changed after. */
const changed = (change: (signed: Json) => Json, from = bare()): Specimen =>
  specimen(async () => change(await sign(from)));

/** Of an issuer with another DID document than usual; of its own, since judges remember documents. */
function ofIssuer(host: string, change: (document: Json) => Json): Specimen {
  const own = createIssuer(host);
  const credential = withoutStatus(own.badge({ validFrom: start }));
  const more = { [own.documentUrl]: withContext(change(own.document)) };
  return specimen(() => own.sign(credential, signedAt), { more });
}

const withMethods = (change: Json) => (document: Json) => ({
  ...document,
  verificationMethod: (document.verificationMethod as Json[]).map((each) => ({
    ...each,
    ...change,
  })),
});

function didKey(fragment: string): Specimen {
  const credential = bare({ issuer: { id: keyDid, type: ['Profile'], name: 'Example School' } });
  return specimen(() => sign(credential, { verificationMethod: keyDid + fragment }));
}

function everything(): Json {
  const urls = createUrls('https://school.example');
  const built = {
    ...buildAchievementCredential({ urls, organization, version, award, recipient }),
  };
  const { awardedDate: _date, ...rest } = built as unknown as Json;
  return withoutStatus({
    ...rest,
    issuer: { ...(rest.issuer as Json), id: issuer.did },
    validFrom: start,
  });
}

async function endorsed(): Promise<Json> {
  const endorsement = other.badge({
    id: 'urn:uuid:1d1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsement',
    validFrom: start,
    credentialSubject: { id: badge().id, type: ['EndorsementSubject'], endorsementComment: 'Yes.' },
  });
  return badge({ endorsement: [await other.sign(withoutStatus(endorsement), signedAt)] });
}

const older = (change: Json = {}): Json => {
  const { validFrom, ...rest } = bare({ name: 'Linear functions', ...change });
  return {
    ...rest,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://w3id.org/security/data-integrity/v2',
    ],
    issuanceDate: validFrom,
  };
};

const plain = (change: Json = {}): Json => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
  type: ['VerifiableCredential'],
  issuer: issuer.did,
  validFrom: start,
  credentialSubject: { id: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e' },
  ...change,
});

const bySuite = (name: SuiteName): Specimen =>
  specimen(() =>
    foreign.sign(name, withoutStatus(foreign.badge({ validFrom: start })), {
      mandatory: ['/issuer', '/validFrom'],
    }),
  );

const status = badge().credentialStatus;
const evidence = { id: 'https://evidence.example/1', type: ['Evidence'], name: 'Report' };
const achievement = ['credentialSubject', 'achievement'];
const credits = bare({
  credentialSubject: {
    ...(bare().credentialSubject as Json),
    achievement: {
      ...(valueAt(bare(), achievement) as Json),
      creditsAvailable: 2.5,
      name: 'Broken \ufffd',
    },
  },
});

export const specimens: Readonly<Record<string, Specimen>> = {
  'a badge': specimen(() => sign(bare())),
  'with an entry in a status list': specimen(() => sign(badge())),
  'with its proof in a list': changed((signed) => ({ ...signed, proof: [signed.proof] })),
  'with another proof beside it that nobody knows': changed((signed) => ({
    ...signed,
    proof: [{ type: 'UnknownProof' }, signed.proof],
  })),
  'of an issuer that is a key': didKey(`#${issuer.multikey}`),
  'of an issuer that is a key, without fragment': didKey(''),
  'with everything that we put into one': specimen(() => sign(everything())),
  'with an endorsement': specimen(async () => sign(await endorsed())),
  'with an end that is far': specimen(() => sign(bare({ validUntil: future }))),
  'in version 1.1': specimen(() => sign(older())),
  'a plain credential': specimen(() => sign(plain())),
  ...Object.fromEntries(suiteNames.map((name) => [`proof of ${name}`, bySuite(name)])),
  'one word changed': changed((signed) =>
    withChange(signed, [...achievement, 'name'], 'Quadratic functions'),
  ),
  'no proof': changed(({ proof: _proof, ...rest }) => rest),
  'no issuer': changed(({ issuer: _issuer, ...rest }) => rest),
  revoked: specimen(() => sign(badge()), { set: [7] }),
  'revoked, the entry under its IRI': specimen(
    async () => {
      const { credentialStatus: entry, ...rest } = await sign(badge());
      return { ...rest, [`${credentials}credentialStatus`]: entry };
    },
    { set: [7] },
  ),
  'revoked, the entry in @nest': specimen(
    async () => {
      const { credentialStatus: entry, ...rest } = await sign(badge());
      return { ...rest, '@nest': { credentialStatus: entry } };
    },
    { set: [7] },
  ),
  'revoked, the entry in the endorsement': specimen(
    async () => {
      const { credentialStatus: entry, ...rest } = await sign(await endorsed());
      const path = ['endorsement', '0', 'credentialSubject'];
      const mention = valueAt(rest, path) as Json;
      return withChange(rest, path, {
        ...mention,
        type: ['EndorsementSubject', 'VerifiableCredential'],
        credentialStatus: entry,
      });
    },
    { set: [7] },
  ),
  'revoked, the entry taken away': specimen(
    async () => {
      const { credentialStatus: _entry, ...rest } = await sign(badge());
      return rest;
    },
    { set: [7] },
  ),
  'an index that is none': specimen(() =>
    sign(badge({ credentialStatus: { ...(status as Json), statusListIndex: '5abc' } })),
  ),
  'a list that is for something else': specimen(() =>
    sign(badge({ credentialStatus: { ...(status as Json), statusPurpose: 'suspension' } })),
  ),
  expired: specimen(() => sign(bare({ validUntil: past }))),
  'expired, the end under its IRI': specimen(async () => {
    const { validUntil, ...rest } = await sign(bare({ validUntil: past }));
    return {
      ...rest,
      [`${credentials}validUntil`]: {
        '@type': 'http://www.w3.org/2001/XMLSchema#dateTime',
        '@value': validUntil,
      },
    };
  }),
  'expired, with the older vocabulary': specimen(async () => ({
    ...(await sign(plain({ validUntil: past }))),
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://w3id.org/security/data-integrity/v2',
    ],
  })),
  'not yet valid': specimen(() => sign(bare({ validFrom: '2098-01-01T00:00:00Z' }))),
  'a proof that is over': specimen(() => sign(bare(), { expires: past })),
  'a proof from the future': specimen(() => sign(bare(), { created: future })),
  'a proof to sign in': specimen(() => sign(bare(), { proofPurpose: 'authentication' })),
  'a key that was revoked': ofIssuer('revoked.example', withMethods({ revoked: past })),
  'a key that ran out': ofIssuer('ended.example', withMethods({ expires: past })),
  'a key to sign in': ofIssuer('login.example', ({ assertionMethod, ...document }) => ({
    ...document,
    assertionMethod: [],
    authentication: assertionMethod,
  })),
  'a key of somebody else': specimen(() => other.sign(bare(), signedAt)),
  'a key that somebody else controls': ofIssuer(
    'controlled.example',
    withMethods({ controller: other.did }),
  ),
  'a member that no vocabulary defines': changed((signed) => ({ ...signed, grade: 'A' })),
  'an empty value': changed((signed) => ({ ...signed, description: null })),
  'an empty list': changed((signed) => ({ ...signed, evidence: [] })),
  'an unknown vocabulary': changed((signed) => ({
    ...signed,
    '@context': [...(signed['@context'] as string[]), 'https://evil.example/'],
  })),
  'a vocabulary of its own': changed((signed) => ({
    ...signed,
    '@context': [...(signed['@context'] as string[]), { other: 'urn:x' }],
  })),
  'one piece of evidence twice': changed(
    (signed) => ({ ...signed, evidence: [evidence, evidence] }),
    bare({ evidence: [evidence] }),
  ),
  'a number that rounds to the signed one': changed(
    (signed) => withChange(signed, [...achievement, 'creditsAvailable'], 2.5000000000000004),
    credits,
  ),
  'half a character': changed(
    (signed) => withChange(signed, [...achievement, 'name'], 'Broken \ud800'),
    credits,
  ),
  'no criteria': specimen(() => sign(withChange(bare(), [...achievement, 'criteria'], undefined))),
  'a token': specimen(() => token()),
  'a token signed with Ed25519': specimen(() =>
    issuer.signToken(
      issuer.claims(bare()),
      { alg: 'EdDSA', kid: issuer.keyId },
      issuer.ed25519.privateKey,
    ),
  ),
  'a token of VC-JOSE-COSE': specimen(() => issuer.signToken(bare(), { typ: 'vc+jwt' })),
  'a token, changed': specimen(() => token().replace(/\.(.{40}).{4}/, '.$1AAAA')),
  'a token without algorithm': specimen(() => token(bare(), { alg: 'none' })),
  'a token that has expired': specimen(() => token(bare({ validUntil: past }))),
  'a token with a demand': specimen(() => token(bare(), { crit: ['exp'], exp: 1 })),
  'a token with an address for its key': specimen(() =>
    token(bare(), { jku: 'https://evil.example/' }),
  ),
  'a token that contradicts its badge': specimen(() =>
    issuer.signToken({ ...issuer.claims(bare()), sub: 'urn:uuid:1' }),
  ),
  'a token for another use': specimen(() => token(bare(), { typ: 'at+jwt' })),
  'a token with an odd last character': specimen(() => {
    const text = token();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.at(-1) ?? '') ^ 1);
  }),
  'a token with a key of its own': specimen(() =>
    other.signToken(
      issuer.claims(bare()),
      { jwk: other.rsa.publicKey.export({ format: 'jwk' }), kid: undefined },
      other.rsa.privateKey,
    ),
  ),
};
