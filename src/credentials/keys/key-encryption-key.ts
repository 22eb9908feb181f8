import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { isDiskFull, storeFull } from '../../shared/disk.ts';
import { invalid } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { readSecret, type SecretSource } from './secret-source.ts';

const keyLength = 32;

function decode(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}

/** Reads 32 random bytes written as 64 hex digits or as base64 (either alphabet). The text itself is never repeated. */
export function parseKeyEncryptionKey(text: string): KeyObject {
  const bytes = decode(text.trim());
  if (bytes?.length !== keyLength) {
    throw invalid(
      'key_encryption_key.malformed',
      'The key encryption key is not 32 bytes written as base64 (44 characters) or hex (64 characters). Make one with: openssl rand -base64 32',
    );
  }
  if (new Set(bytes).size < keyLength / 4) {
    throw invalid(
      'key_encryption_key.weak',
      'The key encryption key is not random. Make one with: openssl rand -base64 32',
    );
  }
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { code?: unknown } | null)?.code === code;
}

/** Written beside its place and linked into it, so that of two processes starting together one wins and none reads half a key. */
async function createKeyFile(path: string): Promise<void> {
  const draft = `${path}.${newId()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(keyLength).toString('base64')}\n`);
    await file.sync();
    await link(draft, path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The key encryption key of a single machine: made on the first start, readable by its owner only. */
export async function loadOrCreateKeyFile(path: string): Promise<KeyObject> {
  if ((await modeOf(path)) === undefined) {
    await createKeyFile(path).catch((error: unknown) => {
      throw isDiskFull(error) ? storeFull(error) : error;
    });
  }
  const mode = (await modeOf(path)) ?? 0;
  if ((mode & 0o077) !== 0) {
    throw invalid(
      'key_file.readable_by_others',
      `Other accounts of this machine may read the key file ${path}. Close it with: chmod 600 ${path}`,
    );
  }
  return parseKeyEncryptionKey(await readFile(path, 'utf8'));
}

/** Where the key encryption key is: given by the operator, or in a file of our own. */
export type KeyEncryptionKeySource =
  | SecretSource
  /** Made when it is not there, if that is wanted. */
  | { readonly ownFile: string; readonly create: boolean };

/** Undefined only for a file of our own that is not there and not wanted. */
export async function loadKeyEncryptionKey(
  source: KeyEncryptionKeySource,
): Promise<KeyObject | undefined> {
  if (!('ownFile' in source)) return parseKeyEncryptionKey(await readSecret(source));
  const { ownFile, create } = source;
  if (!create && (await modeOf(ownFile)) === undefined) return undefined;
  return loadOrCreateKeyFile(ownFile);
}
