import type { Clock } from '../../shared/clock.ts';
import type { SafeFetch } from '../../shared/safe-fetch.ts';
import type { DocumentLoader } from '../documents.ts';

export type Outcome =
  | 'valid'
  | 'invalid'
  | 'revoked'
  | 'suspended'
  | 'expired'
  | 'not_yet_valid'
  /** Nothing speaks against it, and something that has to be known could not be found out. */
  | 'unverifiable';

export type CheckId =
  'format' | 'schema' | 'proof' | 'issuer' | 'validity' | 'status' | 'endorsements' | 'nested';

/** One thing that was looked at, in words for somebody who has never heard of signatures. */
export interface Check {
  readonly id: CheckId;
  readonly outcome: 'pass' | 'fail' | 'warn' | 'skip';
  readonly title: string;
  readonly detail: string;
  /** Stable name of what is wrong. */
  readonly code?: string;
}

export interface VerificationResult {
  readonly verified: boolean;
  readonly outcome: Outcome;
  readonly checks: readonly Check[];
  /** What was verified, as it was read; absent when nothing could be read. */
  readonly credential?: Readonly<Record<string, unknown>>;
  readonly verifiedAt: string;
}

/** With what a caller may ask for beside the checks. */
export interface DetailedResult extends VerificationResult {
  /** Of each Data Integrity proof, in order: whether it holds. */
  readonly proofs?: readonly boolean[];
}

export interface VerifyDependencies {
  /** The closed loader: its contexts are the only ones that are understood. */
  readonly documents: DocumentLoader;
  readonly fetch: SafeFetch;
  readonly now: Clock;
  /**
   * Our own documents without the network. Asked with a DID or with an address (status list, `/keys/{kid}`,
   * `/.well-known/jwks.json`); answers the parsed JSON, or undefined when it is not ours.
   */
  readonly local?: (id: string) => Promise<unknown>;
  /** When our own issuance log took in this very document or token (by digest); undefined when it never did. */
  readonly findLogged?: (form: 'document' | 'jwt', digest: string) => Promise<Date | undefined>;
  /** What is known here of an issuer, or of one of its keys, beside what it publishes itself. */
  readonly findIssuer?: (id: string) => Promise<KnownIssuer>;
  /**
   * What a file hashes to now that is kept here as evidence for this very credential; without `sha256` when there is none.
   * Undefined for addresses that are not our own.
   */
  readonly findDigest?: (
    evidence: string,
    of: { readonly credential: string; readonly issuer: string },
  ) => Promise<{ readonly sha256?: string } | undefined>;
  /** A context that does not come with Cairn; undefined when nobody added it. */
  readonly findContext?: (url: string) => Promise<KnownContext | undefined>;
}

/** A context that the administrator of this installation uploaded. */
export interface KnownContext {
  readonly document: object;
  readonly addedAt: string;
}

/** Who, beside the issuer itself, knows the issuer. */
export interface KnownIssuer {
  /** It is a school of this installation. */
  readonly own: boolean;
  /** Registries that the installation was told to trust, and under which name they list it. */
  readonly listings: readonly { readonly registry: string; readonly name?: string }[];
  /** Registries that could not be read. */
  readonly unread: readonly string[];
}

export type Json = Readonly<Record<string, unknown>>;

/** A credential as it was read, and how it is secured. */
export type Secured =
  | { readonly kind: 'data-integrity'; readonly credential: Json }
  | {
      readonly kind: 'jwt';
      readonly credential: Json;
      readonly token: string;
      readonly header: Json;
      readonly claims: Json;
    };

/** A check together with what it makes of the whole, when it does not pass. */
export interface Finding extends Check {
  readonly verdict?: Exclude<Outcome, 'valid'>;
  readonly proofs?: readonly boolean[];
}

/** What whoever asked for the presentation expects its proofs to answer. */
export interface PresentationExpectations {
  readonly challenge?: string | undefined;
  readonly domain?: string | readonly string[] | undefined;
}

export interface HolderDependencies {
  readonly documents: DocumentLoader;
  readonly now: Date;
  /** The DID document of a holder; throws a Problem when there is none. */
  readonly resolve: (did: string) => Promise<unknown>;
}
