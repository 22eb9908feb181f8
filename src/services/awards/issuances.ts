import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentLoader } from '../../credentials/documents.ts';
import { issueCredential, readKeyIds } from '../../credentials/sign/issue.ts';
import type { AchievementCredential } from '../../credentials/types.ts';
import {
  decideRetry,
  maxClaims,
  unavailableMs,
  type Award,
  type Credential,
  type IssuanceState,
} from '../../domain/awards.ts';
import { assertCan, can, scopeOf, systemActor, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ClockGuard } from '../../shared/clock-guard.ts';
import { conflict, notFound, ServiceError } from '../../shared/errors.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { CredentialStore } from '../../storage/credentials.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { ClaimedAward, IssuanceStore } from '../../storage/issuances.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import type { IssuanceLogService } from '../credentials/issuance-log.ts';
import type { SigningKeyService } from '../credentials/signing-keys.ts';

interface Dependencies {
  readonly awards: AwardStore;
  readonly issuances: IssuanceStore;
  readonly credentials: CredentialStore;
  readonly issuanceLog: IssuanceLogService;
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly keys: SigningKeyService;
  readonly audit: AuditService;
  readonly documents: DocumentLoader;
  readonly wake: (award: string) => Promise<void>;
  readonly assertClock: ClockGuard;
  readonly urls: Urls;
  readonly log: Log;
  readonly fault: Fault;
  readonly now: Clock;
}

/** How long a worker that cannot sign leaves the queue to others. */
const restMs = 1_000;

export type IssuanceService = ReturnType<typeof createIssuanceService>;

export function createIssuanceService(dependencies: Dependencies) {
  const { awards, issuances, audit, wake, assertClock, log, fault, now } = dependencies;

  return {
    process,
    get,
    list,
    retry,
    countFailed: issuances.countFailed,
    measure: issuances.measure,
  };

  /**
   * Signs and stores the credential of one award. Safe to repeat and to run twice at once: what is signed was fixed
   * when the award was made, so a second run makes the same bytes and the first ones stay.
   */
  async function process(id: string): Promise<void> {
    // Before it is claimed: a wrong clock is no attempt, and another worker may have a better one.
    await assertClock().catch(async (error: unknown) => {
      await sleep(restMs);
      throw error;
    });
    const claimed = await issuances.claim(id, now());
    if (claimed === undefined) return;
    fault('issuance.claimed');
    try {
      assertHarmless(claimed.award);
      if (!(await signAndLog(dependencies, claimed))) return;
      fault('issuance.logged');
      await issuances.finish(id, now());
      fault('issuance.finished');
      const { awardedAt, issuance } = claimed.award;
      const { attempts, requestedAt } = issuance;
      // The request is known to the second only, and what was imported may have been decided long before.
      const ms = now().getTime() - Math.max(awardedAt.getTime(), requestedAt.getTime());
      log.info({ event: 'credential.issued', award: id, attempts, ms }, 'issued');
    } catch (error) {
      await handleFailure(claimed.award, error);
    }
  }

  async function handleFailure(award: Award, error: unknown): Promise<void> {
    const { attempts } = award.issuance;
    const reason = explain(error);
    const retryAt = isFinal(error) ? undefined : decideRetry(attempts, now());
    // Not the award's fault, and whoever fails at once would take it from those who can sign.
    const isAway = error instanceof ServiceError && error.kind === 'unavailable';
    const event = 'issuance.attempt-failed';
    log.error({ event, award: award.id, attempts, code: reason.code, error }, 'not issued');
    if (isAway) {
      const due = new Date(now().getTime() + unavailableMs);
      await issuances.giveBack(award.id, reason, { due, attempts: attempts - 1 });
      await sleep(restMs);
      return;
    }
    if (retryAt !== undefined) {
      await issuances.giveBack(award.id, reason, { due: retryAt, attempts });
      return;
    }
    await issuances.fail(award.id, reason);
    await audit.record(systemActor(award.organization), {
      action: 'issuance.failed',
      subject: `award:${award.id}`,
      reason: reason.code,
    });
  }

  /** Staff see every issuance of their school, learners their own. */
  async function get(actor: Actor, id: string): Promise<Award> {
    const award = await awards.find(scopeOf(actor), id);
    const visible = can(actor, 'credentials.read-all') || award?.learner === actor.id;
    if (award === undefined || !visible) throw notFound('issuance');
    return award;
  }

  async function list(
    actor: Actor,
    filter: { state?: IssuanceState | undefined },
    page: PageRequest,
  ): Promise<Page<Award>> {
    assertCan(actor, 'credentials.read-all');
    return awards.list(scopeOf(actor), filter, page);
  }

  /** Takes a failed issuance up again. */
  async function retry(actor: Actor, id: string): Promise<Award> {
    assertCan(actor, 'issuances.retry');
    const before = await get(actor, id);
    const award = await issuances.restart(scopeOf(actor), id, now());
    if (award === undefined) {
      throw conflict(
        'issuance.not_failed',
        `Only a failed issuance can be retried; this one is ${before.issuance.state}.`,
      );
    }
    await audit.record(actor, { action: 'issuance.retried', subject: `award:${id}` });
    await wake(id).catch(() => undefined);
    return award;
  }
}

/**
 * Signed, stored, logged, in this order: an issued credential is in the log, and what the log names is stored. A run
 * that was cut short is taken up where it ended.
 * @returns false when another signer was quicker and goes on
 */
async function signAndLog(dependencies: Dependencies, claimed: ClaimedAward): Promise<boolean> {
  const { credentials, issuanceLog, people, fault } = dependencies;
  const scope = scopeOf(claimed.award);
  const earlier = await credentials.find(scope, claimed.award.issuance.credential);
  if (earlier !== undefined && !(await isSpoilt(dependencies, earlier))) {
    await issuanceLog.append(earlier);
    return true;
  }
  if (earlier !== undefined) await credentials.discard(scope, earlier);
  // Erased: there is nobody left to sign for, and the award goes, too.
  if ((await people.find(scope, claimed.award.learner)) === undefined) return false;
  const award = await withSafeKeys(dependencies, claimed.award);
  if (award === undefined) return false;
  fault('issuance.signing');
  const credential = await sign(dependencies, { ...claimed, award });
  fault('issuance.signed');
  if (!(await credentials.add(credential))) return false;
  fault('issuance.stored');
  await issuanceLog.append(credential);
  return true;
}

/**
 * Stored by a run that ended there, and its key was compromised since: nobody was told of it, and it would never
 * verify. What the log has already is issued in all but name and stays.
 */
async function isSpoilt({ keys, issuanceLog }: Dependencies, stored: Credential): Promise<boolean> {
  const used = readKeyIds(stored);
  const spoilt = await Promise.all([used.dataIntegrity, used.jwt].map(keys.isCompromised));
  return spoilt.includes(true) && !(await issuanceLog.has(stored.id));
}

/**
 * A compromised key signs nothing, not even what was promised before: such an issuance gets today's key, in one update
 * that expects the old one. Here, and not where the key is reported, because an award that was being made just then
 * would come too late for that.
 */
async function withSafeKeys(
  { keys, issuances }: Dependencies,
  award: Award,
): Promise<Award | undefined> {
  const from = award.issuance.keys;
  const [isProofKey, isJwtKey] = await Promise.all([
    keys.isCompromised(from.dataIntegrity),
    keys.isCompromised(from.jwt),
  ]);
  if (!isProofKey && !isJwtKey) return award;
  const current = await keys.currentKeys(award.organization);
  const to = {
    dataIntegrity: isProofKey ? current.dataIntegrity : from.dataIntegrity,
    jwt: isJwtKey ? current.jwt : from.jwt,
  };
  if (!(await issuances.exchangeKeys(award.id, { from, to }))) return undefined;
  return { ...award, issuance: { ...award.issuance, keys: to } };
}

async function sign(
  { organizations, people, keys, documents, urls, now }: Dependencies,
  { award, unsigned }: ClaimedAward,
): Promise<Credential> {
  const { issuance, organization, learner, achievement, version } = award;
  const [dataIntegrity, jwt, school, person] = await Promise.all([
    keys.signerOf(issuance.keys.dataIntegrity),
    keys.signerOf(issuance.keys.jwt),
    organizations.find(organization),
    people.find(scopeOf(award), learner),
  ]);
  const signed = await issueCredential(JSON.parse(unsigned) as AchievementCredential, {
    urls,
    signers: { dataIntegrity, jwt },
    created: issuance.requestedAt,
    documentLoader: documents,
  });
  const isOpen = person?.adult === true && school?.policy.adultCredentialVisibility === 'public';
  return {
    id: issuance.credential,
    organization,
    award: award.id,
    learner,
    achievement,
    version,
    ...signed,
    visibility: isOpen ? 'public' : 'private',
    state: 'valid',
    issuedAt: now(),
  };
}

/** An award at which one signer after the other dies is put aside, so that others get theirs. */
function assertHarmless({ issuance }: Award): void {
  if (issuance.attempts <= maxClaims) return;
  throw new ServiceError(
    'unprocessable',
    'issuance.signers_died',
    'Whoever tried to sign this ended before it was done. See the log of the server.',
  );
}

/** What is wrong with the award itself is as wrong the next time. */
function isFinal(error: unknown): boolean {
  return error instanceof ServiceError && error.kind === 'unprocessable';
}

/** Why it failed, for a person: our own errors speak for themselves, others are named by kind only. */
function explain(error: unknown): { code: string; message: string } {
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  return {
    code: 'issuance.unexpected',
    message: 'Signing failed for a technical reason. See the log of the server.',
  };
}
