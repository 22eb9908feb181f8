import type { Result } from './rubrics.ts';
import type { CredentialState } from './status.ts';
import type { Evidence } from './evidence.ts';

export type IssuanceState = 'requested' | 'queued' | 'signing' | 'issued' | 'failed';

/** A bit on a status list. */
export interface StatusPlace {
  readonly list: string;
  readonly index: number;
}

/**
 * The way from an award to its signed credential. Everything that the signature covers is fixed when it is
 * requested, so running it twice gives the same bytes.
 */
export interface Issuance {
  readonly state: IssuanceState;
  readonly attempts: number;
  /** Id of the credential (a UUID; its public address is `/credentials/{id}`). */
  readonly credential: string;
  readonly keys: { readonly dataIntegrity: string; readonly jwt: string };
  /** The bits on the status lists: for revocation and, but for the oldest credentials, for suspension. */
  readonly status: StatusPlace & { readonly suspension?: StatusPlace };
  readonly requestedAt: Date;
  readonly issuedAt?: Date;
  readonly error?: { readonly code: string; readonly message: string };
}

export type AwardSource =
  | { readonly kind: 'review'; readonly submission: string; readonly review: string }
  /** With the reason why a boss was awarded before its level rule opened it. */
  | { readonly kind: 'direct'; readonly overrideReason?: string }
  | { readonly kind: 'import' }
  /** Certified by a level rule: by itself (`system`), or at the word of whoever awarded it. */
  | { readonly kind: 'rule'; readonly rule: string; readonly by: 'system' | 'person' | 'api-key' };

/** A credential that a level credential rests on, as it was when the level was certified. */
export interface Support {
  readonly award: string;
  readonly credential: string;
  readonly achievement: string;
  readonly name: string;
  /** Of the signed document, byte for byte; lower-case hex. */
  readonly sha256: string;
}

/** What a level was certified by. */
export interface LevelGrounds {
  /** Of the pool, 0 to 1. */
  readonly share: number;
  /** Whether a boss was asked for, and beaten. */
  readonly boss: boolean;
  readonly supports: readonly Support[];
}

/** A support of a level award was revoked and its rule no longer holds: for a person to decide about. */
export interface LostSupport {
  readonly at: Date;
  /** The award that was revoked last. */
  readonly award: string;
  readonly open: boolean;
  /** How it ended: kept by a person, or earned again. */
  readonly end?: {
    readonly decision: 'kept' | 'regained';
    readonly by: string;
    readonly at: Date;
    readonly reason?: string;
  };
}

/** This learner earned this version of this achievement. At most one live award per learner and achievement. */
export interface Award {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly achievement: string;
  readonly version: number;
  readonly source: AwardSource;
  /** Who decided: a person's or an API key's id. */
  readonly awardedBy: string;
  readonly awardedAt: Date;
  readonly narrative?: string;
  readonly evidence: readonly Evidence[];
  readonly results: readonly Result[];
  readonly state: 'live' | 'revoked';
  /** Unknown of those that were revoked by the first versions of Cairn. */
  readonly revokedAt?: Date;
  /** Of a level that its rule certified. */
  readonly grounds?: LevelGrounds;
  readonly lostSupport?: LostSupport;
  readonly issuance: Issuance;
}

/** What a learner holds: one of their awards, without what it says. */
export interface HeldAward {
  readonly achievement: string;
  readonly version: number;
  readonly awardedAt: Date;
  readonly award: string;
  /** Id of its credential, which is there once it is issued. */
  readonly credential: string;
  readonly issued: boolean;
}

/** A signed credential, kept exactly as signed. */
export interface Credential {
  readonly id: string;
  readonly organization: string;
  readonly award: string;
  readonly learner: string;
  readonly achievement: string;
  readonly version: number;
  /** The Data Integrity form, byte for byte. */
  readonly document: string;
  /** The VC-JWT form (compact JWS). */
  readonly jwt: string;
  readonly visibility: 'private' | 'public';
  /** What the status lists say of it. */
  readonly state: CredentialState;
  readonly issuedAt: Date;
}

/** After this many attempts an issuance is `failed` and waits for a person. */
export const maxAttempts = 8;

/** Who failed is counted by `maxAttempts`; more attempts than this are signers who died, whatever it is that kills them. */
export const maxClaims = 24;

/** How long a change may be on its way before somebody looks whether it was lost. */
export const leaseMs = 30_000;

/** How long an award may wait in the queue before it rings again: a queue that is busy may have lost it all the same. */
export const queuedMs = 60_000;

/** An award that is said to wait in a queue with nothing in it was lost, once it had this long to get there. */
export const arrivalMs = 2_000;

/** Who waits for one badge is not kept waiting by an import of ten thousand, nor by the levels that follow from it. */
export type Priority = 'normal' | 'low';

export function decidePriority(source: AwardSource): Priority {
  const isByItself = source.kind === 'rule' && source.by === 'system';
  return source.kind === 'import' || isByItself ? 'low' : 'normal';
}

/**
 * How long a signer may take before another one may try: far more than signing needs, and short enough that nobody
 * waits for a signer who died. Two at once do no harm: both make the same bytes, and the first stay.
 */
export const signingMs = 5_000;

/** How long to wait while nobody can sign, a key service being away or a clock being wrong: no attempt of the award. */
export const unavailableMs = 15_000;

/** When to try again after `attempts` failures: 1, 2, 4 … 64 seconds; undefined: give up and tell a person. */
export function decideRetry(attempts: number, now: Date): Date | undefined {
  if (attempts >= maxAttempts) return undefined;
  return new Date(now.getTime() + 1_000 * 2 ** (attempts - 1));
}
