import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyKind, RemoteKey } from '../../domain/keys.ts';
import { newRandomId } from '../../shared/ids.ts';
import { driverMissing, type KeyDriver } from './driver.ts';
import { publicJwkOf } from './key-pair.ts';
import { createTransitClient, unreachable, type TransitSettings } from './transit-client.ts';

const types: Readonly<Record<KeyKind, string>> = { Ed25519: 'ed25519', RS256: 'rsa-2048' };

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 §4) up to its 32 bytes. */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** An RSA key comes as PEM, an Ed25519 key as the base64 of its 32 bytes. */
function parsePublicKey(text: string): KeyObject {
  if (text.includes('-----BEGIN')) return createPublicKey(text);
  const key = Buffer.concat([ed25519Prefix, Buffer.from(text, 'base64')]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function readPublicKey(data: Readonly<Record<string, unknown>>, version: number, kind: KeyKind) {
  const versions = data.keys as Readonly<Record<string, { public_key?: unknown }>> | undefined;
  const text = versions?.[String(version)]?.public_key;
  try {
    const jwk = publicJwkOf(parsePublicKey(String(text)));
    if ((jwk.kty === 'OKP') === (kind === 'Ed25519')) return jwk;
  } catch {
    // The same as a key of another kind.
  }
  throw unreachable('The signing service gave a public key that is none of the kind asked for.');
}

function readSignature({ signature }: Readonly<Record<string, unknown>>): Uint8Array {
  const [, bytes] = /^vault:v\d+:([\w+/]+=*)$/.exec(String(signature)) ?? [];
  if (bytes === undefined) throw unreachable('The signing service gave no signature.');
  return Buffer.from(bytes, 'base64');
}

/** Keys in the transit engine of HashiCorp Vault or OpenBao: made there, not exportable, never seen here. */
export function createTransitDriver(settings: TransitSettings): KeyDriver {
  const ask = createTransitClient(settings);
  const version = 1;

  return {
    async create(_organization, kind) {
      // Cairn's own id is made of the public key, which nobody knows yet.
      const name = `cairn-${newRandomId()}`;
      await ask('POST', `keys/${name}`, { type: types[kind], exportable: false });
      const publicJwk = readPublicKey(await ask('GET', `keys/${name}`), version, kind);
      return { driver: 'transit', publicJwk, remote: { name, version } };
    },

    async sign({ id, kind, remote }, data) {
      if (remote === undefined) throw driverMissing('transit', `The signing key ${id}`);
      const input = Buffer.from(data).toString('base64');
      return readSignature(await requestSignature(remote, kind, input));
    },
  };

  function requestSignature(
    { name, version: key_version }: RemoteKey,
    kind: KeyKind,
    input: string,
  ) {
    const path = `sign/${encodeURIComponent(name)}`;
    if (kind === 'Ed25519') return ask('POST', path, { input, key_version });
    const algorithm = { signature_algorithm: 'pkcs1v15', prehashed: false };
    return ask('POST', `${path}/sha2-256`, { input, key_version, ...algorithm });
  }
}
