import { defaultPolicy, type Organization } from '../domain/organizations.ts';
import { assertCan, systemActor, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { defined } from '../shared/defined.ts';
import { conflict, invalid, notFound, ServiceError } from '../shared/errors.ts';
import { newId, newSecret, sha256 } from '../shared/ids.ts';
import type { OrganizationStore } from '../storage/organizations.ts';
import type { ApiKeyService } from './api-keys.ts';
import type { AuditService } from './audit.ts';

export type OrganizationChanges = {
  readonly [
    K in keyof Pick<Organization, 'name' | 'description' | 'url' | 'email' | 'vocabulary'>
  ]?: Organization[K] | undefined;
} & {
  readonly policy?:
    | { readonly [K in keyof Organization['policy']]?: Organization['policy'][K] | undefined }
    | undefined;
};

export type OrganizationService = ReturnType<typeof createOrganizationService>;

export function createOrganizationService({
  organizations,
  apiKeys,
  audit,
  makeKeys,
  now,
}: {
  organizations: OrganizationStore;
  apiKeys: ApiKeyService;
  audit: AuditService;
  /** Makes the organization's signing keys; safe to repeat. */
  makeKeys: (organization: string) => Promise<void>;
  now: Clock;
}) {
  /** SHA-256 of the one-time set-up token, while there is no organization. */
  let setupToken: string | undefined;

  return { found, openSetup, canSetUp, setUp, operator, get, update };

  /**
   * Makes the first organization, its keys and an owner API key (`secret`, or a new one).
   * @returns undefined when there is an organization already: nothing is changed then
   */
  async function found(name: string, secret?: string) {
    const organization: Organization = {
      id: newId(),
      name,
      vocabulary: {},
      policy: defaultPolicy,
      createdAt: now(),
    };
    if (!(await organizations.addFounding(organization))) return undefined;
    const system = systemActor(organization.id);
    await audit.record(system, {
      action: 'organization.founded',
      subject: `organization:${organization.id}`,
    });
    await makeKeys(organization.id);
    const key = await apiKeys.create(system, { name: 'First owner key', roles: ['owner'] }, secret);
    return { organization, secret: key.secret };
  }

  /** A one-time token for the set-up page; undefined when there is an organization already. */
  async function openSetup(): Promise<string | undefined> {
    if ((await organizations.list()).length > 0) return undefined;
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
    const founded = await found(name);
    setupToken = undefined;
    if (founded === undefined) throw conflict('setup.done', 'This Cairn is set up already.');
    return founded;
  }

  /** Whoever runs commands on the server, acting for this school (`id` may be left out when there is only one). */
  async function operator(id?: string): Promise<Actor> {
    const all = await organizations.list();
    const chosen = id === undefined ? all : all.filter((organization) => organization.id === id);
    const [only, ...others] = chosen;
    if (only === undefined) throw notFound('organization');
    if (others.length > 0) {
      throw invalid(
        'organization.which',
        'There is more than one school: say which one with --organization.',
      );
    }
    return systemActor(only.id);
  }

  async function get(actor: Actor): Promise<Organization> {
    assertCan(actor, 'organization.read');
    const organization = await organizations.find(actor.organization);
    if (organization === undefined) throw notFound('organization');
    return organization;
  }

  async function update(actor: Actor, changes: OrganizationChanges): Promise<Organization> {
    assertCan(actor, 'organization.manage');
    const { policy, ...rest } = changes;
    const given = defined(rest);
    const givenPolicy = defined(policy ?? {});
    const organization = await organizations.update(actor.organization, {
      ...given,
      policy: givenPolicy,
    });
    if (organization === undefined) throw notFound('organization');
    const fields = [...Object.keys(given), ...Object.keys(givenPolicy)].join(' ');
    await audit.record(actor, {
      action: 'organization.changed',
      subject: `organization:${actor.organization}`,
      details: { fields },
    });
    return organization;
  }
}
