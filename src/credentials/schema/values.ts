import { z } from 'zod';

// Open Badges 3.0, Appendix A "Data model", in the reading that allows JSON-LD compaction: what the text calls
// 0..* or 1..* may stand alone or in an array. Unknown members are allowed except in the closed classes.

export const text = z.union([
  z.string(),
  z.record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string()),
]);
export const uri = z.string().min(1);
/** RFC 3339 with a time zone. */
export const dateTime = z.iso.datetime({ offset: true });
export const compactJws = z.string().regex(/^[\w-]+\.[\w-]*\.[\w-]+$/);
export const languageCode = z
  .string()
  .regex(/^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/);

export function many<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item),
  );
}

/** A `type` that must name one of these classes, among others. */
export function types(...names: string[]) {
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

export const achievementType = termOf(
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
export const resultType = termOf(
  ...words(`GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result
    RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status`),
);

export const image = z.strictObject({
  id: uri,
  type: z.literal('Image'),
  caption: text.optional(),
});
export const identifierEntry = z.strictObject({
  type: z.literal('IdentifierEntry'),
  identifier: text,
  identifierType,
});
export const identityObject = z.strictObject({
  type: z.literal('IdentityObject'),
  hashed: z.boolean(),
  identityHash: text,
  identityType: identifierType,
  salt: text.optional(),
});
export const alignment = z.looseObject({
  type: types('Alignment'),
  targetName: text,
  targetUrl: uri,
  targetCode: text.optional(),
  targetDescription: text.optional(),
  targetFramework: text.optional(),
  targetType: targetType.optional(),
});
export const related = z.looseObject({
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
export const address = z.looseObject({ type: types('Address'), geo: geo.optional() });
