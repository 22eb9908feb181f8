import type { KeyKind, SigningKey } from '../../domain/keys.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, ServiceError } from '../../shared/errors.ts';
import { encodeMultikey } from '../multibase.ts';
import type { KeyDriver } from './driver.ts';
import { isSignedBy, thumbprint } from './key-pair.ts';

/** What can be done with a private key: nothing but sign. */
export interface Signer {
  readonly key: SigningKey;
  /** Ed25519 (RFC 8032) or RSASSA-PKCS1-v1_5 with SHA-256, as the key's kind says. Same bytes in, same bytes out. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export interface KeyStore {
  /** Makes a key pair for an organization and keeps it: for use at once, unless it is to be prepared only. */
  create(organization: string, kind: KeyKind, state?: 'active' | 'prepared'): Promise<SigningKey>;
  /** The newest active key of this kind. */
  findCurrent(organization: string, kind: KeyKind): Promise<SigningKey | undefined>;
  signer(key: SigningKey): Promise<Signer>;
}

/** Where the public halves are kept, and how to find the private ones. */
export interface SigningKeys {
  find(id: string): Promise<SigningKey | undefined>;
  add(key: SigningKey): Promise<void>;
  /** Every key of the organization, whatever its state. */
  list(organization: string): Promise<readonly SigningKey[]>;
}

interface Dependencies {
  readonly driver: KeyDriver;
  readonly keys: Pick<SigningKeys, 'add' | 'list'>;
  readonly clock: Clock;
}

function unusable(code: string, message: string): ServiceError {
  return new ServiceError('unavailable', code, message);
}

/** The keys of organizations, whoever keeps the private halves. */
export function createKeyStore({ driver, keys, clock }: Dependencies): KeyStore {
  async function sign(key: SigningKey, data: Uint8Array): Promise<Uint8Array> {
    const signature = await driver.sign(key, data);
    // A driver may be another machine, and a faulty RSA signature gives the key away: nobody sees a wrong one.
    if (isSignedBy(key, data, signature)) return signature;
    throw unusable('key.wrong_signature', `The signature by the key ${key.id} does not verify.`);
  }

  function signerOf(key: SigningKey): Signer {
    const { id, publicJwk, state } = key;
    if (state === 'compromised') {
      throw conflict('key.compromised', `The signing key ${id} was compromised: it signs nothing.`);
    }
    // The id is the thumbprint of the public key: a record whose public half was exchanged must not sign.
    if (thumbprint(publicJwk) !== id) {
      throw unusable('key.mismatch', `The signing key ${id} does not belong to its public key.`);
    }
    return { key, sign: (data) => sign(key, data) };
  }

  return {
    async create(organization, kind, state = 'active') {
      const made = await driver.create(organization, kind);
      const { publicJwk } = made;
      const key: SigningKey = {
        id: thumbprint(publicJwk),
        organization,
        kind,
        ...made,
        ...(publicJwk.kty === 'OKP' && {
          publicKeyMultibase: encodeMultikey(Buffer.from(publicJwk.x, 'base64url')),
        }),
        createdAt: clock(),
        state,
      };
      await keys.add(key);
      return key;
    },

    async findCurrent(organization, kind) {
      const all = await keys.list(organization);
      return all
        .filter((key) => key.kind === kind && key.state === 'active')
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime())[0];
    },

    signer: (key) =>
      new Promise((resolve) => {
        resolve(signerOf(key));
      }),
  };
}
