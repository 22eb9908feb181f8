import { gzipSync } from 'node:zlib';
import {
  createBitstring,
  decodeBitstring,
  encodeBitstring,
  getBit,
  minimumBits,
  setBit,
} from '../../../src/credentials/status/bitstring.ts';
import { parseStatusEntries } from '../../../src/credentials/status/entry.ts';
import { buildStatusListCredential } from '../../../src/credentials/status/list-credential.ts';
import { createUrls } from '../../../src/shared/urls.ts';

const packed = (bytes: Uint8Array) => `u${gzipSync(bytes).toString('base64url')}`;

describe('bitstrings', () => {
  it('starts with the left-most bit', () => {
    const bits = createBitstring();
    setBit(bits, 0);
    setBit(bits, 23);
    expect([...bits.slice(0, 4)]).toEqual([0x80, 0, 0x01, 0]);
    expect([0, 1, 22, 23, 24].map((index) => getBit(bits, index))).toEqual([
      true,
      false,
      false,
      true,
      false,
    ]);
    setBit(bits, 0, false);
    expect(getBit(bits, 0)).toBe(false);
  });

  it('survives packing and unpacking, with the same text each time', async () => {
    const bits = createBitstring();
    for (const index of [0, 7, 8, 77_777, minimumBits - 1]) setBit(bits, index);
    const text = encodeBitstring(bits);
    expect(text).toMatch(/^u[\w-]+$/);
    expect(encodeBitstring(bits)).toBe(text);
    expect(Buffer.from(await decodeBitstring(text)).equals(bits)).toBe(true);
  });

  it('reads the example of the specification: 16 kB of zeros', async () => {
    const text = 'uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA';
    const bits = await decodeBitstring(text);
    expect(bits).toHaveLength(16_384);
    expect(bits.every((byte) => byte === 0)).toBe(true);
  });

  it.each([-1, minimumBits, 0.5, Number.NaN])('has no entry %d', (index) => {
    expect(() => getBit(createBitstring(), index)).toThrow(RangeError);
    expect(() => {
      setBit(createBitstring(), index);
    }).toThrow(RangeError);
  });

  it('is never shorter than herd privacy wants', async () => {
    expect(() => createBitstring(64)).toThrow(RangeError);
    await expect(decodeBitstring(packed(new Uint8Array(16_383)))).rejects.toMatchObject({
      code: 'status_list.too_short',
    });
  });

  it('does not unpack a bomb', async () => {
    const bomb = packed(new Uint8Array(32 * 1024 * 1024));
    await expect(decodeBitstring(bomb)).rejects.toMatchObject({ code: 'status_list.too_long' });
  });

  it.each([
    '',
    'u',
    'H4sIAAAA',
    'uAAAA',
    'z123',
    'u===',
    ` ${encodeBitstring(createBitstring())}`,
    `${encodeBitstring(createBitstring())}!`,
  ])('refuses %j', async (text) => {
    await expect(decodeBitstring(text)).rejects.toMatchObject({ code: 'status_list.malformed' });
  });
});

describe('status entries', () => {
  const entry = {
    id: 'https://school.example/status/1#42',
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '42',
    statusListCredential: 'https://school.example/status/1',
  };

  it('are read', () => {
    const read = {
      id: 'https://school.example/status/1#42',
      purpose: 'revocation',
      index: 42,
      list: 'https://school.example/status/1',
      size: 1,
    };
    expect(parseStatusEntries(entry)).toEqual([read]);
    expect(parseStatusEntries({ ...entry, statusListIndex: 42 })).toEqual([read]);
  });

  it('for revocation name that for suspension', () => {
    const suspension = 'https://school.example/status/2#7';
    const read = {
      id: suspension,
      purpose: 'suspension',
      index: 7,
      list: 'https://school.example/status/2',
      size: 1,
    };
    for (const statusReference of [suspension, [suspension, 'https://school.example/rules']]) {
      expect(parseStatusEntries({ ...entry, statusReference }).slice(1)).toEqual([read]);
    }
  });

  it.each([
    'https://school.example/status/2',
    'https://school.example/status/2#',
    'https://school.example/status/2#seven',
    'https://school.example/status/2#07',
    'https://school.example/status/2#7#7',
    'https://elsewhere.example/status/2#7',
    'school.example/status/2#7',
    '#7',
  ])('with a reference to %j name none', (statusReference) => {
    expect(parseStatusEntries({ ...entry, statusReference })).toHaveLength(1);
  });

  it('for something else name none', () => {
    const statusReference = 'https://school.example/status/2#7';
    const message = { ...entry, statusPurpose: 'message', statusReference };
    expect(parseStatusEntries(message)).toHaveLength(1);
  });

  it.each([
    [{ id: 'https://school.example/status/2#7' }],
    [['https://school.example/status/2#7', null]],
    [7],
  ])('with the reference %j are refused', (statusReference) => {
    expect(() => parseStatusEntries({ ...entry, statusReference })).toThrow('statusReference');
  });

  it.each(['5abc', ' 5', '1e5', '5.9', '-1', '', '007', 1e21, 1.5, -1, null, ['5']])(
    'with the index %j are refused',
    (statusListIndex) => {
      expect(() => parseStatusEntries({ ...entry, statusListIndex })).toThrow('statusListIndex');
    },
  );

  it.each([
    [null],
    [[entry]],
    ['https://school.example/status/1#42'],
    [{ ...entry, type: 'StatusList2021Entry' }],
    [{ ...entry, id: entry.statusListCredential }],
    [{ ...entry, statusPurpose: undefined }],
    [{ ...entry, statusPurpose: '' }],
    [{ ...entry, id: 7 }],
    [{ ...entry, statusSize: 0 }],
    [{ ...entry, statusSize: 9 }],
    [{ ...entry, statusSize: 1.5 }],
    [{ ...entry, statusSize: '2' }],
    [undefined],
    [42],
  ])('like %j are refused', (value) => {
    expect(() => parseStatusEntries(value)).toThrow('The status entry cannot be read');
  });

  it.each([1, 2, 8])('may take %d bits', (statusSize) => {
    expect(parseStatusEntries({ ...entry, statusSize })).toMatchObject([
      { index: 42, size: statusSize },
    ]);
  });

  it('need no id', () => {
    const { id: _id, ...rest } = entry;
    const [found] = parseStatusEntries(rest);
    expect(found).not.toHaveProperty('id');
  });
});

it('builds the list credential', () => {
  const credential = buildStatusListCredential({
    urls: createUrls('https://cairn.example'),
    organization: '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1',
    list: {
      id: '7b0c9d4c-6f5b-4a39-9c40-1f1f5ab0c002',
      purpose: 'revocation',
      updatedAt: new Date('2026-11-22T09:00:00.789Z'),
    },
    bits: createBitstring(),
  });
  expect(credential).toEqual({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: 'https://cairn.example/status/7b0c9d4c-6f5b-4a39-9c40-1f1f5ab0c002',
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: 'did:web:cairn.example:issuers:3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1',
    validFrom: '2026-11-22T09:00:00.789Z',
    credentialSubject: {
      id: 'https://cairn.example/status/7b0c9d4c-6f5b-4a39-9c40-1f1f5ab0c002#list',
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      ttl: 1_000,
      encodedList: encodeBitstring(createBitstring()),
    },
  });
});
