import { compactVerify, importJWK } from 'jose';
import type { PublicJwk } from '../../domain/keys.ts';
import { ServiceError } from '../../shared/errors.ts';
import type { Signer } from '../keys/key-store.ts';

/** What the registered claims are taken from. */
interface Claims {
  readonly id: string;
  readonly issuer: { readonly id: string };
  readonly credentialSubject: { readonly id: string };
  readonly validFrom: string;
  readonly validUntil?: string;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const seconds = (timestamp: string): number => Math.floor(Date.parse(timestamp) / 1000);

/**
 * The VC-JWT of OB 3.0 §8.2: the credential itself is the payload, next to the registered claims. The header holds
 * alg, kid and typ only, RS256 because that is what every verifier of badges reads, and `kid` leads to a bare JWK.
 */
export async function signJwt(
  unsigned: Claims,
  { signer, kid }: { signer: Pick<Signer, 'sign'>; kid: string },
): Promise<string> {
  const payload = {
    ...unsigned,
    iss: unsigned.issuer.id,
    jti: unsigned.id,
    sub: unsigned.credentialSubject.id,
    nbf: seconds(unsigned.validFrom),
    ...(unsigned.validUntil !== undefined && { exp: seconds(unsigned.validUntil) }),
  };
  const signed = `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode(payload)}`;
  const signature = await signer.sign(Buffer.from(signed));
  return `${signed}.${Buffer.from(signature).toString('base64url')}`;
}

/** Reads the signed text back with the public key. */
export async function checkJwt(jwt: string, publicJwk: PublicJwk): Promise<void> {
  try {
    await compactVerify(jwt, await importJWK({ ...publicJwk }, 'RS256'), { algorithms: ['RS256'] });
  } catch (cause) {
    throw new ServiceError(
      'unavailable',
      'credential.self_check_failed',
      'The credential was signed as a JWT, but its signature does not verify. It was not issued.',
      { cause },
    );
  }
}
