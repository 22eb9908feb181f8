import type { Organization } from '../domain/organizations.ts';
import { findUnknownTerms, terms, type VocabularyChanges } from '../domain/vocabulary.ts';
import { assertCan, systemActor, type Actor } from '../domain/roles.ts';
import { defined } from '../shared/defined.ts';
import { invalid, notFound, ServiceError } from '../shared/errors.ts';
import { createFounding, type FoundingDependencies } from './founding.ts';

export type OrganizationChanges = {
  readonly [
    K in keyof Pick<Organization, 'name' | 'description' | 'url' | 'email' | 'languages'>
  ]?: Organization[K] | undefined;
} & {
  readonly vocabulary?: VocabularyChanges | undefined;
  readonly masteryPolicy?: Readonly<Record<string, string | null>> | undefined;
  readonly policy?:
    | { readonly [K in keyof Organization['policy']]?: Organization['policy'][K] | undefined }
    | undefined;
};

export type OrganizationService = ReturnType<typeof createOrganizationService>;

export function createOrganizationService(dependencies: FoundingDependencies) {
  const { organizations, audit } = dependencies;

  return {
    ...createFounding(dependencies),
    operator,
    get,
    update,
  };

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
    assertTerms(changes.vocabulary ?? {});
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

function assertTerms(changes: VocabularyChanges): void {
  const unknown = findUnknownTerms(changes);
  if (unknown.length === 0) return;
  throw new ServiceError(
    'invalid',
    'vocabulary.unknown_term',
    `Cairn has no such term: ${unknown.slice(0, 10).join(', ')}. The terms are ${terms.join(', ')}.`,
    { members: { terms } },
  );
}
