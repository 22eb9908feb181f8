import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A new random identifier (UUID version 4, lower case). Ids never grant access and are never in sequence. */
export function newId(): string {
  return randomUUID();
}

/** A new secret for a person or a machine to keep: 256 random bits as base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Lower-case hex SHA-256: how secrets are kept and documents are named by content. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
