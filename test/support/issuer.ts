import { createHash, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { encodeBase58, encodeMultikey } from '../../src/credentials/multibase.ts';
import {
  createBitstring,
  encodeBitstring,
  setBit,
} from '../../src/credentials/status/bitstring.ts';
import type { Json } from './json-places.ts';

const documentLoader = loadContexts();

type Contexts = ReadonlyMap<string, object>;

async function hash(document: object, contexts: Contexts): Promise<Buffer> {
  const loader = withDocuments(documentLoader, contexts);
  const quads = await cryptosuite.canonize(document, { documentLoader: loader, maxWorkFactor: 9 });
  return createHash('sha256').update(quads).digest();
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * An issuer with did:web that signs whatever it is told to. It shares no signing code with us: hashes and
 * signatures are made here, step by step as eddsa-rdfc-2022 §3.2 and RFC 7515 describe them.
 */
export function createIssuer(host = 'school.example', base = `https://${host}`) {
  const did = `did:web:${host.replace(':', '%3A')}`;
  const ed25519 = generateKeyPairSync('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const raw = Buffer.from(String(ed25519.publicKey.export({ format: 'jwk' }).x), 'base64url');
  const keyId = `${did}#key-1`;
  const rsaId = `${did}#rsa-1`;
  const multikey = encodeMultikey(raw);
  const document: Json = {
    id: did,
    verificationMethod: [
      { id: keyId, type: 'Multikey', controller: did, publicKeyMultibase: multikey },
      {
        id: rsaId,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: rsa.publicKey.export({ format: 'jwk' }),
      },
    ],
    assertionMethod: [keyId, rsaId],
  };

  /** `contexts` are those that only this issuer knows. */
  async function sign(
    credential: Json,
    options: Json = {},
    contexts: Contexts = new Map(),
  ): Promise<Json> {
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-11-22T10:00:00Z',
      verificationMethod: keyId,
      proofPurpose: 'assertionMethod',
      ...options,
    };
    const config = { '@context': credential['@context'], ...proof };
    const data = Buffer.concat([await hash(config, contexts), await hash(credential, contexts)]);
    const signature = signBytes(null, data, ed25519.privateKey);
    return { ...credential, proof: { ...proof, proofValue: `z${encodeBase58(signature)}` } };
  }

  function signToken(claims: Json, header: Json = {}, key: KeyObject = rsa.privateKey): string {
    const head = { alg: 'RS256', kid: rsaId, typ: 'JWT', ...header };
    const signed = `${encode(head)}.${encode(claims)}`;
    const signature = signBytes(
      key.asymmetricKeyType === 'rsa' ? 'sha256' : null,
      Buffer.from(signed),
      key,
    );
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** A badge in the least words, with status entry 7 of the issuer's list. */
  function badge(change: Json = {}): Json {
    return {
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      ],
      id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
      type: ['VerifiableCredential', 'AchievementCredential'],
      issuer: { id: did, type: ['Profile'], name: 'Example School' },
      validFrom: '2026-11-22T09:00:00Z',
      credentialSubject: {
        id: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e',
        type: ['AchievementSubject'],
        achievement: {
          id: 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8',
          type: ['Achievement'],
          name: 'Linear functions',
          description: 'Reads and draws them.',
          criteria: { narrative: 'Three tasks.' },
        },
      },
      credentialStatus: {
        id: `${base}/status/1#7`,
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '7',
        statusListCredential: `${base}/status/1`,
      },
      ...change,
    };
  }

  /** The unsigned list at `/status/1` with these entries set. */
  function statusList(set: readonly number[] = [], subject: Json = {}): Json {
    const bits = createBitstring();
    for (const index of set) setBit(bits, index);
    return {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: `${base}/status/1`,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: did,
      validFrom: '2026-11-22T09:00:00Z',
      credentialSubject: {
        id: `${base}/status/1#list`,
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        encodedList: encodeBitstring(bits),
        ...subject,
      },
    };
  }

  /** The credential with the claims that repeat it in a token of Open Badges 3.0. */
  function claims(credential: Json = badge()): Json {
    const { id } = credential.credentialSubject as Json;
    const nbf = Date.parse(String(credential.validFrom)) / 1000;
    return { ...credential, iss: did, jti: credential.id, sub: id, nbf };
  }

  return {
    did,
    keyId,
    rsaId,
    multikey,
    document,
    documentUrl: `${base}/.well-known/did.json`,
    listUrl: `${base}/status/1`,
    ed25519,
    rsa,
    sign,
    signToken,
    badge,
    statusList,
    claims,
  };
}
