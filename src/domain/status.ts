export type StatusPurpose = 'revocation';

/** A Bitstring status list: one per organization and purpose, and a new one when it is half full. */
export interface StatusList {
  readonly id: string;
  readonly organization: string;
  readonly purpose: StatusPurpose;
  /** Number of bits; never below 131,072 (herd privacy). */
  readonly size: number;
  readonly allocated: number;
  /** Grows with every change; `updatedAt` is the `validFrom` of the signed list. */
  readonly version: number;
  readonly updatedAt: Date;
}

/** The bit of one credential: fixed before it is signed, never used again. */
export interface StatusEntry {
  readonly list: string;
  readonly index: number;
  readonly purpose: StatusPurpose;
  /** Id of the credential. */
  readonly credential: string;
  readonly organization: string;
  readonly set: boolean;
}

/** Random indexes stay cheap to find, and unlinkable, while at least half of a list is free. */
export function isFull({ allocated, size }: Pick<StatusList, 'allocated' | 'size'>): boolean {
  return allocated >= size / 2;
}

/** Bits of a new list. */
export const listSize = 131_072;
