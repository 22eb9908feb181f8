export const keyKinds = ['Ed25519', 'RS256'] as const;

/** Ed25519 signs Data Integrity proofs, RS256 signs VC-JWTs. */
export type KeyKind = (typeof keyKinds)[number];

/**
 * `prepared` keys are published and wait for their turn; `retired` ones sign nothing new and verify for ever;
 * `compromised` ones sign nothing at all.
 */
export type KeyState = 'prepared' | 'active' | 'retired' | 'compromised';

export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string };

/** A private key under two locks: its own data key, and the key encryption key around that. All base64url. */
export interface WrappedKey {
  /** Says which key encryption key opens it. */
  readonly kek: string;
  readonly dataKey: string;
  readonly privateKey: string;
}

/**
 * Who keeps the private half: `file` is ours, wrapped in our own store; `transit` is a signing service that speaks
 * the transit API of HashiCorp Vault and OpenBao, and never gives it out.
 */
export const keyDrivers = ['file', 'transit'] as const;
export type KeyDriverName = (typeof keyDrivers)[number];

/** A private key that somebody else keeps: what it is called there. */
export interface RemoteKey {
  readonly name: string;
  /** Fixed, so that a key that is replaced over there does not sign in the name of this one. */
  readonly version: number;
}

/** One key pair of an organization. Safe to store: the private half is wrapped or elsewhere. */
export interface SigningKey {
  /** JWK thumbprint (RFC 7638) of the public key: the fragment in DID URLs, the last segment of `/keys/{kid}`. */
  readonly id: string;
  readonly organization: string;
  readonly kind: KeyKind;
  readonly publicJwk: PublicJwk;
  /** Ed25519 only: `z6Mk…` */
  readonly publicKeyMultibase?: string;
  readonly driver: KeyDriverName;
  /** Driver `file`. */
  readonly wrapped?: WrappedKey;
  /** Driver `transit`. */
  readonly remote?: RemoteKey;
  readonly createdAt: Date;
  readonly state: KeyState;
  /** From when on somebody else may have had the private half. */
  readonly compromisedAt?: Date;
}
