import type { Actor } from './roles.ts';

export type StatusPurpose = 'revocation' | 'suspension';

/** What the lists say of a credential. When both of its bits are set it is revoked. */
export const credentialStates = ['valid', 'suspended', 'revoked'] as const;
export type CredentialState = (typeof credentialStates)[number];

/** A Bitstring status list: one per organization and purpose, and a new one when it is half full. */
export interface StatusList {
  readonly id: string;
  readonly organization: string;
  readonly purpose: StatusPurpose;
  /** Number of bits; never below 131,072 (herd privacy). */
  readonly size: number;
  readonly allocated: number;
  /** Grows with every change; no two contents of a list have the same one. */
  readonly version: number;
  /** The `validFrom` of the signed list: later with every version. */
  readonly updatedAt: Date;
}

/** What a list said at one moment. */
export interface StatusListContent extends StatusList {
  /** The indexes of the bits that are set. */
  readonly bits: readonly number[];
  /** Decisions that are on the list, and that somebody else may not know of yet. */
  readonly changes: readonly StatusChange[];
}

/** A decision about one credential. */
export interface StatusChange {
  readonly id: string;
  readonly credential: string;
  readonly index: number;
  readonly set: boolean;
  readonly by: Pick<Actor, 'kind' | 'id'>;
  readonly reason: string;
}

/** The bit of one credential: fixed before it is signed, never used again. */
export interface StatusEntry {
  readonly list: string;
  readonly index: number;
  readonly purpose: StatusPurpose;
  /** Id of the credential. */
  readonly credential: string;
  readonly organization: string;
}

/** Random indexes stay cheap to find, and unlinkable, while at least half of a list is free. */
export function isFull({ allocated, size }: Pick<StatusList, 'allocated' | 'size'>): boolean {
  return allocated >= size / 2;
}

/** Bits of a new list. */
export const listSize = 131_072;

/** How old a copy of a list may be: what its `ttl` and its cache headers say. */
export const listMaxAgeSeconds = 1;
