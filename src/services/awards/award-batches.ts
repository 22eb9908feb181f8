import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Award } from '../../domain/awards.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Urls } from '../../shared/urls.ts';
import type { PersonStore } from '../../storage/people.ts';
import { draftAward, type AwardRequest } from './award-drafts.ts';
import type { SigningKeyService } from '../credentials/signing-keys.ts';
import type { StatusListService } from '../credentials/status-lists.ts';

export interface BatchDependencies {
  readonly people: Pick<PersonStore, 'findMany'>;
  readonly keys: Pick<SigningKeyService, 'currentKeys'>;
  readonly statusLists: Pick<StatusListService, 'reserveMany'>;
  readonly urls: Urls;
  readonly now: Clock;
}

export interface VersionedRequest {
  readonly request: AwardRequest;
  readonly version: AchievementVersion;
}

/** An award with what its credential will say, to be written. */
export interface WritableAward {
  readonly award: Award;
  readonly unsigned: string;
}

/** Awards of one school with keys and places, all of them with few reads; who left the school is left out. */
export async function draftAwards(
  { people, keys, statusLists, urls, now }: BatchDependencies,
  scope: Scope,
  organization: Organization,
  requests: readonly VersionedRequest[],
): Promise<readonly WritableAward[]> {
  if (requests.length === 0) return [];
  const ids = [...new Set(requests.map(({ request }) => request.learner))];
  const [found, current, places] = await Promise.all([
    people.findMany(scope, ids),
    keys.currentKeys(scope.organization),
    statusLists.reserveMany(
      scope,
      requests.map(({ request }) => request.credential),
    ),
  ]);
  const learners = new Map(found.map((one) => [one.id, one]));
  const at = now();
  return requests.flatMap(({ request, version }) => {
    const learner = learners.get(request.learner);
    const status = places.get(request.credential);
    if (learner === undefined || status === undefined) return [];
    const parts = { organization, learner, version, keys: current, status, urls, now: at };
    const { award, unsigned } = draftAward(request, parts);
    return [{ award, unsigned: JSON.stringify(unsigned) }];
  });
}
