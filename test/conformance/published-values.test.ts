import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jsonld from 'jsonld';
import { loadContexts } from '../../src/credentials/documents.ts';
import { decodeBase58, decodeMultikey } from '../../src/credentials/multibase.ts';
import type { Json } from '../support/json-places.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';
import { createWorld } from '../support/world.ts';

// Official vectors, followed from the document to the signature: every value on the way is the published one.

const documentLoader = loadContexts();
const text = (path: string) => readFileSync(sharedData(path), 'utf8');
const sha256 = (value: string) => createHash('sha256').update(value).digest();

const canonize = (document: object) =>
  jsonld.canonize(document, {
    documentLoader,
    base: null,
    safe: true,
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
  });

function split(credential: Json) {
  const { proof, ...document } = credential;
  const { proofValue, ...options } = [proof].flat()[0] as Json;
  const [, multikey = ''] = String(options.verificationMethod).split('#');
  const x = Buffer.from(decodeMultikey(multikey)?.publicKey ?? []).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signature = Buffer.from(decodeBase58(String(proofValue).slice(1)) ?? []);
  return { document, options, key, signature };
}

describeWithSharedData('the vectors of the implementation guides', () => {
  const guide = 'spec/samples/1edtech-impl-guide';

  it.each([
    ['Open Badges', 'ob3', 'obv3p0', '87f65a76d401'],
    ['CLR', 'clr2', 'clrv2p0', '768d7015ae69'],
  ])(
    '%s: canonical document and options, their hashes, and the signature over both',
    async (_name, file, folder, hash) => {
      const credential = readSharedJson(`${guide}/${file}-signed-eddsa-rdfc-2022.json`) as Json;
      const { document, options, key, signature } = split(credential);
      const canonical = await canonize(document);
      const canonicalOptions = await canonize({ ...options, '@context': document['@context'] });
      expect(canonical).toBe(text(`${guide}/${folder}/document-canon.txt`));
      expect(canonicalOptions).toBe(text(`${guide}/${folder}/proof-canon.txt`));
      expect(sha256(canonical).toString('hex')).toMatch(new RegExp(`^${hash}`));
      expect(sha256(canonicalOptions).toString('hex')).toMatch(/^d34009cea0db/);
      const signed = Buffer.concat([sha256(canonicalOptions), sha256(canonical)]);
      expect(verify(null, signed, key, signature)).toBe(true);
    },
  );
});

/** RFC 8785 for texts, lists and objects: all that the vector holds. */
function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`;
}

describeWithSharedData('the W3C vector of eddsa-jcs-2022', () => {
  const folder = 'spec/vectors/w3c-vc-di-eddsa/TestVectors/eddsa-jcs-2022';
  const read = (name: string) => text(`${folder}/${name}`);
  const credential = () => readSharedJson(`${folder}/signedJCS.json`) as Json;

  it('comes from document to signature through every published value', () => {
    const { document, options, key, signature } = split(credential());
    expect(options).toEqual(readSharedJson(`${folder}/proofConfigJCS.json`));
    expect(jcs(document)).toBe(read('canonDocJCS.txt'));
    expect(jcs(options)).toBe(read('proofCanonJCS.txt'));
    const [proofHash, documentHash] = [sha256(jcs(options)), sha256(jcs(document))];
    expect(proofHash.toString('hex')).toBe(read('proofHashJCS.txt'));
    expect(documentHash.toString('hex')).toBe(read('docHashJCS.txt'));
    const signed = Buffer.concat([proofHash, documentHash]);
    expect(signed.toString('hex')).toBe(read('combinedHashJCS.txt'));
    expect(signature.toString('hex')).toBe(read('sigHexJCS.txt'));
    expect((credential().proof as Json).proofValue).toBe(read('sigBTC58JCS.txt'));
    expect(verify(null, signed, key, signature)).toBe(true);
  });

  it('verifies when its issuer lists the key, and no longer with one word changed', async () => {
    const signed = credential();
    const method = String((signed.proof as Json).verificationMethod);
    const issuer = String(signed.issuer);
    const [, publicKeyMultibase] = method.split('#');
    const key = { id: method, type: 'Multikey', controller: issuer, publicKeyMultibase };
    const world = createWorld({ [issuer]: { id: issuer, assertionMethod: [key] } });
    expect(await world.verify(signed)).toMatchObject({ outcome: 'valid' });
    const changed = { ...signed, name: 'Other Credential' };
    expect(await world.verify(changed)).toMatchObject({ outcome: 'invalid' });
  });
});
