import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign as createSignature,
  verify as checkSignature,
} from 'node:crypto';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { loadContexts } from '../../src/credentials/documents.ts';
import { decodeBase58, encodeBase58, encodeMultikey } from '../../src/credentials/multibase.ts';
import type { Json } from './json-places.ts';

const documentLoader = loadContexts();

async function hash(document: object): Promise<Buffer> {
  const quads = await cryptosuite.canonize(document, { documentLoader });
  return createHash('sha256').update(quads).digest();
}

/** A holder with did:key that signs step by step as eddsa-rdfc-2022 §3.2 describes it. */
export function createHolder() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const multikey = encodeMultikey(raw);
  const did = `did:key:${multikey}`;

  function present(members: Json, options: Json): Promise<Json> {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      ...members,
    };
    return sign(presentation, options);
  }

  async function sign(document: Json, options: Json): Promise<Json> {
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-01-01T00:00:00Z',
      verificationMethod: `${did}#${multikey}`,
      proofPurpose: 'authentication',
      ...options,
    };
    const data = await dataToSign(document, proof);
    const proofValue = `z${encodeBase58(createSignature(null, data, privateKey))}`;
    return { ...document, proof: { ...proof, proofValue } };
  }

  /** The same as compact JWS (VC-JOSE-COSE §3.1.2); `claims` replace members, undefined takes them away. */
  function presentToken(claims: Json, header: Json = {}): string {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: did,
      ...claims,
    };
    const head = { alg: 'EdDSA', typ: 'vp+jwt', kid: `${did}#${multikey}`, ...header };
    const signed = [head, presentation]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = createSignature(null, Buffer.from(signed), privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }

  return { did, multikey, present, presentToken, sign };
}

async function dataToSign(document: Json, options: Json): Promise<Buffer> {
  const config = await hash({ '@context': document['@context'], ...options });
  return Buffer.concat([config, await hash(document)]);
}

/** Whether the last proof of a chain holds over the document and the proofs before it (Data Integrity §4.2). */
export async function holdsAfter(
  previous: readonly Json[],
  { proofValue, ...options }: Json,
  unsigned: Json,
  multikey: string,
): Promise<boolean> {
  const document = previous.length === 0 ? unsigned : { ...unsigned, proof: previous };
  const data = await dataToSign(document, options);
  const raw = Buffer.from(decodeBase58(multikey.slice(1)) ?? []).subarray(2);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signature = Buffer.from(decodeBase58(String(proofValue).slice(1)) ?? []);
  return checkSignature(null, data, key, signature);
}
