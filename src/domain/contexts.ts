/** A JSON-LD context that the administrator gave to the verifier. Never changed, and never used to sign. */
export interface AddedContext {
  readonly id: string;
  /** What credentials name it by. */
  readonly url: string;
  /** The bytes as they were uploaded, as text. */
  readonly content: string;
  readonly sha256: string;
  readonly size: number;
  readonly addedBy: { readonly kind: string; readonly id: string };
  readonly addedAt: Date;
}

export const maxContextBytes = 262_144;
