import { createLocalJWKSet, compactVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd2023 from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential as verifyWithDigitalBazaar } from '@digitalbazaar/vc';
import { contextUrls, loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { checkWithVerifierCore, findSchemaProblems } from './foreign.ts';
import type { Json } from './json-places.ts';

// Software of others, wired as its manuals show it, asked for yes or no.

/** What is published at which address; the DID document under the DID, too. */
export type Published = Readonly<Record<string, unknown>>;

export interface Judge {
  readonly name: string;
  /** Undefined: it does not read this form. */
  readonly accepts: (
    credential: Json | string,
    published: Published,
  ) => Promise<boolean> | undefined;
}

const contexts = loadContexts();

const contextOf = ({ type }: Json): string =>
  type === 'Ed25519VerificationKey2020'
    ? 'https://w3id.org/security/suites/ed25519-2020/v1'
    : contextUrls.multikey;

function documentsOf(published: Published): ReadonlyMap<string, object> {
  const documents = Object.values(published).filter((value) => typeof value === 'object') as Json[];
  const methods = documents.flatMap(({ verificationMethod }) =>
    [verificationMethod ?? []].flat().filter((method) => typeof method === 'object'),
  ) as Json[];
  return new Map([
    ...Object.entries(published).filter(
      (entry): entry is [string, object] => typeof entry[1] === 'object',
    ),
    ...documents.map((document) => [String(document.id), document] as const),
    ...methods.map(
      (method) => [String(method.id), { '@context': contextOf(method), ...method }] as const,
    ),
  ]);
}

/** Which status list to ask is left to a function of the caller; this one is content. */
async function acceptsWithDigitalBazaar(credential: Json, published: Published): Promise<boolean> {
  const suites = [
    eddsaRdfc2022,
    ecdsaRdfc2019,
    eddsaJcs2022.createVerifyCryptosuite(),
    ecdsaSd2023.createVerifyCryptosuite(),
  ];
  const suite = [
    ...suites.map((cryptosuite) => new DataIntegrityProof({ cryptosuite })),
    new Ed25519Signature2020(),
  ];
  const { verified } = await verifyWithDigitalBazaar({
    credential: structuredClone(credential),
    suite: suite as DataIntegrityProof[],
    documentLoader: withDocuments(contexts, documentsOf(published)),
    checkStatus: () => Promise.resolve({ verified: true }),
  });
  return verified;
}

async function acceptsWithVerifierCore(credential: Json, published: Published): Promise<boolean> {
  const { issuer } = credential;
  const did = typeof issuer === 'object' ? (issuer as Json | null)?.id : issuer;
  // It is told of one host only: this issuer's.
  const byPath = Object.entries(published)
    .filter(([url]) => url.startsWith(`https://${String(did).replace('did:web:', '')}/`))
    .map(([url, value]) => [new URL(url).pathname, JSON.stringify(value)]);
  const answer = (await checkWithVerifierCore(
    JSON.stringify(credential),
    Object.fromEntries(byPath) as Record<string, string>,
  )) as { errors?: unknown[]; log?: { id: string; valid: unknown }[] };
  const { errors = [], log = [] } = answer;
  // Whether a registry knows the issuer is no verdict on the credential.
  const steps = log.filter(({ id }) => id !== 'registered_issuer');
  return errors.length === 0 && steps.length > 0 && steps.every(({ valid }) => valid === true);
}

async function acceptsWithJose(token: string, published: Published): Promise<boolean> {
  await compactVerify(token, createLocalJWKSet(published.jwks as JSONWebKeySet));
  return true;
}

/** An exception is a no. */
const orNo = (answer: Promise<boolean>): Promise<boolean> => answer.catch(() => false);

const forJson =
  (accepts: (credential: Json, published: Published) => Promise<boolean>): Judge['accepts'] =>
  (credential, published) =>
    typeof credential === 'string' ? undefined : orNo(accepts(credential, published));

export const judges: readonly Judge[] = [
  { name: '@digitalbazaar/vc', accepts: forJson(acceptsWithDigitalBazaar) },
  { name: 'verifier-core', accepts: forJson(acceptsWithVerifierCore) },
  {
    name: 'official schema',
    accepts: forJson((credential) => {
      const problems = findSchemaProblems('served2026', credential) as unknown[];
      return Promise.resolve(problems.length === 0);
    }),
  },
  {
    name: 'jose',
    accepts: (credential, published) =>
      typeof credential === 'string' ? orNo(acceptsWithJose(credential, published)) : undefined,
  },
];
