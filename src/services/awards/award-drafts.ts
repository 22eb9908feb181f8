import { buildAchievementCredential } from '../../credentials/build/achievement-credential.ts';
import { lintCredential } from '../../credentials/build/lint.ts';
import type { AchievementCredential } from '../../credentials/types.ts';
import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Award, AwardSource, Issuance, LevelGrounds } from '../../domain/awards.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import type { Result } from '../../domain/rubrics.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { ServiceError } from '../../shared/errors.ts';
import { defined } from '../../shared/defined.ts';
import { newId, newRandomId, newSecret } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AuditEntry } from '../audit.ts';
import type { DirectAward } from './award-rules.ts';

/** An award as it is decided; the ids may be fixed by whoever decided, so that asking twice makes one award. */
export interface AwardRequest {
  readonly id: string;
  readonly credential: string;
  readonly learner: string;
  readonly achievement: string;
  readonly version: number;
  readonly source: AwardSource;
  readonly awardedBy: string;
  readonly awardedAt: Date;
  readonly narrative?: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly results: readonly Result[];
  /** Of a level that its rule certifies. */
  readonly grounds?: LevelGrounds | undefined;
}

/** A decision to award by hand, with ids of its own. */
export function requestOf(
  input: DirectAward,
  {
    version,
    ...decision
  }: Pick<AwardRequest, 'source' | 'awardedBy' | 'awardedAt'> & {
    readonly version: AchievementVersion;
  },
): AwardRequest {
  return {
    ...decision,
    id: newId(),
    credential: newRandomId(),
    learner: input.learner,
    achievement: version.achievement,
    version: version.number,
    narrative: input.narrative,
    evidence: input.evidence.map((item) => defined({ ...item, id: newRandomId() })),
    results: input.results.map((result) => ({ ...result, id: newRandomId() })),
  };
}

export interface AwardDraft {
  readonly award: Award;
  /** What will be signed. */
  readonly unsigned: AchievementCredential;
}

/** Fixes everything that the signature will cover: dates, keys, status index, and the text itself. */
export function draftAward(
  { credential, ...input }: AwardRequest,
  {
    organization,
    learner,
    version,
    keys,
    status,
    urls,
    now,
  }: Pick<Issuance, 'keys' | 'status'> & {
    readonly organization: Organization;
    readonly learner: Person;
    readonly version: AchievementVersion;
    readonly urls: Urls;
    readonly now: Date;
  },
): AwardDraft {
  const { narrative, grounds, ...rest } = input;
  const award: Award = {
    ...rest,
    ...(narrative === undefined ? {} : { narrative }),
    ...(grounds === undefined ? {} : { grounds }),
    organization: organization.id,
    state: 'live',
    issuance: {
      state: 'requested',
      attempts: 0,
      credential,
      keys,
      status,
      requestedAt: wholeSecond(now),
    },
  };
  const unsigned = buildAchievementCredential({
    urls,
    organization,
    version,
    award: { ...award, evidence: award.evidence.map((item) => withoutStory(item, learner)) },
    recipient: recipientOf(learner),
  });
  return { award, unsigned };
}

/** Whoever awards by hand is told at once when no credential can come of it. */
export function assertSignable(unsigned: AchievementCredential): void {
  const issues = lintCredential(unsigned);
  if (issues.length === 0) return;
  throw new ServiceError(
    'unprocessable',
    'credential.not_conformant',
    'No credential can be made of this award.',
    { issues },
  );
}

/** How the audit log tells of an award. */
export function awardMade({
  id,
  achievement,
  learner,
  source,
}: Pick<Award, 'id' | 'achievement' | 'learner' | 'source'>): AuditEntry {
  return {
    action: 'award.made',
    subject: `award:${id}`,
    ...('overrideReason' in source ? { reason: source.overrideReason } : {}),
    details: { achievement, learner, source: source.kind },
    key: `award.made:${id}`,
  };
}

function recipientOf({ name, email }: Person) {
  return {
    subject: newRandomId(),
    name,
    ...(email === undefined ? {} : { email: { address: email, salt: newSecret().slice(0, 22) } }),
  };
}

/** What a minor wrote about their work stays at school: the credential names the evidence and vouches for the file. */
function withoutStory({ narrative, ...evidence }: Evidence, { adult }: Person): Evidence {
  return adult && narrative !== undefined ? { ...evidence, narrative } : evidence;
}

/** Credentials carry whole seconds, and a JWT's `nbf` must equal `validFrom`. */
function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1_000) * 1_000);
}
