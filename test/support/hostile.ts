import fc from 'fast-check';

/** What breaks programs: halves of characters, control codes, huge and odd numbers, operators, wrong types. */
const hostileTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u202e\u200f',
  '𝕏'.repeat(50),
  'Ａ'.normalize('NFKC'),
  'e\u0301'.repeat(100),
  'x'.repeat(20_001),
  '{'.repeat(100),
  '{{ name }}',
  '$where',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00',
  '<script>alert(1)</script>',
  "';--",
  '(a+)+$',
  '[',
  '1e309',
  'NaN',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59+23:59',
  'http://a b/c d',
  'HTTP://X',
  'https://\u0130.example/\ud800',
] as const;

const hostileNumbers = [
  -1,
  0,
  -0,
  0.1,
  1e-7,
  1e21,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  Number.MAX_SAFE_INTEGER + 2,
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** Any JSON at all. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, false, [], {}, ...hostileNumbers),
  fc.constantFrom<unknown>({ $gt: '' }, { $where: '1' }, [[]], [null], { '': { '': '' } }),
  fc.jsonValue({ maxDepth: 3 }),
);

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const spoilOneIn = 40;

/** Values that nearly fit the schema: right in most places, hostile in some. `ids` are ids of things that exist. */
export function almost(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: spoilOneIn - 1, arbitrary: fitting(schema, ids) },
    { weight: 1, arbitrary: hostileValue },
  );
}

type Build = (schema: JsonSchema, ids: readonly string[]) => fc.Arbitrary<unknown>;

const fittingByType: Readonly<Record<string, Build>> = {
  object: fittingObject,
  array: ({ items = {} }, ids) => fc.array(almost(items, ids), { maxLength: 3 }),
  integer: ({ minimum = 0, maximum = 1_000 }) =>
    fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) }),
  number: ({ minimum = 0, maximum = 1_000 }) =>
    fc.double({ min: minimum, max: maximum, noNaN: true }),
  boolean: () => fc.boolean(),
  string: fittingText,
};

function fitting(schema: JsonSchema, ids: readonly string[]): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => almost(choice, ids)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  return fittingByType[schema.type ?? '']?.(schema, ids) ?? hostileValue;
}

function fittingObject(
  { properties = {}, required = [] }: JsonSchema,
  ids: readonly string[],
): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(
    ([name, schema]) => [name, almost(schema, ids)] as const,
  );
  return fc.record(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => name in properties),
    noNullPrototype: true,
  });
}

function fittingText({ format }: JsonSchema, ids: readonly string[]): fc.Arbitrary<string> {
  const samples: Readonly<Record<string, fc.Arbitrary<string>>> = {
    uuid: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(...ids) },
      { weight: 1, arbitrary: fc.uuid() },
    ),
    email: fc.emailAddress(),
    uri: fc.webUrl(),
    'date-time': fc.constantFrom('2026-11-22T09:00:00Z', '0000-01-01T00:00:00+23:59'),
  };
  const plain = fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom('en', '#1f5f8b', 'star', 'Met', 'What was done.') },
    { weight: 1, arbitrary: hostileText },
  );
  return samples[format ?? ''] ?? plain;
}
