import { z } from 'zod';
import {
  address,
  compactJws,
  dateTime,
  identifierEntry,
  image,
  many,
  text,
  types,
  uri,
} from './values.ts';

// Profiles and the endorsements that they carry, which are credentials about profiles again.

/** Carried by profiles, achievements and credentials alike; endorsers are profiles again. */
export const endorsable = {
  endorsement: z.lazy(() => many(endorsementCredential)).optional(),
  endorsementJwt: many(compactJws).optional(),
};
export const profile: z.ZodType = z.looseObject({
  id: uri,
  type: types('Profile'),
  name: text.optional(),
  url: uri.optional(),
  phone: text.optional(),
  description: text.optional(),
  image: image.optional(),
  email: text.optional(),
  address: address.optional(),
  otherIdentifier: many(identifierEntry).optional(),
  official: text.optional(),
  parentOrg: z.lazy(() => profile).optional(),
  dateOfBirth: z.iso.date().optional(),
  ...endorsable,
});

export const typed = z.looseObject({ id: uri.optional(), type: z.string() });
export const proof = z.looseObject({
  type: z.string(),
  created: dateTime.optional(),
  cryptosuite: z.string().optional(),
  challenge: z.string().optional(),
  domain: z.string().optional(),
  nonce: z.string().optional(),
  proofPurpose: z.string().optional(),
  proofValue: z.string().optional(),
  verificationMethod: uri.optional(),
});
export const typedWithId = z.looseObject({ id: uri, type: z.string() });

const openBadgesContext =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)?\.json$/;
export const dataModels = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/2018/credentials/v1',
] as const;
export const contextItem = z.union([z.string(), z.looseObject({})]);
export const isOpenBadgesContext = (url: unknown): boolean =>
  typeof url === 'string' && openBadgesContext.test(url);
const context = z
  .array(contextItem)
  .min(2)
  .refine(([first]) => dataModels.some((name) => name === first), {
    error: 'must name the data model of verifiable credentials first',
  })
  .refine(([, second]) => isOpenBadgesContext(second), {
    error: 'must name the Open Badges context second',
  });

/** What every credential of Open Badges 3.0 carries beside its subject, names and dates. */
export const common = {
  '@context': context,
  id: uri,
  description: text.optional(),
  image: image.optional(),
  awardedDate: dateTime.optional(),
  proof: many(proof).optional(),
  credentialSchema: many(typedWithId).optional(),
  credentialStatus: typed.optional(),
  refreshService: typedWithId.optional(),
  termsOfUse: many(typed).optional(),
  ...endorsable,
};
export const datesOfVersion2 = { validFrom: dateTime, validUntil: dateTime.optional() };
export const datesOfVersion1 = { issuanceDate: dateTime, expirationDate: dateTime.optional() };
export const profileRef = z.union([uri, profile]);

const endorsementShape = {
  ...common,
  type: types('VerifiableCredential').and(types('EndorsementCredential')),
  name: text,
  credentialSubject: z.looseObject({
    id: uri,
    type: types('EndorsementSubject'),
    endorsementComment: text.optional(),
  }),
};

export const endorsementCredential: z.ZodType = z.looseObject({
  ...endorsementShape,
  ...datesOfVersion2,
  issuer: profileRef,
});
export const endorsementCredentialV1 = z.looseObject({
  ...endorsementShape,
  ...datesOfVersion1,
  issuer: profile,
});
