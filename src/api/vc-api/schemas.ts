import { z } from 'zod';

// The members of VCDM 2.0 that have rules of their own. Everything else is for the contexts to define: what they do
// not know is refused when it is signed.

export const url = z.string().refine((text) => URL.canParse(text), 'must be a URL');
export const types = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const typed = z.looseObject({ type: types, id: url.optional() });
export const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);

/** xsd:dateTimeStamp (VCDM 2.0 §4.9): a day of the calendar, seconds and zone. */
const dateTimeStamp = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
    'must be a date with time, seconds and zone',
  )
  .refine(isOnCalendar, 'must be a real day and time');

function isOnCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDate() === day && !Number.isNaN(Date.parse(text));
}

/** VCDM 2.0 §11.1: a text, or a text with its language. */
const languageValue = z.union([
  z.string(),
  z.strictObject({
    '@value': z.string(),
    '@language': z.string().optional(),
    '@direction': z.enum(['ltr', 'rtl']).optional(),
  }),
]);

export const baseContext = 'https://www.w3.org/ns/credentials/v2';
const contexts = z
  .array(z.union([url, z.looseObject({})]))
  .refine(([first]) => first === baseContext, `must be a list that begins with ${baseContext}`);

/** Bitstring Status List §2.1, as far as mistakes would make a status that nobody can look up. */
const statusEntry = typed.refine(isLookable, 'must name a list, a place on it and its purpose');

function isLookable(entry: z.infer<typeof typed>): boolean {
  if (![entry.type].flat().includes('BitstringStatusListEntry')) return true;
  const { id, statusPurpose, statusListIndex, statusListCredential } = entry;
  return (
    typeof statusPurpose === 'string' &&
    typeof statusListIndex === 'string' &&
    /^(?:0|[1-9]\d{0,15})$/.test(statusListIndex) &&
    typeof statusListCredential === 'string' &&
    URL.canParse(statusListCredential) &&
    id !== statusListCredential
  );
}

const subject = z
  .looseObject({ id: url.optional() })
  .refine((value) => Object.keys(value).length > 0, 'must say something');

const relatedResource = z
  .looseObject({
    id: url,
    digestSRI: z.string().optional(),
    digestMultibase: z.string().optional(),
  })
  .refine(
    ({ digestSRI, digestMultibase }) => (digestSRI ?? digestMultibase) !== undefined,
    'must have a digest',
  );

export const isCredential = (type: string | readonly string[]) =>
  [type].flat().includes('VerifiableCredential');

const unsignedCredentialSchema = z
  .looseObject({
    '@context': contexts,
    id: url.optional(),
    type: types.refine(isCredential, 'must include VerifiableCredential'),
    name: oneOrMore(languageValue).optional(),
    description: oneOrMore(languageValue).optional(),
    issuer: z.union([url, z.looseObject({ id: url })]).optional(),
    validFrom: dateTimeStamp.optional(),
    validUntil: dateTimeStamp.optional(),
    credentialSubject: oneOrMore(subject),
    credentialStatus: oneOrMore(statusEntry).optional(),
    credentialSchema: oneOrMore(typed.extend({ id: url })).optional(),
    termsOfUse: oneOrMore(typed).optional(),
    evidence: oneOrMore(typed).optional(),
    refreshService: oneOrMore(typed).optional(),
    relatedResource: z
      .union([
        relatedResource,
        z.array(relatedResource).min(1).refine(haveOwnIds, 'must be named once each'),
      ])
      .optional(),
    proof: oneOrMore(z.looseObject({ type: z.string() })).optional(),
  })
  .refine(
    ({ validFrom, validUntil }) =>
      validFrom === undefined ||
      validUntil === undefined ||
      Date.parse(validFrom) <= Date.parse(validUntil),
    { path: ['validUntil'], error: 'must not be before validFrom' },
  )
  .meta({ id: 'UnsignedCredential', description: 'A credential as VCDM 2.0 describes it' });

function haveOwnIds(resources: readonly { readonly id: string }[]): boolean {
  return new Set(resources.map(({ id }) => id)).size === resources.length;
}

const text = z.string().min(1).max(1_000);
/** Asks for a place on a list of ours; which one is ours to say. */
const wantedStatus = z.looseObject({
  type: z.literal('BitstringStatusListEntry'),
  statusPurpose: z.enum(['revocation', 'suspension']).default('revocation'),
});

export const issueRequestSchema = z
  .strictObject({
    credential: unsignedCredentialSchema,
    options: z
      .looseObject({
        credentialId: text.optional(),
        created: dateTimeStamp.optional(),
        challenge: text.optional(),
        domain: oneOrMore(text).optional(),
        previousProof: oneOrMore(url).optional(),
        credentialStatus: oneOrMore(wantedStatus).optional(),
        type: z.literal('DataIntegrityProof').optional(),
        cryptosuite: z.literal('eddsa-rdfc-2022').optional(),
        proofPurpose: z.literal('assertionMethod').optional(),
        mandatoryPointers: z
          .array(z.string())
          .max(0, 'selective disclosure is not offered')
          .optional(),
      })
      .optional(),
  })
  .meta({ id: 'IssueCredentialRequest' });

export const issueAnswerSchema = z
  .object({ verifiableCredential: z.looseObject({}) })
  .meta({ id: 'IssueCredentialResponse' });

export const statusRequestSchema = z
  .strictObject({
    credentialId: z.string().min(1).max(1_000),
    credentialStatus: z.looseObject({ type: z.string(), statusPurpose: z.string() }),
    status: z.boolean(),
    indexAllocator: z.string().optional(),
  })
  .meta({ id: 'UpdateStatusRequest' });

export const resolutionSchema = z
  .object({
    didDocument: z.looseObject({}).nullable(),
    didResolutionMetadata: z.looseObject({}),
    didDocumentMetadata: z.looseObject({}),
  })
  .meta({ id: 'DidResolutionResult' });
