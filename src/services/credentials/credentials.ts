import type { Credential } from '../../domain/awards.ts';
import { can, scopeOf, systemActor, type Actor, type Scope } from '../../domain/roles.ts';
import { forbidden, gone, notFound, type ServiceError } from '../../shared/errors.ts';
import type { CredentialFilter, CredentialStore } from '../../storage/credentials.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { ErasureStore } from '../../storage/erasures.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { missingConsent, type ConsentCheck } from '../school/consent-check.ts';
import { maySeeLearner } from '../school/learner-visibility.ts';

export type CredentialService = ReturnType<typeof createCredentialService>;

export function createCredentialService({
  credentials,
  people,
  erasures,
  consentCheck,
  audit,
}: {
  credentials: CredentialStore;
  people: Pick<PersonStore, 'find'>;
  erasures: Pick<ErasureStore, 'hasCredential'>;
  consentCheck: ConsentCheck;
  audit: AuditService;
}) {
  return { get, findPublic, getPublic, list, setVisibility, closeAllOf };

  /** Staff see every credential of their school, learners their own, guardians those of their learners. */
  async function get(actor: Actor, id: string): Promise<Credential> {
    const credential = await credentials.find(scopeOf(actor), id);
    if (credential === undefined) throw await absent(id);
    if (!(await maySeeLearner(people, actor, credential.learner))) throw notFound('credential');
    return credential;
  }

  /** For strangers: private, foreign and absent look the same. Who knows the id of an erased one is told. */
  async function getPublic(id: string): Promise<Credential> {
    const credential = await findPublic(id);
    if (credential === undefined) throw await absent(id);
    return credential;
  }

  /** What its learner opened, as long as nobody has to agree who did not. */
  async function findPublic(id: string): Promise<Credential | undefined> {
    const credential = await credentials.findPublic(id);
    if (credential === undefined) return undefined;
    const { learner } = credential;
    const isOpen = await consentCheck.isAllowed(scopeOf(credential), learner, 'public');
    return isOpen ? credential : undefined;
  }

  async function absent(id: string): Promise<ServiceError> {
    if (!(await erasures.hasCredential(id))) return notFound('credential');
    return gone(
      'credential.erased',
      'This credential was erased together with everything else about its learner, and does not count any more.',
    );
  }

  async function list(
    actor: Actor,
    filter: CredentialFilter,
    page: PageRequest,
  ): Promise<Page<Credential>> {
    const { learner = can(actor, 'people.read') ? undefined : actor.id } = filter;
    if (learner !== undefined && !(await maySeeLearner(people, actor, learner)))
      throw notFound('learner');
    return credentials.list(scopeOf(actor), { ...filter, learner }, page);
  }

  /** Opens a credential to the world or closes it: its learner's decision; an administrator may act for them. */
  async function setVisibility(
    actor: Actor,
    id: string,
    visibility: Credential['visibility'],
  ): Promise<Credential> {
    const before = await get(actor, id);
    if (before.learner !== actor.id && !can(actor, 'credentials.publish-all')) {
      throw forbidden(
        'credential.not_yours',
        'Only its learner or an administrator can make a credential public or private.',
      );
    }
    const scope = scopeOf(actor);
    const isAllowed = () => consentCheck.isAllowed(scope, before.learner, 'public');
    if (visibility === 'public' && !(await isAllowed())) throw missingConsent();
    const credential = await credentials.setVisibility(scope, id, visibility);
    if (credential === undefined) throw notFound('credential');
    // Taken back while this was under way: whoever took it back may have been too early to close this one.
    if (visibility === 'public' && !(await isAllowed())) {
      await credentials.setVisibility(scope, id, 'private');
      throw missingConsent();
    }
    const action = visibility === 'public' ? 'credential.published' : 'credential.unpublished';
    await audit.record(actor, { action, subject: `credential:${id}` });
    return credential;
  }

  /** Nothing of this learner is public any more. */
  async function closeAllOf(scope: Scope, learner: string): Promise<void> {
    for (const id of await credentials.listPublicOf(scope, learner)) {
      await credentials.setVisibility(scope, id, 'private');
      await audit.record(systemActor(scope.organization), {
        action: 'credential.unpublished',
        subject: `credential:${id}`,
      });
    }
  }
}
