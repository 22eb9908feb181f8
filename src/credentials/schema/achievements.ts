import { z } from 'zod';
import {
  common,
  datesOfVersion1,
  datesOfVersion2,
  endorsable,
  profile,
  profileRef,
} from './endorsements.ts';
import {
  achievementType,
  alignment,
  dateTime,
  identifierEntry,
  identityObject,
  image,
  languageCode,
  many,
  related,
  resultType,
  text,
  types,
  uri,
} from './values.ts';

const rubricCriterionLevel = z.looseObject({
  id: uri,
  type: types('RubricCriterionLevel'),
  name: text,
  level: text.optional(),
  points: text.optional(),
  description: text.optional(),
  alignment: many(alignment).optional(),
});
const resultDescription = z.looseObject({
  id: uri,
  type: types('ResultDescription'),
  name: text,
  resultType,
  allowedValue: many(text).optional(),
  requiredValue: text.optional(),
  requiredLevel: uri.optional(),
  rubricCriterionLevel: many(rubricCriterionLevel).optional(),
  valueMin: text.optional(),
  valueMax: text.optional(),
  alignment: many(alignment).optional(),
});
const result = z.looseObject({
  type: types('Result'),
  achievedLevel: uri.optional(),
  resultDescription: uri.optional(),
  status: z
    .enum(['Completed', 'Enrolled', 'Failed', 'InProgress', 'OnHold', 'Provisional', 'Withdrew'])
    .optional(),
  value: text.optional(),
  alignment: many(alignment).optional(),
});
export const achievement = z.looseObject({
  id: uri,
  type: types('Achievement'),
  name: text,
  description: text,
  criteria: z.looseObject({ id: uri.optional(), narrative: text.optional() }),
  achievementType: achievementType.optional(),
  alignment: many(alignment).optional(),
  creator: profile.optional(),
  creditsAvailable: z.number().optional(),
  fieldOfStudy: text.optional(),
  specialization: text.optional(),
  humanCode: text.optional(),
  image: image.optional(),
  inLanguage: languageCode.optional(),
  otherIdentifier: many(identifierEntry).optional(),
  related: many(related).optional(),
  resultDescription: many(resultDescription).optional(),
  tag: many(text).optional(),
  version: text.optional(),
  ...endorsable,
});
const achievementSubject = z
  .looseObject({
    id: uri.optional(),
    type: types('AchievementSubject'),
    achievement,
    identifier: many(identityObject).optional(),
    result: many(result).optional(),
    narrative: text.optional(),
    image: image.optional(),
    role: text.optional(),
    term: text.optional(),
    licenseNumber: text.optional(),
    creditsEarned: z.number().optional(),
    activityStartDate: dateTime.optional(),
    activityEndDate: dateTime.optional(),
    source: profile.optional(),
  })
  .refine((subject) => subject.id !== undefined || (subject.identifier ?? []).length > 0, {
    error: 'needs an id or an identifier',
  });

export const evidence = z.looseObject({
  id: uri.optional(),
  type: types('Evidence'),
  name: text.optional(),
  narrative: text.optional(),
  description: text.optional(),
  genre: text.optional(),
  audience: text.optional(),
});
const achievementShape = {
  ...common,
  type: types('VerifiableCredential').and(types('AchievementCredential', 'OpenBadgeCredential')),
  credentialSubject: achievementSubject,
  evidence: many(evidence).optional(),
};
export const achievementCredential = z.looseObject({
  ...achievementShape,
  ...datesOfVersion2,
  name: text.optional(),
  issuer: profileRef,
});
export const achievementCredentialV1 = z.looseObject({
  ...achievementShape,
  ...datesOfVersion1,
  name: text,
  issuer: profile,
});
