import {
  findProfileWarnings,
  type Competency,
  type GraduateProfile,
  type ProfileWarning,
} from '../../domain/graduate-profile.ts';
import type { Organization } from '../../domain/organizations.ts';
import { findRepeats } from '../../domain/requirements.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { usualLanguage } from '../../domain/vocabulary.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid, notFound, type Issue } from '../../shared/errors.ts';
import { newRandomId } from '../../shared/ids.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { CompositionStore } from '../../storage/compositions.ts';
import type { GraduateProfileStore } from '../../storage/graduate-profiles.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { AuditService } from '../audit.ts';
import { assertPublished, type VersionLists } from '../achievements/known-achievements.ts';

export interface ProfileInput {
  readonly competencies: readonly (Omit<Competency, 'id'> & { readonly id?: string | undefined })[];
  readonly learningFramework: string;
  readonly published: boolean;
}

export interface CheckedProfile extends GraduateProfile {
  readonly warnings: readonly ProfileWarning[];
}

/** The profile as everybody may read it. */
export interface PublicProfile {
  readonly organization: Organization;
  readonly language: string;
  readonly learningFramework: string;
  readonly updatedAt: Date;
  readonly competencies: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly credits: readonly {
      readonly id: string;
      readonly name: string;
      readonly description: string;
      readonly tier?: 'foundational' | 'advanced';
    }[];
  }[];
}

interface Dependencies {
  readonly graduateProfiles: GraduateProfileStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly achievements: Pick<AchievementStore, 'list'>;
  readonly compositions: Pick<CompositionStore, 'listAll'>;
  readonly versions: VersionLists;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type GraduateProfileService = ReturnType<typeof createGraduateProfileService>;

export function createGraduateProfileService(dependencies: Dependencies) {
  const { graduateProfiles, audit, now } = dependencies;

  return { put, get, getPublic: (id: string) => getPublic(dependencies, id) };

  async function put(actor: Actor, input: ProfileInput): Promise<CheckedProfile> {
    assertCan(actor, 'curriculum.manage');
    const scope = scopeOf(actor);
    const before = await graduateProfiles.find(scope);
    await assertSound(dependencies, scope, input, before);
    const competencies = input.competencies.map(({ id = newRandomId(), ...rest }) => {
      return { id, ...rest };
    });
    const profile = await graduateProfiles.put(scope, { ...input, competencies, updatedAt: now() });
    await audit.record(actor, {
      action: 'graduate-profile.changed',
      subject: `organization:${actor.organization}`,
      details: { competencies: competencies.length, published: profile.published },
    });
    return check(scope, profile);
  }

  /** What is not published is seen by those who write it, and by other staff. */
  async function get(actor: Actor): Promise<CheckedProfile> {
    assertCan(actor, 'curriculum.read');
    const scope = scopeOf(actor);
    const profile = await graduateProfiles.find(scope);
    const isSeen = profile?.published === true || can(actor, 'achievements.manage');
    if (profile === undefined || !isSeen) throw notFound('graduate_profile');
    return check(scope, profile);
  }

  async function check(scope: Scope, profile: GraduateProfile): Promise<CheckedProfile> {
    const credits = await listCredits(dependencies, scope);
    return { ...profile, warnings: findProfileWarnings(profile, credits) };
  }
}

async function assertSound(
  { versions }: Dependencies,
  scope: Scope,
  { competencies }: ProfileInput,
  before: GraduateProfile | undefined,
): Promise<void> {
  const ids = competencies.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const repeats: Issue[] = [
    ...findRepeats('competencies', ids),
    ...competencies.flatMap(({ credits }, index) =>
      findRepeats(`competencies.${index}.credits`, credits),
    ),
  ];
  if (repeats.length > 0) {
    const message = 'A competency, and each credit in it, is named once.';
    throw invalid('graduate_profile.repeats', message, repeats);
  }
  const places = competencies.flatMap(({ credits }, index) =>
    credits.map((id, place) => ({ id, path: `competencies.${index}.credits.${place}` })),
  );
  const found = await assertPublished(versions, scope, {
    code: 'graduate_profile.unknown_credit',
    places,
    known: new Set(before?.competencies.flatMap(({ credits }) => credits)),
  });
  const others = new Set(
    found.filter(({ kind }) => kind !== 'credit').map(({ achievement }) => achievement),
  );
  const issues = places
    .filter(({ id }) => others.has(id))
    .map(({ path }) => ({ path, message: 'is no credit' }));
  if (issues.length === 0) return;
  const message = 'Only mastery credits serve a competency.';
  throw invalid('graduate_profile.not_a_credit', message, issues);
}

/** Every credit that is awarded now. */
async function listCredits({ achievements, versions }: Dependencies, scope: Scope) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const filter = { kind: 'credit', state: 'published' } as const;
    const page = await achievements.list(scope, filter, { limit: 200, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== undefined);
  const found = await versions.listNewest(scope, ids);
  return found.map(({ achievement: id, name }) => ({ id, name }));
}

/** @throws ServiceError the same whether there is no such school or it has not published its profile */
async function getPublic(
  { graduateProfiles, organizations, versions, compositions }: Dependencies,
  id: string,
): Promise<PublicProfile> {
  const [organization, profile] = await Promise.all([
    organizations.find(id),
    graduateProfiles.findPublished(id),
  ]);
  if (organization === undefined || profile === undefined) throw notFound('learning_framework');
  const scope = scopeOf({ organization: id });
  const [found, composed] = await Promise.all([
    versions.listNewest(scope, [
      ...new Set(profile.competencies.flatMap(({ credits }) => credits)),
    ]),
    compositions.listAll(scope),
  ]);
  const versionOf = new Map(found.map((version) => [version.achievement, version] as const));
  const tierOf = new Map(composed.map((one) => [one.id, one.tier] as const));
  return {
    organization,
    language: usualLanguage(organization),
    learningFramework: profile.learningFramework,
    updatedAt: profile.updatedAt,
    competencies: profile.competencies.map(({ credits, ...competency }) => ({
      ...competency,
      credits: credits.flatMap((credit) => {
        const version = versionOf.get(credit);
        if (version === undefined) return [];
        const tier = tierOf.get(credit);
        const { name, description } = version;
        return [{ id: credit, name, description, ...(tier && { tier }) }];
      }),
    })),
  };
}
