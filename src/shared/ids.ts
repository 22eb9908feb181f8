import { createHash, randomBytes, randomUUID } from 'node:crypto';

/**
 * A new identifier for a record: UUID version 7, so that records sort by the time they were made and one index
 * gives "newest first". Ids never grant access.
 */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(((bytes.at(6) ?? 0) & 0x0f) | 0x70, 6);
  bytes.writeUInt8(((bytes.at(8) ?? 0) & 0x3f) | 0x80, 8);
  return formatUuid(bytes);
}

/** A new identifier that tells nothing, not even when it was made: UUID version 4. For what strangers see. */
export function newRandomId(): string {
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

// Cairn's own namespace for names (RFC 9562 §5.5), drawn once at random.
const namespace = Buffer.from('5af40ef69610499d8faf36e3b258edee', 'hex');

/** The same identifier for the same name, everywhere: UUID version 5, which CASE takes as an identifier, too. */
export function namedId(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8(((bytes.at(6) ?? 0) & 0x0f) | 0x50, 6);
  bytes.writeUInt8(((bytes.at(8) ?? 0) & 0x3f) | 0x80, 8);
  return formatUuid(bytes);
}

function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
