import { z } from 'zod';
import { achievement, evidence } from './achievements.ts';
import {
  common,
  contextItem,
  dataModels,
  datesOfVersion1,
  datesOfVersion2,
  isOpenBadgesContext,
  profile,
  profileRef,
  proof,
  typed,
  typedWithId,
} from './endorsements.ts';
import { identityObject, image, many, text, types, uri } from './values.ts';

// Comprehensive Learner Record 2.0: a transcript, and what it says of the credentials in it.

const clrContext = /^https:\/\/purl\.imsglobal\.org\/spec\/clr\/v2p0\/context(-2\.\d\.\d)?\.json$/;

const contextOf = (dataModel: string) =>
  z
    .array(contextItem)
    .min(3)
    .refine(([first]) => first === dataModel, {
      error: 'must name the data model of verifiable credentials first',
    })
    .refine(([, second]) => typeof second === 'string' && clrContext.test(second), {
      error: 'must name the context of CLR 2.0 second',
    })
    .refine(([, , third]) => isOpenBadgesContext(third), {
      error: 'must name the Open Badges context third',
    });

const association = z.strictObject({
  type: z.literal('Association'),
  associationType: z.enum([
    'exactMatchOf',
    'isChildOf',
    'isParentOf',
    'isPartOf',
    'isPeerOf',
    'isRelatedTo',
    'precedes',
    'replacedBy',
  ]),
  sourceId: uri,
  targetId: uri,
});

/** Of whatever type; its own check says the rest. A token or an envelope has no place here. */
const nestedShape = {
  id: uri.optional(),
  type: types('VerifiableCredential'),
  issuer: profileRef,
  credentialSubject: z.looseObject({ id: uri.optional() }),
  proof: many(proof).optional(),
  credentialSchema: many(typedWithId).optional(),
  credentialStatus: typed.optional(),
  refreshService: typedWithId.optional(),
  termsOfUse: many(typed).optional(),
  evidence: many(evidence).optional(),
};
const startsWith = (dataModel: string) =>
  many(contextItem).refine(([first]) => first === dataModel, {
    error: 'must name the data model of verifiable credentials first',
  });
const [version2, version1] = dataModels;
const nestedOfVersion2 = z.looseObject({
  ...nestedShape,
  ...datesOfVersion2,
  '@context': startsWith(version2),
});
const nestedOfVersion1 = z.looseObject({
  ...nestedShape,
  ...datesOfVersion1,
  '@context': startsWith(version1),
});

const clrSubjectOf = (nested: z.ZodType) =>
  z
    .looseObject({
      id: uri.optional(),
      type: types('ClrSubject'),
      identifier: many(identityObject).optional(),
      achievement: many(achievement).optional(),
      association: many(association).optional(),
      verifiableCredential: many(nested).refine((credentials) => credentials.length > 0, {
        error: 'must hold a credential',
      }),
    })
    .refine((subject) => subject.id !== undefined || (subject.identifier ?? []).length > 0, {
      error: 'needs an id or an identifier',
    });

const clrShape = {
  ...common,
  type: types('VerifiableCredential').and(types('ClrCredential')),
  name: text,
  image: image.optional(),
  partial: z.boolean().optional(),
  evidence: many(evidence).optional(),
};
export const clrCredential = z.looseObject({
  ...clrShape,
  ...datesOfVersion2,
  '@context': contextOf(version2),
  issuer: profileRef,
  credentialSubject: clrSubjectOf(nestedOfVersion2),
});
export const clrCredentialV1 = z.looseObject({
  ...clrShape,
  ...datesOfVersion1,
  '@context': contextOf(version1),
  issuer: profile,
  credentialSubject: clrSubjectOf(z.union([nestedOfVersion1, nestedOfVersion2])),
});
