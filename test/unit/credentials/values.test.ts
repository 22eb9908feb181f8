import {
  idOf,
  isObject,
  list,
  parseTimestamp,
  typesOf,
} from '../../../src/credentials/verify/values.ts';

describe('points in time', () => {
  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.123456Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00+14:30', '2026-11-21T19:30:00.000Z'],
    ['2026-11-22T23:59:59-09:59', '2026-11-23T09:58:59.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s is one', (text, expected) => {
    expect(new Date(parseTimestamp(text) ?? NaN).toISOString()).toBe(expected);
  });

  it.each([
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-11-22t10:00:00z',
    ' 2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00Z ',
    '2026-11-22T10:00:00Z\n',
    '2026-13-22T10:00:00Z',
    '2026-00-22T10:00:00Z',
    '2026-11-00T10:00:00Z',
    '2026-11-32T10:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:00:60Z',
    '2026-11-22T10:00:00.Z',
    '2026-11-22T10:00:00+15:00',
    '2026-11-22T10:00:00+10:60',
    '2026-11-22T10:00:00+1000',
    '12026-11-22T10:00:00Z',
    '226-11-22T10:00:00Z',
    `2026-11-22T10:00:00.${'1'.repeat(30)}Z`,
    '',
    7,
    null,
    undefined,
    new Date(),
  ])('%p is none', (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });
});

it.each<[unknown, boolean]>([
  [{}, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
])('an object is what has members: %j, %p', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

it('one value stands for a list of one, and nothing for an empty one', () => {
  expect(list(undefined)).toEqual([]);
  expect(list(null)).toEqual([null]);
  expect(list('a')).toEqual(['a']);
  expect(list(['a', 'b'])).toEqual(['a', 'b']);
  expect(typesOf({ type: 'A' })).toEqual(['A']);
  expect(typesOf({ type: ['A', 'B'] })).toEqual(['A', 'B']);
  expect(typesOf({})).toEqual([]);
  expect(typesOf('A')).toEqual([]);
});

it.each<[unknown, string | undefined]>([
  ['did:a', 'did:a'],
  [{ id: 'did:a' }, 'did:a'],
  [{ id: '' }, undefined],
  ['', undefined],
  [{ id: 7 }, undefined],
  [{}, undefined],
  [['did:a'], undefined],
  [undefined, undefined],
])('a node is named by text or by an id: %j', (value, expected) => {
  expect(idOf(value)).toBe(expected);
});
