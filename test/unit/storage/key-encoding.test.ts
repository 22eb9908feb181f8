import {
  BSONRegExp,
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { UNDEF, after, compare, encode } from '../../../src/storage/embedded/order.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', '\u{ffee}', '\u{10348}', 'Zoë'),
);

const boundaries = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  0.1,
  1 / 3,
  2 ** 53,
  -(2 ** 53),
  1.7976931348623157e308,
];

const decimalText = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
    fc.integer({ min: -6176, max: 6111 }),
  )
  .map(([digits, exponent]) => `${String(digits)}E${String(exponent)}`);

/** Numbers that lie next to each other and differ in type or in the last digit are where orders go wrong. */
const closeNumbers = fc.constantFrom(
  ...[
    '0.1',
    '0.1000000000000000055511151231257827',
    '0.10',
    '9007199254740993',
    '9007199254740992.5',
  ].map((digits) => Decimal128.fromString(digits)),
  ...[
    '1E+400',
    '1.1E+400',
    '-1E+400',
    '1E-400',
    '-1E-400',
    'NaN',
    'Infinity',
    '-Infinity',
    '-0',
  ].map((digits) => Decimal128.fromString(digits)),
  ...[9007199254740992n, 9007199254740993n, 9007199254740994n, -9007199254740993n].map((value) =>
    Long.fromBigInt(value),
  ),
  Long.MAX_VALUE,
  Long.MIN_VALUE,
  new Double(2 ** 63),
  ...boundaries.map((value) => new Double(value)),
);

const number = fc.oneof(
  fc.double(),
  fc.double().map((value) => new Double(value)),
  fc.integer().map((value) => new Int32(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  decimalText.map((digits) => Decimal128.fromString(digits)),
  closeNumbers,
);

const bytes = fc.uint8Array({ maxLength: 4 });

const scalar = fc.oneof(
  number,
  text,
  fc.constantFrom(null, true, false, new MinKey(), new MaxKey()),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((id) => new ObjectId(id)),
  fc.tuple(bytes, fc.constantFrom(0, 4, 128)).map(([data, subtype]) => new Binary(data, subtype)),
  fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  fc.constantFrom('', 'a', 'a+').map((pattern) => new BSONRegExp(pattern, 'i')),
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('array'), tie('document')),
  array: fc.array(tie('value'), { maxLength: 3 }),
  document: fc.dictionary(
    fc.constantFrom('a', 'b', 'ab', 'a\u{1}', '\u{10348}', '\u{ffee}'),
    tie('value'),
    {
      maxKeys: 3,
      noNullPrototype: true,
    },
  ),
}));

/** Numbers among themselves are most of the difficulty, so half of the pairs are numbers. */
const pair = fc.oneof(fc.tuple(number, number), fc.tuple(value, value));

describe('index keys', () => {
  it('sort by memcmp as the values compare, of whatever type', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(Math.sign(Buffer.compare(encode(a), encode(b)))).toBe(Math.sign(compare(a, b)));
      }),
      { numRuns: 4000 },
    );
  });

  it('sort the other way in a descending index', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const order = Buffer.compare(encode(a, true), encode(b, true));
        expect(Math.sign(order) + Math.sign(compare(a, b))).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('can be joined: a compound key sorts by its first component, then by its second', () => {
    fc.assert(
      fc.property(pair, pair, fc.boolean(), ([a, b], [c, d], descending) => {
        const first = Buffer.concat([encode(a, descending), encode(c)]);
        const second = Buffer.concat([encode(b, descending), encode(d)]);
        const expected = compare(a, b) * (descending ? -1 : 1) || compare(c, d);
        expect(Math.sign(Buffer.compare(first, second))).toBe(Math.sign(expected));
      }),
      { numRuns: 2000 },
    );
  });

  it('keep a text with a zero byte above the text that ends there, whatever follows', () => {
    const order = Buffer.compare(encode(['a', new MaxKey()]), encode(['a\0', new MinKey()]));
    expect(order).toBe(-1);
  });

  it('put an empty array below null and above nothing else but the least key', () => {
    const keys = [new MinKey(), UNDEF, null, 0, ''].map((item) => encode(item));
    expect(keys.toSorted((a, b) => Buffer.compare(a, b))).toEqual(keys);
  });

  it.each([
    ['int and double', new Int32(1), new Double(1)],
    ['int and decimal', new Int32(1), Decimal128.fromString('1.00')],
    [
      'long and decimal',
      Long.fromBigInt(2n ** 53n + 1n),
      Decimal128.fromString('9007199254740993'),
    ],
    [
      'decimals beyond all doubles',
      Decimal128.fromString('1E+400'),
      Decimal128.fromString('10E+399'),
    ],
    ['the two zeros', new Double(-0), Decimal128.fromString('-0E+3')],
    ['the NaNs', NaN, Decimal128.fromString('NaN')],
    ['missing and null', undefined, null],
  ])('are the same for %s of one value', (_, a, b) => {
    expect(encode(a)).toEqual(encode(b));
  });

  it('have a least upper bound for everything that starts with them', () => {
    fc.assert(
      fc.property(bytes, bytes, (start, rest) => {
        const bound = after(start);
        if (start.some((byte) => byte !== 0xff))
          expect(Buffer.compare(Buffer.concat([start, rest]), bound)).toBe(-1);
        expect(Buffer.compare(start, bound)).toBe(-1);
      }),
    );
    expect(after(Uint8Array.of(1, 0xff, 0xff))).toEqual(Buffer.from([2]));
  });
});

describe('the order of values', () => {
  it('is by type first, then by value', () => {
    const ascending = [
      new MinKey(),
      null,
      NaN,
      -Infinity,
      Decimal128.fromString('-1E+400'),
      -1,
      0,
      new Double(0.1),
      Decimal128.fromString('0.1000000000000000055511151231257828'),
      1,
      Long.fromBigInt(2n ** 53n),
      Long.fromBigInt(2n ** 53n + 1n),
      Infinity,
      '',
      'a',
      'b',
      '\u{ffee}',
      '\u{10348}',
      {},
      { a: 1 },
      { a: 1, b: 1 },
      { b: 0 },
      { a: '' },
      [],
      [1],
      [1, 1],
      [2],
      new Binary(Uint8Array.of(9), 0),
      new Binary(Uint8Array.of(1, 1), 0),
      new Binary(Uint8Array.of(0, 0), 4),
      new ObjectId('000000000000000000000001'),
      new ObjectId('000000000000000000000002'),
      false,
      true,
      new Date(-1),
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
      new BSONRegExp('a', ''),
      new MaxKey(),
    ];
    for (const [i, item] of ascending.entries())
      for (const [j, other] of ascending.entries())
        expect([i, j, Math.sign(compare(item, other))]).toEqual([i, j, Math.sign(i - j)]);
  });

  it('refuses types that no model of ours has', () => {
    expect(() => compare({ _bsontype: 'DBRef' }, 1)).toThrow(/DBRef/);
  });
});
