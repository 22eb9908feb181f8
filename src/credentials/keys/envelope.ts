import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import type { SigningKey, WrappedKey } from '../../domain/keys.ts';
import { ServiceError } from '../../shared/errors.ts';

const nonceLength = 12;
const tagLength = 16;

/** What a wrapped key is bound to: moved to another organization or key id, it does not open. */
export type KeyBinding = Pick<SigningKey, 'organization' | 'id' | 'kind'>;

function associatedData(layer: 'data-key' | 'private-key', { organization, id, kind }: KeyBinding) {
  return Buffer.from(JSON.stringify(['cairn', 1, layer, organization, id, kind]));
}

function seal(key: KeyObject, plain: Uint8Array, aad: Uint8Array): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(aad);
  const sealed = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

function open(key: KeyObject, sealed: string, aad: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  const nonce = bytes.subarray(0, nonceLength);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(-tagLength));
  return Buffer.concat([
    decipher.update(bytes.subarray(nonceLength, -tagLength)),
    decipher.final(),
  ]);
}

/** A name for a key encryption key that tells nothing about it. */
function nameOf(kek: KeyObject): string {
  return createHmac('sha256', kek).update('cairn kek').digest('base64url').slice(0, 16);
}

function unreadable(message: string): ServiceError {
  return new ServiceError('unavailable', 'key.unreadable', message);
}

/** Envelope encryption: AES-256-GCM under a fresh data key, which is itself sealed with the key encryption key. */
export function wrapPrivateKey(
  kek: KeyObject,
  privateKey: KeyObject,
  binding: KeyBinding,
): WrappedKey {
  const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
  const dataKey = randomBytes(32);
  try {
    return {
      kek: nameOf(kek),
      dataKey: seal(kek, dataKey, associatedData('data-key', binding)),
      privateKey: seal(createSecretKey(dataKey), plain, associatedData('private-key', binding)),
    };
  } finally {
    plain.fill(0);
    dataKey.fill(0);
  }
}

function unlock(kek: KeyObject, wrapped: WrappedKey, binding: KeyBinding): KeyObject {
  const dataKey = open(kek, wrapped.dataKey, associatedData('data-key', binding));
  const aad = associatedData('private-key', binding);
  const plain = open(createSecretKey(dataKey), wrapped.privateKey, aad);
  try {
    return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
  } finally {
    plain.fill(0);
    dataKey.fill(0);
  }
}

/** The private key as a handle that neither prints nor serialises. */
export function unwrapPrivateKey(
  kek: KeyObject,
  wrapped: WrappedKey,
  binding: KeyBinding,
): KeyObject {
  if (wrapped.kek !== nameOf(kek)) {
    throw unreadable(
      `The signing key ${binding.id} was locked with another key encryption key than the one this server was started with.`,
    );
  }
  try {
    return unlock(kek, wrapped, binding);
  } catch {
    // Without a cause: what went wrong inside a decryption is nobody's business.
    throw unreadable(`The signing key ${binding.id} was changed or moved and cannot be opened.`);
  }
}
