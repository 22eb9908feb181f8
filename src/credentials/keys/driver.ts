import type { KeyDriverName, KeyKind, SigningKey } from '../../domain/keys.ts';
import { ServiceError } from '../../shared/errors.ts';

/** What a driver tells of a key that it made: the public half, and how to find the private one again. */
export type MadeKey = Pick<SigningKey, 'publicJwk' | 'driver' | 'wrapped' | 'remote'>;

/** Who makes private keys, keeps them, and signs with them. Nobody else ever sees one. */
export interface KeyDriver {
  create(organization: string, kind: KeyKind): Promise<MadeKey>;
  /** Ed25519 (RFC 8032) or RSASSA-PKCS1-v1_5 with SHA-256, as the key's kind says. */
  sign(key: SigningKey, data: Uint8Array): Promise<Uint8Array>;
}

const missing: Readonly<Record<KeyDriverName, string>> = {
  file: 'is locked with a key encryption key, which this server was not given (CAIRN_KEY_ENCRYPTION_KEY)',
  transit: 'is in a signing service, which this server was not told of (CAIRN_TRANSIT_URL)',
};

export function driverMissing(driver: KeyDriverName, key = 'A new signing key'): ServiceError {
  return new ServiceError('unavailable', 'key.driver_missing', `${key} ${missing[driver]}.`);
}

/** Several drivers as one: each key goes to its own, new ones to the one that is named. */
export function joinDrivers(
  drivers: Readonly<Partial<Record<KeyDriverName, KeyDriver>>>,
  forNew: KeyDriverName,
): KeyDriver {
  return {
    async create(organization, kind) {
      const driver = drivers[forNew];
      if (driver === undefined) throw driverMissing(forNew);
      return driver.create(organization, kind);
    },
    async sign(key, data) {
      const driver = drivers[key.driver];
      if (driver === undefined) throw driverMissing(key.driver, `The signing key ${key.id}`);
      return driver.sign(key, data);
    },
  };
}
