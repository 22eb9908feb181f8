import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { buildAchievementCredential } from '../src/credentials/build/achievement-credential.ts';
import { buildDidDocument, verificationMethodId } from '../src/credentials/did.ts';
import { contextUrls, loadContexts, withDocuments } from '../src/credentials/documents.ts';
import { issueCredential } from '../src/credentials/sign/issue.ts';
import { createUrls } from '../src/shared/urls.ts';
import { createKeyStoreInMemory } from '../test/support/keys.ts';
import { award, organization, recipient, version } from '../test/support/sample-award.ts';

export const urls = createUrls('https://cairn.example');
export const documentLoader = loadContexts();
export const school = organization.id;
const created = new Date('2026-11-22T09:00:00Z');

/** A badge with a rubric of two criteria, two standards, three pieces of evidence and a hashed name, and its school's keys. */
export async function makeBadge() {
  const { store } = createKeyStoreInMemory();
  const dataIntegrity = await store.signer(await store.create(school, 'Ed25519'));
  const jwt = await store.signer(await store.create(school, 'RS256'));
  const signers = { dataIntegrity, jwt };
  const unsigned = buildAchievementCredential({ urls, organization, version, award, recipient });
  const issueIt = () => issueCredential(unsigned, { urls, signers, created, documentLoader });
  const keys = [dataIntegrity.key, jwt.key];
  const did = buildDidDocument({ urls, organization: school, keys });
  return { unsigned, signers, did, issueIt, ...(await issueIt()) };
}

/** The same with the stock library and its own key class, as its manual shows it. */
export async function makeStock() {
  const controller = urls.issuerDid(school);
  const pair = await Ed25519Multikey.generate({ controller });
  pair.id = `${controller}#stock`;
  const method = await pair.export({ publicKey: true, includeContext: true });
  const did = {
    '@context': [contextUrls.did, contextUrls.multikey],
    id: controller,
    verificationMethod: [method],
    assertionMethod: [pair.id],
  };
  const loader = withDocuments(
    documentLoader,
    new Map<string, object>([
      [controller, did],
      [pair.id, method],
    ]),
  );
  return {
    issue: (credential: object) => {
      const suite = new DataIntegrityProof({ cryptosuite, signer: pair.signer() });
      return vc.issue({ credential: structuredClone(credential), suite, documentLoader: loader });
    },
    verify: async (credential: object, now: Date) => {
      const suite = new DataIntegrityProof({ cryptosuite });
      const checkStatus = () => Promise.resolve({ verified: true });
      const options = { credential, suite, documentLoader: loader, checkStatus, now };
      const { verified, error } = await vc.verifyCredential(options);
      if (!verified) throw error ?? new Error('the stock library refused it');
    },
  };
}

/** Nothing but the signature over 64 bytes. */
export function makeRaw() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const data = Buffer.alloc(64, 7);
  const signature = sign(null, data, privateKey);
  return {
    sign: () => sign(null, data, privateKey),
    verify: () => verify(null, data, publicKey, signature),
  };
}

export { verificationMethodId };
