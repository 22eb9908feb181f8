import { buildAchievementCredential } from '../credentials/build/achievement-credential.ts';
import { lintCredential } from '../credentials/build/lint.ts';
import { isAwardedByHand, type AchievementVersion } from '../domain/achievements.ts';
import type { Award, AwardSource } from '../domain/awards.ts';
import type { Person } from '../domain/people.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../domain/roles.ts';
import { defaultPolicy, type OrganizationPolicy } from '../domain/organizations.ts';
import { countReaders } from '../domain/reviews.ts';
import { checkResults, decideRubric, type Result } from '../domain/rubrics.ts';
import type { Evidence } from '../domain/submissions.ts';
import type { Clock } from '../shared/clock.ts';
import type { Fault } from '../shared/faults.ts';
import { conflict, forbidden, invalid, notFound, ServiceError } from '../shared/errors.ts';
import { defined } from '../shared/defined.ts';
import { newId, newRandomId, newSecret } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import type { Urls } from '../shared/urls.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { OrganizationStore } from '../storage/organizations.ts';
import type { PersonStore } from '../storage/people.ts';
import type { AuditService } from './audit.ts';
import type { SigningKeyService } from './signing-keys.ts';
import type { StatusListService } from './status-lists.ts';

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
}

export interface DirectAward {
  readonly learner: string;
  readonly achievement: string;
  readonly narrative?: string | undefined;
  readonly evidence: readonly {
    readonly name: string;
    readonly narrative?: string | undefined;
    readonly url?: string | undefined;
  }[];
  readonly results: readonly Omit<Result, 'id'>[];
}

/** What awards need of the achievements. */
export interface AchievementVersions {
  /** The newest published version of an achievement that is not retired. */
  findCurrent(scope: Scope, achievement: string): Promise<AchievementVersion | undefined>;
  findVersion(
    scope: Scope,
    achievement: string,
    version: number,
  ): Promise<AchievementVersion | undefined>;
}

interface Dependencies {
  readonly awards: AwardStore;
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly versions: AchievementVersions;
  readonly keys: SigningKeyService;
  readonly statusLists: StatusListService;
  readonly audit: AuditService;
  /** Rings for the signer. May fail: the outbox rings again. */
  readonly wake: (award: string) => Promise<void>;
  readonly urls: Urls;
  readonly log: Log;
  readonly fault: Fault;
  readonly now: Clock;
}

export type AwardService = ReturnType<typeof createAwardService>;

export function createAwardService(dependencies: Dependencies) {
  const { awards, organizations, people, versions, audit, wake, log, fault, now } = dependencies;

  return { request, awardDirectly, hasLive };

  /**
   * Writes the award together with everything its credential will say: from here on it cannot be lost.
   * Safe to repeat with the same ids.
   */
  async function request(
    actor: Actor,
    input: AwardRequest,
  ): Promise<'requested' | 'already-awarded'> {
    const scope = scopeOf(actor);
    if ((await awards.find(scope, input.id)) === undefined) {
      const { award, unsigned } = await prepare(dependencies, scope, input);
      fault('award.prepared');
      const added = await awards.add(award, unsigned);
      fault('award.written');
      if (!added && (await awards.find(scope, input.id)) === undefined) return 'already-awarded';
    }
    await audit.record(actor, {
      action: 'award.made',
      subject: `award:${input.id}`,
      details: {
        achievement: input.achievement,
        learner: input.learner,
        source: input.source.kind,
      },
      key: `award.made:${input.id}`,
    });
    await wake(input.id).catch((error: unknown) => {
      log.warn({ award: input.id, error }, 'the queue did not answer; the outbox will ring again');
    });
    return 'requested';
  }

  /** A teacher awards without a submission: with evidence or a narrative, and results where there is a rubric. */
  async function awardDirectly(actor: Actor, input: DirectAward): Promise<Award> {
    assertCan(actor, 'awards.create');
    const scope = scopeOf(actor);
    const [organization, learner, version] = await Promise.all([
      organizations.find(scope.organization),
      people.find(scope, input.learner),
      versions.findCurrent(scope, input.achievement),
    ]);
    if (learner?.roles.includes('learner') !== true) throw notFound('learner');
    if (version === undefined) throw notFound('achievement');
    assertAwardable(actor, input, version);
    assertReaders(actor, version, organization?.policy ?? defaultPolicy);
    if (await hasLive(scope, learner.id, version.achievement)) throw exists();
    const id = newId();
    const outcome = await request(actor, {
      id,
      credential: newRandomId(),
      learner: learner.id,
      achievement: version.achievement,
      version: version.number,
      source: { kind: 'direct' },
      awardedBy: actor.id,
      awardedAt: now(),
      narrative: input.narrative,
      evidence: input.evidence.map((item) => defined({ ...item, id: newRandomId() })),
      results: input.results.map((result) => ({ ...result, id: newRandomId() })),
    });
    if (outcome === 'already-awarded') throw exists();
    const award = await awards.find(scope, id);
    if (award === undefined) throw notFound('award');
    return award;
  }

  async function hasLive(scope: Scope, learner: string, achievement: string): Promise<boolean> {
    return (await awards.findLive(scope, learner, achievement)) !== undefined;
  }
}

function assertAwardable(actor: Actor, input: DirectAward, version: AchievementVersion): void {
  if (actor.id === input.learner)
    throw forbidden('award.own', 'Nobody can award an achievement to themselves.');
  if (!isAwardedByHand(version.kind)) {
    throw forbidden('award.level_by_rule', 'A level is certified by its rule, never by hand.');
  }
  if (input.narrative === undefined && input.evidence.length === 0) {
    throw invalid('award.no_grounds', 'Say why: give evidence or a narrative.');
  }
  assertResults(version, input.results);
}

function assertResults({ rubric }: AchievementVersion, results: DirectAward['results']): void {
  const issues = checkResults(rubric, results);
  if (issues.length > 0) {
    throw invalid(
      'award.bad_results',
      'The results do not fit the rubric of this achievement.',
      issues,
    );
  }
  const { below } = decideRubric(rubric, results);
  if (below.length === 0) return;
  throw new ServiceError(
    'unprocessable',
    'award.below_required',
    'Not every criterion is at its required level yet, so this cannot be awarded.',
    { issues: below.map(({ name }) => ({ path: name, message: 'is below its required level' })) },
  );
}

/** What takes two readers is nobody's to award alone, but for those who may override. */
function assertReaders(
  actor: Actor,
  version: AchievementVersion,
  { secondReader }: OrganizationPolicy,
): void {
  if (countReaders(secondReader, version) === 1 || can(actor, 'submissions.override')) return;
  throw forbidden(
    'award.second_reader_needed',
    'This takes two readers. Hand the work in as a submission, so that somebody else reads it too.',
  );
}

function exists(): ServiceError {
  return conflict('award.exists', 'This learner holds this achievement already.');
}

/** Fixes everything that the signature will cover: dates, keys, status index, and the text itself. */
async function prepare(
  { organizations, people, versions, keys: signingKeys, statusLists, urls, now }: Dependencies,
  scope: Scope,
  { credential, ...input }: AwardRequest,
): Promise<{ award: Award; unsigned: string }> {
  const [organization, learner, version] = await Promise.all([
    organizations.find(scope.organization),
    people.find(scope, input.learner),
    versions.findVersion(scope, input.achievement, input.version),
  ]);
  if (organization === undefined) throw notFound('organization');
  if (learner === undefined) throw notFound('learner');
  if (version === undefined) throw notFound('achievement');
  const [keys, status] = await Promise.all([
    signingKeys.currentKeys(scope.organization),
    statusLists.reserveEntries(scope, credential),
  ]);
  const { narrative, ...rest } = input;
  const award: Award = {
    ...rest,
    ...(narrative === undefined ? {} : { narrative }),
    organization: organization.id,
    state: 'live',
    issuance: {
      state: 'requested',
      attempts: 0,
      credential,
      keys,
      status,
      requestedAt: wholeSecond(now()),
    },
  };
  const unsigned = buildAchievementCredential({
    urls,
    organization,
    version,
    award: { ...award, evidence: award.evidence.map((item) => withoutStory(item, learner)) },
    recipient: recipientOf(learner),
  });
  // Whoever awards is told at once. An approval stands: should it be unsignable, its issuance fails where staff see it.
  if (input.source.kind === 'direct') assertSignable(unsigned);
  return { award, unsigned: JSON.stringify(unsigned) };
}

function assertSignable(unsigned: object): void {
  const issues = lintCredential(unsigned);
  if (issues.length === 0) return;
  throw new ServiceError(
    'unprocessable',
    'credential.not_conformant',
    'No credential can be made of this award.',
    { issues },
  );
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
