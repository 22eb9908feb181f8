import { isPermitted, type ConsentScope } from '../../domain/consents.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import type { Scope } from '../../domain/roles.ts';
import { forbidden, type ServiceError } from '../../shared/errors.ts';
import { groupBy } from '../../shared/group.ts';
import type { ConsentStore } from '../../storage/consents.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';

export type ConsentCheck = ReturnType<typeof createConsentCheck>;

/** Whether something may be done for a learner as far as their guardians go. */
export function createConsentCheck({
  consents,
  people,
  organizations,
}: {
  consents: Pick<ConsentStore, 'listFor'>;
  people: Pick<PersonStore, 'findMany'>;
  organizations: Pick<OrganizationStore, 'find'>;
}) {
  return { isAllowed, listAllowed, assertAllowed };

  async function isAllowed(scope: Scope, learner: string, what: ConsentScope): Promise<boolean> {
    return (await listAllowed(scope, [learner], what)).has(learner);
  }

  /** Those of them for whom it may be done: adults, and those whose guardians agreed, or were not asked and did not refuse. */
  async function listAllowed(
    scope: Scope,
    learners: readonly string[],
    what: ConsentScope,
  ): Promise<ReadonlySet<string>> {
    const [found, said, organization] = await Promise.all([
      people.findMany(scope, learners),
      consents.listFor(scope, learners, what),
      organizations.find(scope.organization),
    ]);
    const { guardianConsent } = organization?.policy ?? defaultPolicy;
    const saidOf = groupBy(said, ({ learner }) => learner);
    const allowed = found.filter((person) =>
      isPermitted(guardianConsent, person, what, saidOf.get(person.id) ?? []),
    );
    return new Set(allowed.map(({ id }) => id));
  }

  async function assertAllowed(scope: Scope, learner: string, what: ConsentScope): Promise<void> {
    if (!(await isAllowed(scope, learner, what))) throw missingConsent();
  }
}

export function missingConsent(): ServiceError {
  return forbidden(
    'consent.missing',
    'A guardian has to agree to this first, and none of them does.',
  );
}
