import { z } from 'zod';

// The members of VCDM 2.0 that have rules of their own. Everything else is for the contexts to define: what they do
// not know is refused when it is signed.

const url = z.string().refine((text) => URL.canParse(text), 'must be a URL');
const types = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const typed = z.looseObject({ type: types, id: url.optional() });
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);

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

const baseContext = 'https://www.w3.org/ns/credentials/v2';
const contexts = z
  .array(z.union([url, z.looseObject({})]))
  .refine(([first]) => first === baseContext, `must be a list that begins with ${baseContext}`);

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

const isCredential = (type: string | readonly string[]) =>
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
    credentialStatus: oneOrMore(typed).optional(),
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

export const issueRequestSchema = z
  .strictObject({
    credential: unsignedCredentialSchema,
    options: z
      .looseObject({
        credentialId: z.string().min(1).max(1_000).optional(),
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

/** As much of its form as makes it worth looking at; all else is for the verification to judge. */
const context = z.union([z.string(), z.array(z.unknown()).min(1)]);
const securedCredential = z.looseObject({
  '@context': context,
  type: types.refine(isCredential, 'must include VerifiableCredential'),
  issuer: z.union([z.string(), z.looseObject({})]),
  credentialSubject: z.union([z.looseObject({}), z.array(z.looseObject({})).min(1)]),
  proof: oneOrMore(z.looseObject({})),
});
const envelope = (type: string) =>
  z.looseObject({
    '@context': context,
    id: z.string().startsWith('data:', 'must be a data: URL'),
    type: types.refine((value) => [value].flat().includes(type), `must be ${type}`),
  });
const flag = z.boolean().optional();

export const verifyRequestSchema = z
  .strictObject({
    verifiableCredential: z.union([securedCredential, envelope('EnvelopedVerifiableCredential')]),
    options: z
      .looseObject({ returnCredential: flag, returnResults: flag, returnProblemDetails: flag })
      .optional(),
  })
  .meta({ id: 'VerifyCredentialRequest' });

const presentation = z.looseObject({
  '@context': context,
  type: types.refine(
    (type) => [type].flat().includes('VerifiablePresentation'),
    'must include VerifiablePresentation',
  ),
  verifiableCredential: oneOrMore(z.union([z.string(), z.looseObject({})])).optional(),
  proof: oneOrMore(z.looseObject({})).optional(),
});

export const verifyPresentationRequestSchema = z
  .strictObject({
    verifiablePresentation: z.union([presentation, envelope('EnvelopedVerifiablePresentation')]),
    options: z
      .looseObject({
        challenge: z.string().optional(),
        domain: oneOrMore(z.string()).optional(),
        returnPresentation: flag,
      })
      .optional(),
  })
  .meta({ id: 'VerifyPresentationRequest' });

const problemDetails = z.array(
  z.object({
    type: z.string(),
    title: z.string(),
    detail: z.string(),
    code: z.string().optional(),
  }),
);

export const verifyAnswerSchema = z
  .object({
    verified: z.boolean(),
    credential: z.unknown().optional(),
    problemDetails: problemDetails.optional(),
    results: z.looseObject({}).optional(),
  })
  .meta({ id: 'VerifyCredentialResponse' });

export const verifyPresentationAnswerSchema = z
  .object({
    verified: z.boolean(),
    verifiablePresentation: z.unknown().optional(),
    problemDetails: problemDetails.optional(),
    results: z.looseObject({}).optional(),
  })
  .meta({ id: 'VerifyPresentationResponse' });

export const resolutionSchema = z
  .object({
    didDocument: z.looseObject({}).nullable(),
    didResolutionMetadata: z.looseObject({}),
    didDocumentMetadata: z.looseObject({}),
  })
  .meta({ id: 'DidResolutionResult' });
