import {
  decodeBase58,
  decodeMultikey,
  digestMultibase,
  encodeBase58,
  encodeMultikey,
} from '../../../src/credentials/multibase.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('base58btc', () => {
  // Values of draft-msporny-base58-03 §5.
  it.each([
    [Buffer.from('Hello World!').toString('hex'), '2NEpo7TZRRrLZSi2U'],
    ['0000287fb4cd', '11233QC4'],
    ['', ''],
    ['00', '1'],
  ])('writes %j as %j and back', (hex, text) => {
    expect(encodeBase58(bytes(hex))).toBe(text);
    expect(decodeBase58(text)).toEqual(bytes(hex));
  });

  it.each(['0', 'O', 'l', 'a b', 'é', '1'.repeat(257)])('refuses %j', (text) => {
    expect(decodeBase58(text)).toBeUndefined();
  });
});

describe('multikeys', () => {
  const text = 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';

  it('reads and writes an Ed25519 public key', () => {
    const { kind, publicKey = new Uint8Array() } = decodeMultikey(text) ?? {};
    expect(kind).toBe('Ed25519');
    expect(publicKey).toHaveLength(32);
    expect(encodeMultikey(publicKey)).toBe(text);
  });

  it.each([
    text.slice(1),
    text.slice(0, -1),
    `${text}1`,
    'z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq',
  ])('refuses %j', (other) => {
    expect(decodeMultikey(other)).toBeUndefined();
  });
});

it('names a file by its digest as VCDM 2.0 does', () => {
  // SHA-256 of nothing, behind the multihash header 0x12 0x20.
  const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect(digestMultibase(hash)).toBe('uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ');
});
