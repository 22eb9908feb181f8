import {
  findPathwayIssues,
  findPrerequisites,
  stackableKinds,
  type Pathway,
  type PathwayStep,
} from '../../domain/pathways.ts';
import { findAwardPrerequisites } from '../../domain/compositions.ts';
import { findCycle } from '../../domain/prerequisites.ts';
import type { AchievementVersion } from '../../domain/achievements.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { conflict, invalid, ServiceError } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { CompositionStore } from '../../storage/compositions.ts';
import type { LockStore } from '../../storage/locks.ts';
import type { LevelWaitStore } from '../../storage/level-waits.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { startRedecision } from '../levels/level-redecisions.ts';
import { inAwardTurn, type AssertTurn } from './award-turns.ts';
import { createPathwayReading } from './pathway-reading.ts';
import {
  assertPublished,
  readNames,
  type VersionLists,
} from '../achievements/known-achievements.ts';

export interface NewPathway {
  readonly name: string;
  readonly description: string;
  readonly kind: Pathway['kind'];
  readonly steps: readonly {
    readonly achievement: string;
    readonly requires?: readonly string[] | undefined;
  }[];
  readonly award?: Pathway['award'] | undefined;
  readonly state?: 'draft' | 'active' | undefined;
}

export type PathwayChanges = {
  readonly [K in Exclude<keyof NewPathway, 'award'>]?: NewPathway[K] | undefined;
} & {
  /** `null` takes it away. */
  readonly award?: Pathway['award'] | null | undefined;
};

interface Dependencies {
  readonly achievements: Pick<AchievementStore, 'findLeveled'>;
  readonly pathways: PathwayStore;
  readonly compositions: Pick<CompositionStore, 'listAll'>;
  readonly people: Pick<PersonStore, 'countLearners'>;
  readonly levelWaits: Pick<LevelWaitStore, 'removeOfRule'>;
  readonly versions: VersionLists;
  readonly locks: Pick<LockStore, 'take'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type PathwayService = ReturnType<typeof createPathwayService>;

const maxAttempts = 5;

export function createPathwayService(dependencies: Dependencies) {
  const { pathways, levelWaits, audit, now } = dependencies;

  const { find, get, list } = createPathwayReading(dependencies);

  return { create, update, retire, get, list };

  async function create(
    actor: Actor,
    { award, state = 'active', ...input }: NewPathway,
  ): Promise<Pathway> {
    assertCan(actor, 'curriculum.manage');
    const at = now();
    const pathway: Pathway = {
      id: newId(),
      organization: actor.organization,
      ...input,
      steps: toSteps(input.steps),
      ...(award && { award }),
      state,
      revision: 1,
      createdAt: at,
      updatedAt: at,
    };
    await inTurn(dependencies, pathway, async (assertTurn) => {
      await assertSound(dependencies, actor, pathway);
      const made = await redecide(dependencies, pathway);
      assertTurn();
      await pathways.add(made);
    });
    const subject = `pathway:${pathway.id}`;
    await audit.record(actor, { action: 'pathway.created', subject, details: { state } });
    return pathway;
  }

  /** Writes the changes over the pathway that they were checked against; when somebody was quicker, over theirs. */
  async function update(actor: Actor, id: string, changes: PathwayChanges): Promise<Pathway> {
    assertCan(actor, 'curriculum.manage');
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const before = await find(actor, id);
      if (before.state === 'retired') {
        throw conflict('pathway.retired', 'This pathway is retired and cannot be changed.');
      }
      const changed = applyChanges(before, changes, now());
      const pathway = await inTurn(dependencies, changed, async (assertTurn) => {
        await assertSound(dependencies, actor, changed, before);
        const next = await redecide(dependencies, changed);
        assertTurn();
        return (await pathways.replace(scopeOf(actor), next)) ? next : undefined;
      });
      if (pathway === undefined) continue;
      await forgetWaiting(pathway);
      const details = { fields: Object.keys(defined(changes)).join(' ') };
      await audit.record(actor, { action: 'pathway.changed', subject: `pathway:${id}`, details });
      return pathway;
    }
    throw conflict(
      'pathway.changed_meanwhile',
      'Somebody else is changing this pathway. Please try again.',
    );
  }

  /** Nothing is awarded for it any more. Safe to repeat. */
  async function retire(actor: Actor, id: string): Promise<Pathway> {
    assertCan(actor, 'curriculum.manage');
    let pathway = await find(actor, id);
    while (pathway.state !== 'retired') {
      const { revision } = pathway;
      const next = {
        ...withoutRedecision(pathway),
        state: 'retired',
        revision: revision + 1,
        updatedAt: now(),
      } as const;
      pathway = (await pathways.replace(scopeOf(actor), next)) ? next : await find(actor, id);
    }
    await forgetWaiting(pathway);
    const key = `pathway.retired:${id}`;
    await audit.record(actor, { action: 'pathway.retired', subject: `pathway:${id}`, key });
    return pathway;
  }

  /** Nobody waits for what is not awarded any more. */
  async function forgetWaiting({ redecision, ...pathway }: Pathway): Promise<void> {
    if (redecision === undefined) await levelWaits.removeOfRule(scopeOf(pathway), pathway.id);
  }
}

/** What awards nothing waits for nobody. */
async function inTurn<T>(
  dependencies: Dependencies,
  pathway: Pathway,
  work: (assertTurn: AssertTurn) => Promise<T>,
): Promise<T> {
  if (pathway.award === undefined) return work(() => undefined);
  return inAwardTurn(dependencies, scopeOf(pathway), { noun: 'pathway', work });
}

/** Whatever was changed, everybody is decided anew; where nothing is awarded there is nothing to decide. */
async function redecide(dependencies: Dependencies, pathway: Pathway): Promise<Pathway> {
  if (pathway.state !== 'active' || pathway.award === undefined) return withoutRedecision(pathway);
  return { ...pathway, redecision: await startRedecision(dependencies, scopeOf(pathway)) };
}

function withoutRedecision({ redecision: _redecision, ...pathway }: Pathway): Pathway {
  return pathway;
}

function toSteps(steps: NewPathway['steps']): readonly PathwayStep[] {
  return steps.map(({ achievement, requires = [] }) => ({ achievement, requires }));
}

function applyChanges(
  { award: before, ...pathway }: Pathway,
  { steps, award, ...changes }: PathwayChanges,
  at: Date,
): Pathway {
  const after = award === undefined ? before : (award ?? undefined);
  return {
    ...pathway,
    ...defined(changes),
    steps: steps === undefined ? pathway.steps : toSteps(steps),
    ...(after && { award: after }),
    revision: pathway.revision + 1,
    updatedAt: at,
  };
}

/** @throws ServiceError with everything that is wrong; what was named `before` may be retired by now */
async function assertSound(
  dependencies: Dependencies,
  actor: Actor,
  pathway: Pathway,
  before?: Pathway,
): Promise<void> {
  const { versions } = dependencies;
  const issues = findPathwayIssues(pathway);
  if (issues.length > 0) {
    throw invalid('pathway.bad_steps', 'The pathway does not make sense yet.', issues);
  }
  const { steps, award } = pathway;
  const current = await assertPublished(versions, scopeOf(actor), {
    code: 'pathway.unknown_achievement',
    places: [
      ...steps.map(({ achievement: id }, index) => ({ id, path: `steps.${index}.achievement` })),
      ...(award ? [{ id: award.achievement, path: 'award.achievement' }] : []),
    ],
    known: new Set(before?.steps.map(({ achievement }) => achievement)),
  });
  assertAwardKind(current.find(({ achievement }) => achievement === award?.achievement));
  const cycle =
    findCycle(findPrerequisites(pathway)) ?? (await findAwardCycle(dependencies, actor, pathway));
  if (cycle !== undefined) throw await refuseCycle('pathway', { versions, actor, cycle });
}

function assertAwardKind(awarded: AchievementVersion | undefined): void {
  if (awarded === undefined || stackableKinds.includes(awarded.kind)) return;
  throw invalid(
    'pathway.award_kind',
    'What a pathway awards is a microcredential or a credit; levels and bosses have rules of their own.',
    [{ path: 'award.achievement', message: `is a ${awarded.kind}` }],
  );
}

/** What is awarded must not be needed, by way of other awards, for itself. */
async function findAwardCycle(
  { pathways, compositions }: Dependencies,
  actor: Actor,
  pathway: Pathway,
): Promise<readonly string[] | undefined> {
  if (pathway.award === undefined) return undefined;
  const scope = scopeOf(actor);
  const others = (await pathways.listActive(scope)).filter(({ id }) => id !== pathway.id);
  const composed = await compositions.listAll(scope);
  return findCycle(findAwardPrerequisites(composed, [...others, pathway]));
}

/** Names what waits for each other, first for people and then for programs. */
export async function refuseCycle(
  noun: 'pathway' | 'credit',
  {
    versions,
    actor,
    cycle,
  }: { readonly versions: VersionLists; readonly actor: Actor; readonly cycle: readonly string[] },
): Promise<ServiceError> {
  const names = await readNames(versions, scopeOf(actor), cycle);
  const nameOf = (id: string) => names.get(id) ?? id;
  const way = [...cycle, cycle[0] ?? ''].map((id) => `“${nameOf(id)}”`).join(' needs ');
  return new ServiceError('invalid', `${noun}.cycle`, `These wait for each other: ${way}.`, {
    members: { cycle: cycle.map((id) => ({ id, name: nameOf(id) })) },
  });
}
