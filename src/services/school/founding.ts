import { defaultPolicy, type Organization } from '../../domain/organizations.ts';
import { systemActor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, ServiceError } from '../../shared/errors.ts';
import { newId, newSecret, sha256 } from '../../shared/ids.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { ApiKeyService } from './api-keys.ts';
import type { AuditService } from '../audit.ts';

export interface FoundingDependencies {
  readonly organizations: OrganizationStore;
  readonly apiKeys: ApiKeyService;
  readonly audit: AuditService;
  /** Makes the organization's signing keys; safe to repeat. */
  readonly makeKeys: (organization: string) => Promise<void>;
  readonly now: Clock;
}

/** The first organization: by a setting, or by a person with a one-time link. */
export function createFounding({
  organizations,
  apiKeys,
  audit,
  makeKeys,
  now,
}: FoundingDependencies) {
  /** SHA-256 of the one-time set-up token, while there is no organization. */
  let setupToken: string | undefined;
  /** The set-up that is going on: who clicks twice is shown the same key twice. */
  let settingUp: ReturnType<typeof found> | undefined;

  return { found, openSetup, canSetUp, setUp };

  /**
   * Makes the first organization, its keys and an owner API key (`secret`, or a new one). The owner's key is the last
   * step: a founding that was cut short before it is taken up again.
   * @returns undefined when there is an organization already: nothing is changed then
   */
  async function found(name: string, secret?: string) {
    const first: Organization = {
      id: newId(),
      name,
      vocabulary: {},
      policy: defaultPolicy,
      createdAt: now(),
    };
    const isNew = await organizations.addFounding(first);
    const organization = isNew ? first : await resume(name);
    if (organization === undefined) return undefined;
    const system = systemActor(organization.id);
    await audit.record(system, {
      action: 'organization.founded',
      subject: `organization:${organization.id}`,
      key: `organization.founded:${organization.id}`,
    });
    await makeKeys(organization.id);
    const key = await apiKeys.create(system, { name: 'First owner key', roles: ['owner'] }, secret);
    return { organization, secret: key.secret };
  }

  async function resume(name: string): Promise<Organization | undefined> {
    const unfinished = await findUnfinished();
    return unfinished && organizations.update(unfinished.id, { name });
  }

  async function findUnfinished(): Promise<Organization | undefined> {
    const [only, ...others] = await organizations.list();
    if (only === undefined || others.length > 0) return undefined;
    const { items } = await apiKeys.list(systemActor(only.id), { limit: 1 });
    return items.length === 0 ? only : undefined;
  }

  /** A one-time token for the set-up page; undefined when there is an organization already. */
  async function openSetup(): Promise<string | undefined> {
    const isThere = (await organizations.list()).length > 0;
    if (isThere && (await findUnfinished()) === undefined) return undefined;
    const token = newSecret();
    setupToken = sha256(token);
    return token;
  }

  function canSetUp(token: string): boolean {
    return setupToken !== undefined && sha256(token) === setupToken;
  }

  /** What the set-up page does: the first organization with an owner key, once. */
  async function setUp(token: string, name: string) {
    if (!canSetUp(token)) {
      throw new ServiceError(
        'not-found',
        'setup.link_used',
        'This set-up link is not valid any more.',
      );
    }
    settingUp ??= found(name).finally(() => (settingUp = undefined));
    const founded = await settingUp;
    setupToken = undefined;
    if (founded === undefined) throw conflict('setup.done', 'This Cairn is set up already.');
    return founded;
  }
}
