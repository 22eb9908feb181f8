import type { DocumentLoader } from '../credentials/documents.ts';
import { issueCredential } from '../credentials/sign/issue.ts';
import type { AchievementCredential } from '../credentials/types.ts';
import { decideRetry, type Award, type Credential, type IssuanceState } from '../domain/awards.ts';
import { assertCan, can, scopeOf, systemActor, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, notFound, ServiceError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Urls } from '../shared/urls.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { CredentialStore } from '../storage/credentials.ts';
import type { Page, PageRequest } from '../storage/document.ts';
import type { ClaimedAward, IssuanceStore } from '../storage/issuances.ts';
import type { OrganizationStore } from '../storage/organizations.ts';
import type { PersonStore } from '../storage/people.ts';
import type { AuditService } from './audit.ts';
import type { SigningKeyService } from './signing-keys.ts';

interface Dependencies {
  readonly awards: AwardStore;
  readonly issuances: IssuanceStore;
  readonly credentials: CredentialStore;
  readonly organizations: OrganizationStore;
  readonly people: PersonStore;
  readonly keys: SigningKeyService;
  readonly audit: AuditService;
  readonly documents: DocumentLoader;
  readonly wake: (award: string) => Promise<void>;
  readonly urls: Urls;
  readonly log: Log;
  readonly now: Clock;
}

export type IssuanceService = ReturnType<typeof createIssuanceService>;

export function createIssuanceService(dependencies: Dependencies) {
  const { awards, issuances, audit, wake, log, now } = dependencies;

  return { process, get, list, retry, countFailed: issuances.countFailed };

  /**
   * Signs and stores the credential of one award. Safe to repeat and to run twice at once: what is signed was fixed
   * when the award was made, so a second run makes the same bytes and the first ones stay.
   */
  async function process(id: string): Promise<void> {
    const claimed = await issuances.claim(id, now());
    if (claimed === undefined) return;
    try {
      await signAndStore(dependencies, claimed);
      await issuances.finish(id, now());
      log.info(
        { event: 'credential.issued', award: id, attempts: claimed.award.issuance.attempts },
        'issued',
      );
    } catch (error) {
      await handleFailure(claimed.award, error);
    }
  }

  async function handleFailure(award: Award, error: unknown): Promise<void> {
    const { attempts } = award.issuance;
    const reason = explain(error);
    const retryAt = decideRetry(attempts, now());
    log.error({ award: award.id, attempts, code: reason.code, error }, 'issuance failed');
    if (retryAt !== undefined) {
      await issuances.giveBack(award.id, reason, retryAt);
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

async function signAndStore(
  { credentials, organizations, people, keys, documents, urls, now }: Dependencies,
  { award, unsigned }: ClaimedAward,
): Promise<void> {
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
  const credential: Credential = {
    id: issuance.credential,
    organization,
    award: award.id,
    learner,
    achievement,
    version,
    ...signed,
    visibility: isOpen ? 'public' : 'private',
    issuedAt: now(),
  };
  await credentials.add(credential);
}

/** Why it failed, for a person: our own errors speak for themselves, others are named by kind only. */
function explain(error: unknown): { code: string; message: string } {
  if (error instanceof ServiceError) return { code: error.code, message: error.message };
  return {
    code: 'issuance.unexpected',
    message: 'Signing failed for a technical reason. See the log of the server.',
  };
}
