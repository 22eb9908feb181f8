import { DataIntegrityProof, type LinkedDataProof } from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import { cryptosuite as ecdsaRdfc2019 } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd2023 from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { cryptosuite as eddsaRdfc2022 } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { loadContexts } from '../../src/credentials/documents.ts';
import { createIssuer } from './issuer.ts';
import type { Json } from './json-places.ts';

export const suiteNames = [
  'eddsa-rdfc-2022',
  'ecdsa-rdfc-2019 P-256',
  'ecdsa-rdfc-2019 P-384',
  'eddsa-jcs-2022',
  'Ed25519Signature2020',
  'ecdsa-sd-2023',
] as const;
export type SuiteName = (typeof suiteNames)[number];

const documentLoader = loadContexts();
const date = '2026-11-22T10:00:00Z';
const context2020 = 'https://w3id.org/security/suites/ed25519-2020/v1';

/** An issuer with a key of every kind, whose proofs are made by the packages of Digital Bazaar, unaided. */
export async function createForeignIssuer(host = 'college.example') {
  const issuer = createIssuer(host);
  const { did } = issuer;
  const [ed25519, p256, p384] = await Promise.all([
    Ed25519Multikey.generate({ id: `${did}#ed25519`, controller: did }),
    EcdsaMultikey.generate({ id: `${did}#p256`, controller: did, curve: 'P-256' }),
    EcdsaMultikey.generate({ id: `${did}#p384`, controller: did, curve: 'P-384' }),
  ]);
  const keys = { ed25519, p256, p384 };
  const methods = Object.entries(keys).map(([name, { publicKeyMultibase }]) => ({
    id: `${did}#${name}`,
    type: name === 'ed25519' ? 'Ed25519VerificationKey2020' : 'Multikey',
    controller: did,
    publicKeyMultibase,
  }));
  const document: Json = {
    id: did,
    verificationMethod: [...(issuer.document.verificationMethod as Json[]), ...methods],
    assertionMethod: [
      ...(issuer.document.assertionMethod as string[]),
      ...methods.map(({ id }) => id),
    ],
  };

  /** The stock object that signs; `mandatory` are the pointers that a holder cannot leave out. */
  function suiteOf(name: SuiteName, mandatory: readonly string[]): LinkedDataProof {
    switch (name) {
      case 'eddsa-rdfc-2022':
        return dataIntegrity(eddsaRdfc2022, keys.ed25519);
      case 'ecdsa-rdfc-2019 P-256':
        return dataIntegrity(ecdsaRdfc2019, keys.p256);
      case 'ecdsa-rdfc-2019 P-384':
        return dataIntegrity(ecdsaRdfc2019, keys.p384);
      case 'eddsa-jcs-2022':
        return dataIntegrity(eddsaJcs2022.createSignCryptosuite(), keys.ed25519);
      case 'ecdsa-sd-2023':
        return dataIntegrity(
          ecdsaSd2023.createSignCryptosuite({ mandatoryPointers: mandatory }),
          keys.p256,
        );
      case 'Ed25519Signature2020':
        return new Ed25519Signature2020({ signer: keys.ed25519.signer(), date });
    }
  }

  /** One proof over exactly this document, which may hold the proofs that it builds on. */
  function prove(
    name: SuiteName,
    given: Json,
    { mandatory = defaultMandatory, ...options }: Json & { mandatory?: readonly string[] } = {},
  ): Promise<Json> {
    return suiteOf(name, mandatory).createProof({
      document: structuredClone(given),
      purpose: purposeOf(options),
      proofSet: [],
      documentLoader,
    });
  }

  /** Signed, and where its holder has to choose first, with everything shown. */
  async function sign(name: SuiteName, given: Json, options: Json = {}): Promise<Json> {
    const credential = withContextOf(name, given);
    const signed = { ...credential, proof: await prove(name, credential, options) };
    return name === 'ecdsa-sd-2023' ? derive(signed, ['/credentialSubject']) : signed;
  }

  return { ...issuer, keys, document, prove, sign };
}

/** What its holder shows of a badge with a proof of ecdsa-sd-2023. */
export async function derive({ proof, ...document }: Json, show: readonly string[]): Promise<Json> {
  const cryptosuite = ecdsaSd2023.createDiscloseCryptosuite({ selectivePointers: show });
  return new DataIntegrityProof({ cryptosuite }).derive({
    document,
    purpose: purposeOf({}),
    proofSet: [proof as object],
    documentLoader,
  });
}

const defaultMandatory = ['/issuer', '/validFrom', '/credentialStatus'];

function dataIntegrity(
  cryptosuite: ConstructorParameters<typeof DataIntegrityProof>[0]['cryptosuite'],
  key: Awaited<ReturnType<typeof EcdsaMultikey.generate>>,
): DataIntegrityProof {
  return new DataIntegrityProof({ cryptosuite, signer: key.signer(), date });
}

function purposeOf(options: Json) {
  const term = 'assertionMethod';
  return {
    term,
    update: (proof: object) => Promise.resolve({ ...proof, proofPurpose: term, ...options }),
  };
}

function withContextOf(name: SuiteName, credential: Json): Json {
  return name === 'Ed25519Signature2020'
    ? { ...credential, '@context': [...(credential['@context'] as string[]), context2020] }
    : credential;
}
