import { z } from 'zod';
import { roles } from '../domain/roles.ts';

// Schemas that several resources share. Requests are strict; what is not known is refused, not ignored.

export const idSchema = z.uuid('must be an id');
export const idParams = z.strictObject({ id: idSchema });
export const roleSchema = z.enum(roles);
export const timestampSchema = z.iso.datetime({ offset: true });

/** Control characters other than tab and line ends. */
const controlCharacters = /[^\P{Cc}\t\n\r]/u;

/** Text from people: trimmed, not empty, without control characters (some verifiers refuse signatures over them). */
export const textSchema = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine((text) => !controlCharacters.test(text), 'must not hold control characters');

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });
