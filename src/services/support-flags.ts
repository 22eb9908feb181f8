import { defaultPolicy } from '../domain/organizations.ts';
import { findLetters, summarizeFlag } from '../domain/letters/letters.ts';
import { assertCan, can, maySeePerson, scopeOf, type Actor, type Scope } from '../domain/roles.ts';
import {
  assertActive,
  buildFlag,
  type FlagState,
  type SupportFlag,
} from '../domain/support-flags.ts';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, invalid, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { AchievementStore } from '../storage/achievements.ts';
import type { Page, PageRequest } from '../storage/document.ts';
import type { OrganizationStore } from '../storage/organizations.ts';
import type { PersonStore } from '../storage/people.ts';
import type { SupportFlagStore } from '../storage/support-flags.ts';
import type { AuditService } from './audit.ts';
import { describeRaised } from './support-job.ts';

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

interface Dependencies {
  readonly supportFlags: SupportFlagStore;
  readonly people: Pick<PersonStore, 'find' | 'findMany'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly achievements: Pick<AchievementStore, 'findMany'>;
  /** Whether this mentor was asked to help with this flag. */
  readonly isAsked: (scope: Scope, mentor: string, flag: string) => Promise<boolean>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type SupportFlagService = ReturnType<typeof createSupportFlagService>;

export function createSupportFlagService(dependencies: Dependencies) {
  const { supportFlags, people, organizations, isAsked, audit, now } = dependencies;

  return { raise, list, get, take, log, resolve, note };

  /** Somebody at school saw something that no rule sees. */
  async function raise(
    actor: Actor,
    input: { learner: string; text: string; achievement?: string | undefined },
  ): Promise<SeenFlag> {
    assertCan(actor, 'support.manage');
    const scope = scopeOf(actor);
    await assertLearner(scope, input.learner);
    const { learner, achievement, text } = input;
    if (achievement !== undefined) await assertAchievement(scope, achievement);
    const fact = {
      kind: 'by-hand' as const,
      ...(achievement === undefined ? {} : { achievement }),
    };
    const at = now();
    const log = [{ id: newId(), by: actor.id, at, text }];
    const names = { organization: actor.organization, learner };
    const flag = buildFlag(newId(), names, fact, { by: actor, at, log });
    if ((await supportFlags.addMany([flag])).size === 0) {
      throw conflict(
        'support_flag.exists',
        'There is a flag about this already: write into its log instead.',
      );
    }
    await audit.record(actor, describeRaised(flag));
    await supportFlags.markTold(scope, [flag.id]);
    return see(actor, flag);
  }

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
    return [actor.id, ...(actor.roles.includes('guardian') ? (self?.guardianOf ?? []) : [])];
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

  /** From now on this person looks after it; somebody else may take it over. */
  async function take(actor: Actor, id: string): Promise<SeenFlag> {
    await getActive(actor, id);
    if (actor.kind !== 'person') {
      throw invalid(
        'support_flag.person_needed',
        'A flag is taken by a person: use the API key of somebody.',
      );
    }
    const flag = await supportFlags.take(scopeOf(actor), id, { owner: actor.id, at: now() });
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, { action: 'support-flag.taken', subject: `support-flag:${id}` });
    return see(actor, flag);
  }

  async function log(actor: Actor, id: string, text: string): Promise<SeenFlag> {
    await getActive(actor, id);
    const entry = { id: newId(), by: actor.id, at: now(), text };
    const flag = await supportFlags.addToLog(scopeOf(actor), id, entry);
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, {
      action: 'support-flag.logged',
      subject: `support-flag:${id}`,
      details: { entry: entry.id },
    });
    return see(actor, flag);
  }

  async function resolve(actor: Actor, id: string, outcome: string): Promise<SeenFlag> {
    await getActive(actor, id);
    const resolvedBy = { kind: actor.kind, id: actor.id };
    const changes = { resolvedAt: now(), resolvedBy, resolution: 'by-person', outcome } as const;
    const flag = await supportFlags.resolve(scopeOf(actor), id, changes);
    if (flag === undefined) throw notFound('support_flag');
    await audit.record(actor, {
      action: 'support-flag.resolved',
      subject: `support-flag:${id}`,
      details: { resolution: 'by-person' },
      key: `support-flag.resolved:${id}`,
    });
    return see(actor, flag);
  }

  /** A line of Cairn's own in the log of a flag that may be over by now. */
  async function note(scope: Scope, id: string, { by, text }: { by: string; text: string }) {
    await supportFlags.addToLog(scope, id, { id: newId(), by, at: now(), text });
  }

  /** A flag that may be worked on. Who may not is told so before anything about the flag is. */
  async function getActive(actor: Actor, id: string): Promise<void> {
    assertCan(actor, 'support.manage');
    const flag = await supportFlags.find(scopeOf(actor), id);
    if (flag === undefined) throw notFound('support_flag');
    assertActive(flag);
  }

  async function assertLearner(scope: Scope, id: string): Promise<void> {
    const person = await people.find(scope, id);
    if (person?.roles.includes('learner') !== true) throw notFound('learner');
  }

  async function assertAchievement(scope: Scope, id: string): Promise<void> {
    const [found] = await dependencies.achievements.findMany(scope, [id]);
    if (found === undefined) throw notFound('achievement');
  }

  async function see(actor: Actor, flag: SupportFlag): Promise<SeenFlag> {
    const [seen] = await seeMany(actor, [flag]);
    if (seen === undefined) throw notFound('support_flag');
    return seen;
  }

  async function seeMany(actor: Actor, flags: readonly SupportFlag[]): Promise<SeenFlag[]> {
    const scope = scopeOf(actor);
    const ids = flags.flatMap(({ achievement, previous }) => [achievement ?? [], previous ?? []]);
    const [achievements, owners, letters] = await Promise.all([
      dependencies.achievements.findMany(scope, [...new Set(ids.flat())]),
      people.findMany(scope, [...new Set(flags.flatMap(({ owner }) => owner ?? []))]),
      loadLetters(actor),
    ]);
    const nameOf = (id: string | undefined) =>
      achievements.find((one) => one.id === id)?.draft.name;
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

  /** In the reader's language, else the school's. */
  async function loadLetters(actor: Actor) {
    const [self, organization] = await Promise.all([
      people.find(scopeOf(actor), actor.id),
      organizations.find(actor.organization),
    ]);
    return findLetters(self?.language, organization && usualLanguage(organization));
  }
}
