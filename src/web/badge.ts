import { z } from 'zod';

/** What a badge says, as far as a page shows it. Read from what is signed, whoever wrote it. */
export interface Badge {
  readonly name: string;
  readonly description?: string | undefined;
  readonly language?: string | undefined;
  readonly earner?: string | undefined;
  readonly issuer: Issuer;
  readonly awardedOn?: string | undefined;
  readonly validUntil?: string | undefined;
  readonly narrative?: string | undefined;
  readonly criteria?: string | undefined;
  /** The address of the achievement. */
  readonly achievement?: string | undefined;
  /** Where its picture is, or the picture itself. */
  readonly image?: string | undefined;
  readonly version?: string | undefined;
  readonly tags: readonly string[];
  readonly rubric: readonly RubricRow[];
  readonly evidence: readonly BadgeEvidence[];
  /** The codes of the standards, as the issuer lists them. */
  readonly codes?: string | undefined;
  readonly standards: readonly BadgeStandard[];
}

export interface Issuer {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly url?: string | undefined;
}

export interface RubricRow {
  readonly name: string;
  readonly description?: string | undefined;
  readonly levels: readonly RubricLevel[];
  /** What was found where no level of the rubric was named: a mark, for example. */
  readonly value?: string | undefined;
  /** How far it is, where nothing else was found. */
  readonly status?: ResultStatus | undefined;
}

/** ResultStatusType of Open Badges 3.0. */
export const resultStatuses = [
  'Completed',
  'Enrolled',
  'Failed',
  'InProgress',
  'OnHold',
  'Provisional',
  'Withdrew',
] as const;
export type ResultStatus = (typeof resultStatuses)[number];

export interface RubricLevel {
  readonly name: string;
  readonly description?: string | undefined;
  readonly reached: boolean;
  readonly required: boolean;
}

export interface BadgeEvidence {
  readonly name?: string | undefined;
  readonly narrative?: string | undefined;
  readonly address?: string | undefined;
}

export interface BadgeStandard {
  readonly name: string;
  readonly address?: string | undefined;
  readonly framework?: string | undefined;
}

// Strangers' documents: what does not fit is left out, never an error.
const text = z.string().trim().min(1).optional().catch(undefined);
/** A list, or the one thing that should have been in it. */
const many = <T extends z.ZodType>(item: T) =>
  z
    .unknown()
    .optional()
    .transform((value) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .transform((values) =>
      values.flatMap((value) => {
        const parsed = item.safeParse(value);
        return parsed.success && parsed.data !== undefined ? [parsed.data] : [];
      }),
    );

const issuerSchema = z.union([
  z.string().transform((id) => ({ id, name: undefined, url: undefined })),
  z.object({ id: text, name: text, url: text }),
]);
const levelSchema = z.object({ id: text, name: text, description: text });
const resultDescriptionSchema = z.object({
  id: text,
  name: text,
  description: text,
  requiredLevel: text,
  resultType: text,
  rubricCriterionLevel: many(levelSchema),
});
const resultSchema = z.object({
  resultDescription: text,
  achievedLevel: text,
  value: text,
  status: z.enum(resultStatuses).optional().catch(undefined),
});
const alignmentSchema = z.object({ targetName: text, targetUrl: text, targetFramework: text });
const achievementSchema = z.object({
  id: text,
  name: text,
  description: text,
  version: text,
  inLanguage: text,
  humanCode: text,
  criteria: z.object({ narrative: text }).catch({ narrative: undefined }),
  image: z.union([text, z.object({ id: text }).transform(({ id }) => id)]).catch(undefined),
  tag: many(z.string()),
  alignment: many(alignmentSchema),
  resultDescription: many(resultDescriptionSchema),
});
const identitySchema = z.object({
  identityType: text,
  identityHash: text,
  hashed: z.boolean().optional().catch(undefined),
});
const emptyAchievement = achievementSchema.parse({});
const subjectSchema = z.object({
  identifier: many(identitySchema),
  narrative: text,
  achievement: achievementSchema.catch(emptyAchievement),
  result: many(resultSchema),
});
const emptySubject = subjectSchema.parse({});
const credentialSchema = z.object({
  name: text,
  description: text,
  issuer: issuerSchema.catch({ id: undefined, name: undefined, url: undefined }),
  awardedDate: text,
  validFrom: text,
  validUntil: text,
  credentialSubject: many(subjectSchema),
  evidence: many(z.object({ id: text, name: text, narrative: text, url: text })),
});

/** Open Badges 2.0: an assertion with its badge and issuer written out. */
const olderSchema = z.object({
  credentialSubject: z.undefined().optional(),
  badge: z.union([
    z.string(),
    z.object({
      id: text,
      name: text,
      description: text,
      criteria: z.object({ narrative: text }).catch({ narrative: undefined }),
      issuer: issuerSchema.catch({ id: undefined, name: undefined, url: undefined }),
      tags: many(z.string()),
    }),
  ]),
  issuedOn: text,
  expires: text,
  narrative: text,
});

const presentationSchema = z.object({
  credentialSubject: z.undefined().optional(),
  verifiableCredential: many(z.looseObject({ credentialSubject: z.unknown() })),
  type: many(z.string()).refine((types) => types.includes('VerifiablePresentation')),
});

const statusList = 'BitstringStatusListCredential';

type Achievement = z.output<typeof achievementSchema>;
type Result = z.output<typeof resultSchema>;

/** What says nothing of what somebody has earned: a status list, and the bare address of an older badge. */
const nothingSchema = z.union([
  z.object({ type: many(z.string()).refine((types) => types.includes(statusList)) }),
  z.strictObject({ id: z.string() }),
]);

/** Also the only one in a presentation. @returns undefined when it is no object at all, or no single badge */
export function readBadge(credential: unknown): Badge | undefined {
  if (nothingSchema.safeParse(credential).success) return undefined;
  const presentation = presentationSchema.safeParse(credential);
  return presentation.success
    ? readOnly(presentation.data.verifiableCredential)
    : readSingle(credential);
}

function readOnly(presented: readonly unknown[]): Badge | undefined {
  return presented.length === 1 ? readSingle(presented[0]) : undefined;
}

function readSingle(credential: unknown): Badge | undefined {
  const older = olderSchema.safeParse(credential);
  if (older.success) return readOlder(older.data);
  const parsed = credentialSchema.safeParse(credential);
  if (!parsed.success) return undefined;
  const { name, description, issuer, awardedDate, validFrom, validUntil, evidence } = parsed.data;
  const { achievement, identifier, narrative, result } =
    parsed.data.credentialSubject[0] ?? emptySubject;
  return {
    name: achievement.name ?? name ?? 'A credential without a name',
    description: achievement.description ?? description,
    earner: identifier.find(isName)?.identityHash,
    issuer,
    awardedOn: awardedDate ?? validFrom,
    validUntil,
    narrative,
    ...readAchievement(achievement, result),
    evidence: evidence.map(({ id, url, ...words }) => ({ ...words, address: url ?? id })),
  };
}

function readOlder({ badge, issuedOn, expires, narrative }: z.output<typeof olderSchema>) {
  if (typeof badge === 'string') return undefined;
  return {
    name: badge.name ?? 'A badge without a name',
    description: badge.description,
    issuer: badge.issuer,
    awardedOn: issuedOn,
    validUntil: expires,
    narrative,
    criteria: badge.criteria.narrative,
    achievement: badge.id,
    tags: badge.tags,
    rubric: [],
    evidence: [],
    standards: [],
  };
}

function isName({ identityType, hashed }: z.output<typeof identitySchema>): boolean {
  return identityType === 'name' && hashed !== true;
}

function readAchievement(achievement: Achievement, results: readonly Result[]) {
  return {
    language: achievement.inLanguage,
    criteria: achievement.criteria.narrative,
    achievement: achievement.id,
    image: achievement.image,
    version: achievement.version,
    tags: achievement.tag,
    codes: achievement.humanCode,
    rubric: achievement.resultDescription.map((row) => readRow(row, results)),
    standards: achievement.alignment.flatMap(({ targetName, targetUrl, targetFramework }) => {
      const name = targetName ?? targetUrl;
      return name === undefined ? [] : [{ name, address: targetUrl, framework: targetFramework }];
    }),
  };
}

function readRow(
  row: z.output<typeof resultDescriptionSchema>,
  results: readonly Result[],
): RubricRow {
  const found = results.find(
    ({ resultDescription }) => resultDescription !== undefined && resultDescription === row.id,
  );
  const is = (id: string | undefined, other: string | undefined) =>
    id !== undefined && id === other;
  return {
    name: row.name ?? 'Result',
    description: row.description,
    levels: row.rubricCriterionLevel.map(({ id, name, description }) => ({
      name: name ?? '',
      description,
      reached: is(id, found?.achievedLevel),
      required: is(id, row.requiredLevel),
    })),
    value: found?.value && (row.resultType === 'Percent' ? `${found.value} %` : found.value),
    status: found?.status,
  };
}
