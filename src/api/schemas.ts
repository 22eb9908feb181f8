import { z } from 'zod';
import { languagePattern } from '../domain/publishing.ts';
import { roles } from '../domain/roles.ts';
import { encodeWebAddress, findTextFault, unsignable } from '../domain/texts.ts';

// Schemas that several resources share. Requests are strict; what is not known is refused, not ignored.

export const idSchema = z.uuid('must be an id');
export const idParams = z.strictObject({ id: idSchema });
export const rolesSchema = z.array(z.enum(roles)).max(roles.length);
export const timestampSchema = z.iso.datetime({ offset: true });

const trimmed = (max: number) =>
  z.string().trim().min(1, 'must not be empty').max(max, `must have at most ${max} characters`);

/** Text from people: trimmed, not empty, without control characters and halves of characters, which cannot be signed. */
export const textSchema = (max: number) =>
  trimmed(max).refine((text) => !unsignable.test(text), 'must not hold control characters');

/** Text that stands in a credential. */
export const signedTextSchema = (max: number) =>
  trimmed(max).superRefine((text, context) => {
    const message = text === '' ? undefined : findTextFault(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** An address of the web as people paste it. */
export const webAddressSchema = (max: number) =>
  z
    .url({ protocol: /^https?$/, error: 'must be a web address' })
    .max(max)
    .refine((url) => !unsignable.test(url), 'must not hold control characters')
    .transform(encodeWebAddress);

const languageHint = 'must be a code such as en or pt-BR';
export const languageSchema = z
  .string()
  .regex(languagePattern, languageHint)
  // What is well-formed and no language of anybody: plurals are not known for it.
  .refine((tag) => !/^[a-z]{4}/.test(tag), languageHint);

export const cursorHint = 'must be the `next` of the page before';

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid(cursorHint).optional(),
};

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional() });
