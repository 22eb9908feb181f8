import type { Organization } from '../../domain/organizations.ts';
import { findUnknownTerms, terms, type VocabularyChanges } from '../../domain/vocabulary.ts';
import { assertCan, scopeOf, systemActor, type Actor } from '../../domain/roles.ts';
import type { RollUpPolicy } from '../../domain/roll-ups.ts';
import { defined } from '../../shared/defined.ts';
import { invalid, notFound, ServiceError } from '../../shared/errors.ts';
import type { LearningStore } from '../../storage/learning.ts';
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

export function createOrganizationService(
  dependencies: FoundingDependencies & {
    readonly learning: Pick<LearningStore, 'listFrameworks'>;
  },
) {
  const { organizations, learning, audit } = dependencies;

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
    await assertFrameworks(actor, changes.policy?.rollUp);
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

  /** A rule for a framework that there is not would be silent for ever. */
  async function assertFrameworks(actor: Actor, rollUp: RollUpPolicy | undefined): Promise<void> {
    const named = Object.keys(rollUp?.frameworks ?? {});
    if (named.length === 0) return;
    const known = new Set((await learning.listFrameworks(scopeOf(actor))).map(({ id }) => id));
    const unknown = named.filter((id) => !known.has(id)).slice(0, 10);
    if (unknown.length === 0) return;
    throw invalid(
      'roll_up.unknown_framework',
      'A rule is for a framework that your school does not have.',
      unknown.map((id) => ({
        path: `policy.rollUp.frameworks.${id}`,
        message: 'must be the id of one of your frameworks',
      })),
    );
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
