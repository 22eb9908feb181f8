import { findLetters, summarizeFlag } from '../../domain/letters/letters.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import { can, listOwn, maySeePerson, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { FlagState, SupportFlag } from '../../domain/support-flags.ts';
import { notFound } from '../../shared/errors.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';

/** A flag as one reader may see it; without `staff` the log and what came of it stay with the school. */
export interface SeenFlag {
  readonly flag: SupportFlag;
  readonly summary: string;
  readonly ownerName?: string | undefined;
  readonly staff: boolean;
}

interface Wanted {
  readonly state?: FlagState | undefined;
  readonly learner?: string | undefined;
  readonly owner?: string | undefined;
}

export interface SupportFlagViewDependencies {
  readonly supportFlags: Pick<SupportFlagStore, 'find' | 'list'>;
  readonly people: Pick<PersonStore, 'find' | 'findMany'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly achievements: Pick<AchievementStore, 'findMany'>;
  /** Whether this mentor was asked to help with this flag. */
  readonly isAsked: (scope: Scope, mentor: string, flag: string) => Promise<boolean>;
}

/** Which flags somebody sees, and what of them. */
export function createSupportFlagViews({
  supportFlags,
  people,
  organizations,
  achievements,
  isAsked,
}: SupportFlagViewDependencies) {
  return { list, get, see };

  /** Staff see all; learners and guardians theirs, where the school shows them. */
  async function list(actor: Actor, wanted: Wanted, page: PageRequest): Promise<Page<SeenFlag>> {
    const scope = scopeOf(actor);
    const { state, owner, learner } = wanted;
    const learners = await findVisible(actor, learner);
    if (learners?.length === 0) return { items: [] };
    const found = await supportFlags.list(scope, { state, owner, learners }, page);
    return { ...found, items: await seeMany(actor, found.items) };
  }

  /** Undefined: everybody. */
  async function findVisible(
    actor: Actor,
    learner: string | undefined,
  ): Promise<readonly string[] | undefined> {
    if (can(actor, 'people.read')) return learner === undefined ? undefined : [learner];
    const self = await people.find(scopeOf(actor), actor.id);
    if (learner !== undefined && !maySeePerson(actor, learner, self?.guardianOf)) {
      throw notFound('learner');
    }
    if (!(await isShown(actor))) return [];
    if (learner !== undefined) return [learner];
    return listOwn(actor, self?.guardianOf);
  }

  async function isShown({ organization }: Actor): Promise<boolean> {
    const { support } = (await organizations.find(organization))?.policy ?? defaultPolicy;
    return support.visibleToFamily;
  }

  async function get(actor: Actor, id: string): Promise<SeenFlag> {
    const flag = await supportFlags.find(scopeOf(actor), id);
    if (flag === undefined || !(await maySee(actor, flag))) throw notFound('support_flag');
    return see(actor, flag);
  }

  async function maySee(actor: Actor, { id, learner }: SupportFlag): Promise<boolean> {
    const scope = scopeOf(actor);
    if (can(actor, 'support.manage')) return true;
    if (actor.roles.includes('mentor') && (await isAsked(scope, actor.id, id))) return true;
    const self = await people.find(scope, actor.id);
    return maySeePerson(actor, learner, self?.guardianOf) && (await isShown(actor));
  }

  async function see(actor: Actor, flag: SupportFlag): Promise<SeenFlag> {
    const [seen] = await seeMany(actor, [flag]);
    if (seen === undefined) throw notFound('support_flag');
    return seen;
  }

  async function seeMany(actor: Actor, flags: readonly SupportFlag[]): Promise<SeenFlag[]> {
    const scope = scopeOf(actor);
    const ids = flags.flatMap(({ achievement, previous }) => [achievement ?? [], previous ?? []]);
    const [named, owners, letters] = await Promise.all([
      achievements.findMany(scope, [...new Set(ids.flat())]),
      people.findMany(scope, [...new Set(flags.flatMap(({ owner }) => owner ?? []))]),
      loadLetters(actor),
    ]);
    const nameOf = (id: string | undefined) => named.find((one) => one.id === id)?.draft.name;
    return flags.map((flag) => {
      const ownerName = owners.find(({ id }) => id === flag.owner)?.name;
      const names = {
        achievement: nameOf(flag.achievement),
        previous: nameOf(flag.previous),
        owner: ownerName,
      };
      const staff = can(actor, 'support.manage');
      return { flag, summary: summarizeFlag(letters, flag, names), ownerName, staff };
    });
  }

  /** In the reader's language, else the school's, and in its words. */
  async function loadLetters(actor: Actor) {
    const [self, organization] = await Promise.all([
      people.find(scopeOf(actor), actor.id),
      organizations.find(actor.organization),
    ]);
    return findLetters(organization, self?.language);
  }
}
