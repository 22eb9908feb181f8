import {
  Binary,
  BSONRegExp,
  Code,
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
import {
  decodeExact,
  encodeDocument,
  type Document,
} from '../../../src/storage/embedded/document.ts';
import { project, projectBytes } from '../../../src/storage/embedded/project.ts';
import { compileCut } from '../../../src/storage/embedded/raw-fields.ts';
import { codeOf } from './support.ts';

const names = ['_id', 'a', 'b', 'ä', '0', '__proto__'];

const scalars = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 9 }).map((bytes) => new Binary(bytes)),
  fc.integer().map((value) => new Int32(value)),
  fc.double({ noNaN: true }).map((value) => new Double(value)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.constantFrom<unknown>(
    new ObjectId('0123456789abcdef01234567'),
    new Timestamp({ t: 7, i: 1 }),
    new MinKey(),
    new MaxKey(),
    Decimal128.fromString('1.50'),
    new Code('return a'),
    new Code('return a', { a: 1 }),
    new BSONRegExp('^a.b$', 'i'),
  ),
);

const { document: documents } = fc.letrec<{ document: Document; value: unknown }>((tie) => ({
  document: fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 6 }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalars,
    tie('document'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
}));

const paths = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'))
  .filter((path) => !path.startsWith('_id.'));

/** Those that do not meet: one inside of another is refused. */
const projections = fc
  .uniqueArray(paths, { minLength: 1, maxLength: 5 })
  .map((all) =>
    all.filter(
      (path) => !all.some((other) => `${path}.`.startsWith(`${other}.`) && path !== other),
    ),
  )
  .map((kept): Document => Object.fromEntries(kept.map((path) => [path, 1])));

describe('fields taken out of stored bytes', () => {
  it('are those that a projection takes out of the document', () => {
    fc.assert(
      fc.property(documents, projections, (document, projection) => {
        const bytes = encodeDocument(document);
        const expected = encodeDocument(project(projection)(decodeExact(bytes)));
        expect(projectBytes(projection)(bytes)).toEqual(Buffer.from(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are as many bytes as they need', () => {
    const bytes = encodeDocument({ _id: 1, text: 'x'.repeat(100_000), a: 'here' });
    const cut = projectBytes({ a: 1 })(bytes);
    expect(cut).toEqual(Buffer.from(encodeDocument({ _id: 1, a: 'here' })));
    expect(cut.buffer.byteLength).toBeLessThan(50_000);
  });

  it('are refused where the bytes are no BSON', () => {
    const bytes = Buffer.from(encodeDocument({ a: 1, b: 2 }));
    bytes[4] = 0x55;
    expect(codeOf(() => compileCut(new Map([['b', true]]))(bytes))).toBe(22);
  });
});
