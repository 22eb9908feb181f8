// How the text of a setting becomes a value, and what is said of a text that does not.
import { z } from 'zod';
import { parseFault } from '../shared/faults.ts';

export const optionalText = z.string().optional();

export const wholeNumber = (what: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be ${what}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be ${what}`);

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const roles = list.pipe(
  z
    .array(z.enum(['web', 'worker'], 'must be web, worker or both, with a comma between'))
    .min(1, 'must name web, worker or both'),
);

export const faults = list.transform((texts, context) =>
  texts.flatMap((text) => {
    const parsed = parseFault(text);
    if (typeof parsed !== 'string') return [parsed];
    context.addIssue(parsed);
    return [];
  }),
);

export const baseUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be a web address such as https://badges.school.example',
  )
  .refine(
    (text) =>
      !URL.canParse(text) || (new URL(text).pathname === '/' && new URL(text).search === ''),
    'must not have a path',
  )
  .transform((text) => new URL(text).origin);

// Judged by its form: decoding it would leave a copy in this thread's memory.
export const keyEncryptionKey = z
  .string()
  .regex(
    /^([0-9a-f]{64}|[\w+/-]{43}=?)$/i,
    'must be 32 random bytes as base64 or hex; make one with: openssl rand -base64 32',
  );
