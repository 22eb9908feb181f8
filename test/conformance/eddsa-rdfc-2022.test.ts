import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jsonld from 'jsonld';
import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { decodeBase58, decodeMultikey, encodeBase58 } from '../../src/credentials/multibase.ts';
import {
  checkDataIntegrity,
  signDataIntegrity,
} from '../../src/credentials/sign/data-integrity.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';

const vectors = 'spec/vectors/w3c-vc-di-eddsa/TestVectors';
const text = (path: string) => readFileSync(sharedData(path), 'utf8');
const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');

interface KeyFile {
  publicKeyMultibase: string;
  privateKeyMultibase: string;
}

/** The published test key: two bytes of multicodec header, then the seed. */
function readPrivateKey({ privateKeyMultibase, publicKeyMultibase }: KeyFile): KeyObject {
  const seed = Buffer.from(decodeBase58(privateKeyMultibase.slice(1)) ?? []).subarray(2);
  const publicKey = Buffer.from(decodeMultikey(publicKeyMultibase)?.publicKey ?? []);
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: seed.toString('base64url'),
    x: publicKey.toString('base64url'),
  };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

/** The vectors use a context that defines every term by a vocabulary of examples. */
const documentLoader = withDocuments(
  loadContexts(),
  new Map([
    [
      'https://www.w3.org/ns/credentials/examples/v2',
      { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
    ],
  ]),
);

const canonize = (document: object) =>
  jsonld.canonize(document, {
    documentLoader,
    base: null,
    safe: true,
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
  });

describeWithSharedData('W3C vc-di-eddsa test vectors', () => {
  const folder = `${vectors}/eddsa-rdfc-2022`;
  const read = (name: string) => text(`${folder}/${name}`);
  const key = () => readPrivateKey(readSharedJson(`${vectors}/keyPair.json`) as KeyFile);

  it('canonicalizes document and proof options as published', async () => {
    const unsigned = readSharedJson(`${vectors}/unsigned.json`) as object;
    const options = readSharedJson(`${folder}/proofConfigDataInt.json`) as object;
    expect(await canonize(unsigned)).toBe(read('canonDocDataInt.txt'));
    expect(await canonize(options)).toBe(read('proofCanonDataInt.txt'));
  });

  it('signs the published hashes and comes to the published document', async () => {
    const unsigned = readSharedJson(`${vectors}/unsigned.json`) as object;
    const expected = readSharedJson(`${folder}/signedDataInt.json`) as {
      proof: { verificationMethod: string; created: string };
    };
    const signed: string[] = [];
    const signer = {
      sign(data: Uint8Array) {
        signed.push(Buffer.from(data).toString('hex'));
        return Promise.resolve(sign(null, data, key()));
      },
    };
    const document = await signDataIntegrity(unsigned, {
      signer,
      verificationMethod: expected.proof.verificationMethod,
      created: new Date(expected.proof.created),
      documentLoader,
    });
    expect(signed).toEqual([read('combinedHashDataInt.txt')]);
    expect(signed[0]).toBe(read('proofHashDataInt.txt') + read('docHashDataInt.txt'));
    expect(JSON.parse(document)).toEqual(expected);
  });

  it.each(['eddsa-rdfc-2022', 'eddsa-rdfc-2022/employ'])(
    'comes from canonical text to signature through every published value: %s',
    (name) => {
      const value = (file: string) => text(`${vectors}/${name}/${file}`);
      const [proofHash, documentHash] = [
        sha256(value('proofCanonDataInt.txt')),
        sha256(value('canonDocDataInt.txt')),
      ];
      expect(proofHash).toBe(value('proofHashDataInt.txt'));
      expect(documentHash).toBe(value('docHashDataInt.txt'));
      expect(proofHash + documentHash).toBe(value('combinedHashDataInt.txt'));
      const signature = sign(null, Buffer.from(proofHash + documentHash, 'hex'), key());
      expect(signature.toString('hex')).toBe(value('sigHexDataInt.txt'));
      expect(`z${encodeBase58(signature)}`).toBe(value('sigBTC58DataInt.txt'));
    },
  );
});

describeWithSharedData('official Open Badges 3.0 vector', () => {
  const path = 'spec/samples/1edtech-impl-guide';
  const issuer = 'https://example.edu/issuers/565049';
  const publicKeyMultibase = 'z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
  const check = (document: string) =>
    checkDataIntegrity(document, {
      key: { publicKeyMultibase },
      issuer,
      verificationMethod: `${issuer}#${publicKeyMultibase}`,
      at: new Date('2026-11-22T09:00:00Z'),
      documentLoader: loadContexts(),
    });

  it('canonicalizes as published', async () => {
    const { proof, ...unsigned } = readSharedJson(
      `${path}/ob3-signed-eddsa-rdfc-2022.json`,
    ) as Record<string, unknown>;
    expect(proof).toBeDefined();
    expect(await canonize(unsigned)).toBe(text(`${path}/obv3p0/document-canon.txt`));
  });

  it('verifies, and no longer when one letter is changed', async () => {
    const document = text(`${path}/ob3-signed-eddsa-rdfc-2022.json`);
    await check(document);
    await expect(check(document.replace('Teamwork Badge', 'Teamwork badge'))).rejects.toMatchObject(
      {
        code: 'credential.self_check_failed',
      },
    );
  });
});
