import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { loadContexts } from '../../src/credentials/documents.ts';
import { encodeBase58, encodeMultikey } from '../../src/credentials/multibase.ts';
import type { Json } from './json-places.ts';

const documentLoader = loadContexts();

async function hash(document: object): Promise<Buffer> {
  const quads = await cryptosuite.canonize(document, { documentLoader });
  return createHash('sha256').update(quads).digest();
}

/** A holder with did:key that signs presentations, step by step as eddsa-rdfc-2022 §3.2 describes it. */
export function createHolder() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const multikey = encodeMultikey(raw);
  const did = `did:key:${multikey}`;

  async function present(members: Json, options: Json): Promise<Json> {
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      ...members,
    };
    const proof = {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-01-01T00:00:00Z',
      verificationMethod: `${did}#${multikey}`,
      proofPurpose: 'authentication',
      ...options,
    };
    const config = await hash({ '@context': presentation['@context'], ...proof });
    const data = Buffer.concat([config, await hash(presentation)]);
    const proofValue = `z${encodeBase58(sign(null, data, privateKey))}`;
    return { ...presentation, proof: { ...proof, proofValue } };
  }

  return { did, multikey, present };
}
