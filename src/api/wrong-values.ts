import type { z } from 'zod';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const formats: Readonly<Record<string, string>> = {
  datetime: 'a date and time such as 2026-09-01T08:00:00Z',
  email: 'an e-mail address',
  url: 'a web address',
  uuid: 'an id',
};

const units: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

/** What is wrong with a value, in plain words, where its schema brings none of its own. */
export function describeWrongValue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && issue.code.startsWith('invalid_')) return 'is missing';
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? 'something else'}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'too_big') return limit(issue.origin, 'at most', issue.maximum);
  if (issue.code === 'too_small') return limit(issue.origin, 'at least', issue.minimum);
  if (issue.code !== 'invalid_format') return undefined;
  return `must be ${formats[issue.format] ?? 'written in another way'}`;
}

function limit(origin: string, bound: string, amount: number | bigint): string {
  const unit = units[origin];
  return unit === undefined ? `must be ${bound} ${amount}` : `must have ${bound} ${amount} ${unit}`;
}
