// Multibase and multicodec as far as credentials use them (Controlled Identifiers 1.0 §2.4, §2.5).

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const maxBase58Length = 256;

export type KeyKind = 'Ed25519' | 'P-256' | 'P-384';

/** multicodec ed25519-pub, p256-pub and p384-pub, each with the length of the key that follows. */
const multikeyForms: Readonly<Record<KeyKind, { header: readonly number[]; length: number }>> = {
  Ed25519: { header: [0xed, 0x01], length: 32 },
  'P-256': { header: [0x80, 0x24], length: 33 },
  'P-384': { header: [0x81, 0x24], length: 49 },
};
const keyKinds = Object.keys(multikeyForms) as KeyKind[];

/** multihash sha2-256, 32 bytes */
const sha256Header = Uint8Array.of(0x12, 0x20);

/** base58btc, without the multibase prefix `z`. */
export function encodeBase58(bytes: Uint8Array): string {
  const zeros = bytes.findIndex((byte) => byte !== 0);
  const leading = zeros === -1 ? bytes.length : zeros;
  let rest = bytes.length > leading ? BigInt(`0x${Buffer.from(bytes).toString('hex')}`) : 0n;
  let text = '';
  for (; rest > 0n; rest /= 58n) text = alphabet.charAt(Number(rest % 58n)) + text;
  return '1'.repeat(leading) + text;
}

/** The bytes of base58btc text without prefix; undefined when it is not base58 or longer than any key or signature. */
export function decodeBase58(text: string): Uint8Array | undefined {
  if (text.length > maxBase58Length) return undefined;
  let value = 0n;
  for (const letter of text) {
    const digit = alphabet.indexOf(letter);
    if (digit === -1) return undefined;
    value = value * 58n + BigInt(digit);
  }
  const leading = /^1*/.exec(text)?.[0].length ?? 0;
  const hex = value === 0n ? '' : value.toString(16);
  const digits = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Uint8Array.from([...new Uint8Array(leading), ...digits]);
}

/** `z6Mk…`, `zDn…` or `z82…` of a raw public key; those of curves are compressed points. */
export function encodeMultikey(publicKey: Uint8Array, kind: KeyKind = 'Ed25519'): string {
  return `z${encodeBase58(Uint8Array.from([...multikeyForms[kind].header, ...publicKey]))}`;
}

/** Whether these bytes claim to be a public key of a kind that is known here. */
export function hasKnownHeader(bytes: Uint8Array): boolean {
  return keyKinds.some((kind) =>
    multikeyForms[kind].header.every((byte, at) => byte === bytes[at]),
  );
}

/** The kind and the raw bytes of a public key in multikey form; undefined for every other text. */
export function decodeMultikey(
  text: string,
): { readonly kind: KeyKind; readonly publicKey: Uint8Array } | undefined {
  const bytes = text.startsWith('z') ? decodeBase58(text.slice(1)) : undefined;
  const kind = keyKinds.find((name) => {
    const { header, length } = multikeyForms[name];
    return bytes?.length === 2 + length && header.every((byte, at) => byte === bytes[at]);
  });
  return bytes && kind && { kind, publicKey: bytes.slice(2) };
}

/** VCDM 2.0 §5.3: a multihash as multibase base64url, from the hex SHA-256 of a file. */
export function digestMultibase(sha256Hex: string): string {
  const hash = Buffer.concat([sha256Header, Buffer.from(sha256Hex, 'hex')]);
  return `u${hash.toString('base64url')}`;
}
