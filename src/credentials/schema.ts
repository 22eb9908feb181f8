import { z } from 'zod';
import type { Issue } from '../shared/errors.ts';

// Open Badges 3.0, Appendix A "Data model", in the reading that allows JSON-LD compaction: what the text calls
// 0..* or 1..* may stand alone or in an array. Unknown members are allowed except in the closed classes.

const text = z.union([
  z.string(),
  z.record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string()),
]);
const uri = z.string().min(1);
/** RFC 3339 with a time zone. */
const dateTime = z.iso.datetime({ offset: true });
const compactJws = z.string().regex(/^[\w-]+\.[\w-]*\.[\w-]+$/);
const languageCode = z.string().regex(/^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/);

function many<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item),
  );
}

/** A `type` that must name one of these classes, among others. */
function types(...names: string[]) {
  return many(z.string()).refine((found) => names.some((name) => found.includes(name)), {
    error: `must contain ${names.join(' or ')}`,
  });
}

/** One of the terms of the specification, or an own one that begins with `ext:`. */
function termOf(...terms: string[]) {
  return z.string().refine((term) => terms.includes(term) || /ext:[\w.|-]+/.test(term), {
    error: 'is not a term of the specification',
  });
}

const words = (list: string): string[] => list.trim().split(/\s+/);

const achievementType = termOf(
  ...words(`Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge
    BachelorDegree Certificate CertificateOfCompletion Certification CommunityService Competency Course
    CoCurricular Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate
    LearningProgram License Membership ProfessionalDoctorate QualityAssuranceCredential MasterCertificate
    MasterDegree MicroCredential ResearchDoctorate SecondarySchoolDiploma`),
);
const identifierType = termOf(
  ...words(`name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber isbn
    issn lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId
    ltiUserId identifier`),
);
const targetType = termOf(
  ...words(
    `ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL`,
  ),
);
const resultType = termOf(
  ...words(`GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result
    RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status`),
);

const image = z.strictObject({ id: uri, type: z.literal('Image'), caption: text.optional() });
const identifierEntry = z.strictObject({
  type: z.literal('IdentifierEntry'),
  identifier: text,
  identifierType,
});
const identityObject = z.strictObject({
  type: z.literal('IdentityObject'),
  hashed: z.boolean(),
  identityHash: text,
  identityType: identifierType,
  salt: text.optional(),
});
const alignment = z.looseObject({
  type: types('Alignment'),
  targetName: text,
  targetUrl: uri,
  targetCode: text.optional(),
  targetDescription: text.optional(),
  targetFramework: text.optional(),
  targetType: targetType.optional(),
});
const related = z.looseObject({
  id: uri,
  type: types('Related'),
  inLanguage: languageCode.optional(),
  version: text.optional(),
});
const geo = z.looseObject({
  type: z.literal('GeoCoordinates'),
  latitude: z.number(),
  longitude: z.number(),
});
const address = z.looseObject({ type: types('Address'), geo: geo.optional() });

/** Carried by profiles, achievements and credentials alike; endorsers are profiles again. */
const endorsable = {
  endorsement: z.lazy(() => many(endorsementCredential)).optional(),
  endorsementJwt: many(compactJws).optional(),
};
const profile: z.ZodType = z.looseObject({
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
const achievement = z.looseObject({
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

const evidence = z.looseObject({
  id: uri.optional(),
  type: types('Evidence'),
  name: text.optional(),
  narrative: text.optional(),
  description: text.optional(),
  genre: text.optional(),
  audience: text.optional(),
});
const typed = z.looseObject({ id: uri.optional(), type: z.string() });
const proof = z.looseObject({
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
const typedWithId = z.looseObject({ id: uri, type: z.string() });

const openBadgesContext =
  /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context(-3\.\d\.\d)?\.json$/;
const dataModels = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/2018/credentials/v1',
];
const context = z
  .array(z.union([z.string(), z.looseObject({})]))
  .min(2)
  .refine(([first]) => typeof first === 'string' && dataModels.includes(first), {
    error: 'must name the data model of verifiable credentials first',
  })
  .refine(([, second]) => typeof second === 'string' && openBadgesContext.test(second), {
    error: 'must name the Open Badges context second',
  });

/** What every credential of Open Badges 3.0 carries beside its subject, names and dates. */
const common = {
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
const datesOfVersion2 = { validFrom: dateTime, validUntil: dateTime.optional() };
const datesOfVersion1 = { issuanceDate: dateTime, expirationDate: dateTime.optional() };
const profileRef = z.union([uri, profile]);

const achievementShape = {
  ...common,
  type: types('VerifiableCredential').and(types('AchievementCredential', 'OpenBadgeCredential')),
  credentialSubject: achievementSubject,
  evidence: many(evidence).optional(),
};
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

const achievementCredential = z.looseObject({
  ...achievementShape,
  ...datesOfVersion2,
  name: text.optional(),
  issuer: profileRef,
});
const achievementCredentialV1 = z.looseObject({
  ...achievementShape,
  ...datesOfVersion1,
  name: text,
  issuer: profile,
});
const endorsementCredential: z.ZodType = z.looseObject({
  ...endorsementShape,
  ...datesOfVersion2,
  issuer: profileRef,
});
const endorsementCredentialV1 = z.looseObject({
  ...endorsementShape,
  ...datesOfVersion1,
  issuer: profile,
});

function isVersion1(credential: unknown): boolean {
  const { '@context': contexts } = (credential ?? {}) as { '@context'?: unknown };
  return Array.isArray(contexts) && contexts[0] === 'https://www.w3.org/2018/credentials/v1';
}

function issuesOf(schema: z.ZodType, credential: unknown): readonly Issue[] {
  const parsed = schema.safeParse(credential);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** What is wrong with an OB 3.0 AchievementCredential, in its VCDM 2.0 or 1.1 form; empty when nothing is. */
export function checkAchievementCredential(credential: unknown): readonly Issue[] {
  return issuesOf(
    isVersion1(credential) ? achievementCredentialV1 : achievementCredential,
    credential,
  );
}

/** The same for an EndorsementCredential. */
export function checkEndorsementCredential(credential: unknown): readonly Issue[] {
  return issuesOf(
    isVersion1(credential) ? endorsementCredentialV1 : endorsementCredential,
    credential,
  );
}
