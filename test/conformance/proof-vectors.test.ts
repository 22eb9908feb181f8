import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { digestDocument } from '../../src/credentials/digest.ts';
import { decodeBase58 } from '../../src/credentials/multibase.ts';
import { parseMultikey } from '../../src/credentials/public-key.ts';
import { canonize } from '../../src/credentials/verify/proofs/canonize.ts';
import { toSecuredDocument } from '../../src/credentials/verify/proofs/chain.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import { createWorld } from '../support/world.ts';
import { placesOf, valueAt, withChange, type Json } from '../support/json-places.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';

const vectors = 'spec/vectors/w3c-vc-di-eddsa/TestVectors';
const text = (path: string) => readFileSync(sharedData(`${vectors}/${path}`), 'utf8');
const read = (path: string) => readSharedJson(`${vectors}/${path}`) as Json;
const proofsOf = (document: Json) => [document.proof].flat() as Json[];
const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');

/** The issuer publishes these of the test keys; those of others are DIDs that speak for themselves. */
function worldOf(issuer: string, methods: readonly unknown[]) {
  const assertionMethod = methods.map((id) => ({
    id,
    type: 'Multikey',
    controller: issuer,
    publicKeyMultibase: String(id).split('#')[1],
  }));
  return createWorld({ [issuer]: { id: issuer, assertionMethod } });
}

/** With every key published by the issuer; or with some of them only. */
async function verdictOf(credential: Json, isIssuers = (_proof: Json) => true): Promise<string> {
  const methods = proofsOf(credential).filter(isIssuers);
  const { issuer } = credential;
  const world = worldOf(
    String(issuer),
    methods.map(({ verificationMethod }) => verificationMethod),
  );
  const { outcome, checks } = await world.verify(credential);
  const codes = checks.filter(({ code, id }) => code && id === 'proof').map(({ code }) => code);
  return [outcome, ...codes].join(' ');
}

describeWithSharedData('the W3C vector of eddsa-jcs-2022', () => {
  const folder = 'eddsa-jcs-2022';
  const signed = () => read(`${folder}/signedJCS.json`);

  it('comes from JSON to signature through every published value', () => {
    const document = read('unsigned.json');
    const options = read(`${folder}/proofConfigJCS.json`);
    const [documentHash, proofHash] = [digestDocument(document), digestDocument(options)];
    expect(documentHash).toBe(sha256(text(`${folder}/canonDocJCS.txt`)));
    expect(documentHash).toBe(text(`${folder}/docHashJCS.txt`));
    expect(proofHash).toBe(sha256(text(`${folder}/proofCanonJCS.txt`)));
    expect(proofHash).toBe(text(`${folder}/proofHashJCS.txt`));
    expect(proofHash + documentHash).toBe(text(`${folder}/combinedHashJCS.txt`));
    const [proof] = proofsOf(signed());
    expect(proof?.proofValue).toBe(text(`${folder}/sigBTC58JCS.txt`));
    const signature = decodeBase58(text(`${folder}/sigBTC58JCS.txt`).slice(1)) ?? [];
    expect(Buffer.from(signature).toString('hex')).toBe(text(`${folder}/sigHexJCS.txt`));
  });

  it('verifies, and no longer with a change in any one place', async () => {
    expect(await verdictOf(signed())).toBe('valid');
    const published = worldOf(String(signed().issuer), [proofsOf(signed())[0]?.verificationMethod]);
    for (const path of placesOf(signed())) {
      const value = valueAt(signed(), path);
      for (const change of typeof value === 'string' ? [`${value}x`, undefined] : [undefined]) {
        const { verified } = await published.verify(withChange(signed(), path, change));
        expect({ path, change, verified }).toMatchObject({ verified: false });
      }
    }
  });
});

describeWithSharedData('the W3C vectors of sets and chains of proofs', () => {
  const folder = 'proof-set-chain';

  it.each(['signedProofSet1', 'signedProofSet2', 'signedProofChain1', 'signedProofChain2'])(
    '%s holds, with all keys of the issuer and with any one',
    async (name) => {
      const credential = read(`${folder}/${name}.json`);
      expect(await verdictOf(credential)).toBe('valid');
      for (const only of proofsOf(credential)) {
        expect(await verdictOf(credential, (proof) => proof === only)).toBe('valid');
      }
      expect(await verdictOf(credential, () => false)).toMatch(/^(?:unverifiable|invalid)/);
    },
  );

  it.each([
    ['signedProofChain1', 2, 'proofChainConfigSigned1', 'proofChainTempDoc1'],
    ['signedProofChain2', 3, 'proofChainConfigSigned2', 'proofChainTempDoc2'],
  ])('%s: proof %i covers the published document', async (name, at, config, expected) => {
    const credential = read(`${folder}/${name}.json`);
    const proof = proofsOf(credential)[at];
    expect(proof).toEqual(read(`${folder}/${config}.json`));
    const secured = toSecuredDocument(credential, proof?.previousProof);
    const documentLoader = loadContexts();
    expect(await canonize(secured, { documentLoader })).toBe(
      await canonize(read(`${folder}/${expected}.json`), { documentLoader }),
    );
  });

  it('a chain tells which of its signatures were changed', async () => {
    const credential = read(`${folder}/signedProofChain2.json`);
    const proofs = proofsOf(credential);
    const created = '2023-02-24T23:36:39Z';
    const changed = (at: number) =>
      verdictOf({
        ...credential,
        proof: proofs.map((proof, index) => (index === at ? { ...proof, created } : proof)),
      });
    // The first of all is what two others build on: only the second stands alone.
    expect(await changed(0)).toBe('valid PROOF_DOUBTFUL');
    expect(await changed(3)).toBe('valid PROOF_DOUBTFUL');
    const last = { ...credential, proof: proofs.slice(2) };
    expect(await verdictOf(last)).toBe('invalid PROOF_PREVIOUS_MISSING');
  });

  it('the published test keys are whole', () => {
    const pairs = JSON.stringify(read(`${folder}/multiKeyPairs.json`));
    const keys = pairs.match(/z6Mk\w+/g) ?? [];
    expect(keys.length).toBeGreaterThan(3);
    for (const key of keys) expect(parseMultikey(key)).toMatchObject({ kind: 'Ed25519' });
  });
});
