import { z } from 'zod';
import { baseContext, isCredential, oneOrMore, types, url } from './schemas.ts';

const firstBaseContext = 'https://www.w3.org/2018/credentials/v1';

/** As much of its form as makes it worth looking at; all else is for the verification to judge. */
const knownContexts = z
  .array(z.union([url, z.looseObject({})]))
  .refine(
    ([first]) => first === baseContext || first === firstBaseContext,
    `must be a list that begins with ${baseContext}`,
  );
const securedProof = z
  .looseObject({
    type: types,
    proofPurpose: z.string(),
    verificationMethod: z.union([z.string(), z.looseObject({ id: z.string() })]),
  })
  .refine(
    ({ proofValue, jws }) => typeof (proofValue ?? jws) === 'string',
    'must have a proofValue',
  );
const securedCredential = z.looseObject({
  '@context': knownContexts,
  type: types.refine(isCredential, 'must include VerifiableCredential'),
  issuer: z.union([z.string(), z.looseObject({})]),
  credentialSubject: z.union([z.looseObject({}), z.array(z.looseObject({})).min(1)]),
  proof: oneOrMore(securedProof),
});
const context = z.union([z.string(), z.array(z.unknown()).min(1)]);
const envelope = (type: string) =>
  z.looseObject({
    '@context': context,
    id: z.string().startsWith('data:', 'must be a data: URL'),
    type: types.refine((value) => [value].flat().includes(type), `must be ${type}`),
  });
const flag = z.boolean().optional();
const expectations = {
  challenge: z.string().optional(),
  domain: oneOrMore(z.string()).optional(),
  /** Of the API before VCALM. */
  checks: z.array(z.string()).optional(),
};

export const verifyRequestSchema = z
  .strictObject({
    verifiableCredential: z.union([securedCredential, envelope('EnvelopedVerifiableCredential')]),
    options: z
      .looseObject({
        returnCredential: flag,
        returnResults: flag,
        returnProblemDetails: flag,
        expectedProofPurpose: z.string().optional(),
        ...expectations,
      })
      .optional(),
  })
  .meta({ id: 'VerifyCredentialRequest' });

/** VCDM 2.0 §4.13: objects only; version 1.1 has tokens, too. */
const contained = z.union([
  z.string(),
  z.looseObject({
    type: types.refine(
      (type) => isCredential(type) || [type].flat().includes('EnvelopedVerifiableCredential'),
      'must include VerifiableCredential or be EnvelopedVerifiableCredential',
    ),
  }),
]);

const presentation = z
  .looseObject({
    '@context': knownContexts,
    type: types.refine(
      (type) => [type].flat().includes('VerifiablePresentation'),
      'must include VerifiablePresentation',
    ),
    verifiableCredential: z.union([contained, z.array(contained)]).optional(),
    proof: oneOrMore(securedProof).optional(),
  })
  .refine(
    (value) =>
      value['@context'][0] === firstBaseContext ||
      [value.verifiableCredential].flat().every((item) => typeof item !== 'string'),
    { path: ['verifiableCredential'], error: 'must be objects' },
  );

export const verifyPresentationRequestSchema = z
  .strictObject({
    verifiablePresentation: z.union([presentation, envelope('EnvelopedVerifiablePresentation')]),
    options: z.looseObject({ returnPresentation: flag, ...expectations }).optional(),
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
