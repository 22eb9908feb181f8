import { isDeepStrictEqual } from 'node:util';
import {
  decideCredit,
  findAwardPrerequisites,
  type Composition,
  type CreditDecision,
} from '../../domain/compositions.ts';
import { findCycle } from '../../domain/prerequisites.ts';
import { findRequirementIssues, namedBy, type Requirement } from '../../domain/requirements.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import { findCompositionFaults, namedByComposition } from '../../domain/stack-faults.ts';
import type { Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { invalid, notFound } from '../../shared/errors.ts';
import type { CompositionStore } from '../../storage/compositions.ts';
import type { LockStore } from '../../storage/locks.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { assertPublished, type VersionLists } from '../achievements/known-achievements.ts';
import { readLearner, type LearnerSource } from '../school/learner-visibility.ts';
import { startRedecision } from '../levels/level-redecisions.ts';
import { inAwardTurn, type AssertTurn } from './award-turns.ts';
import { refuseCycle } from './pathways.ts';
import {
  listUnreachable,
  readRetired,
  type CheckedStack,
  type StackCheckDependencies,
} from './stack-checks.ts';

export type CompositionInput = Pick<Composition, 'tier' | 'all' | 'any' | 'certify'>;

/** A composition as one reader may see it: those who compose credits are told what is wrong with it by now. */
export interface SeenComposition extends Composition {
  readonly problems?: CheckedStack['problems'];
}

/** A credit, where its learner stands with it, and the names of what it is about. */
export interface CreditView {
  readonly achievement: string;
  readonly name: string;
  /** Absent where the school has not said what the credit is made of. */
  readonly composition?: Composition;
  readonly decision?: CreditDecision;
  readonly awardedAt?: Date;
}

export interface CreditList {
  readonly credits: readonly CreditView[];
  readonly names: ReadonlyMap<string, string>;
}

interface Dependencies extends LearnerSource, StackCheckDependencies {
  readonly people: Pick<PersonStore, 'findMany' | 'countLearners'>;
  readonly compositions: CompositionStore;
  readonly pathways: Pick<PathwayStore, 'listActive'>;
  readonly versions: VersionLists;
  readonly locks: Pick<LockStore, 'take'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type CreditService = ReturnType<typeof createCreditService>;

export function createCreditService(dependencies: Dependencies) {
  const { compositions, versions, audit, now } = dependencies;

  return { putComposition, getComposition, listOf, listUnreachable: listUnreachableTo };

  async function putComposition(
    actor: Actor,
    id: string,
    input: CompositionInput,
  ): Promise<Composition> {
    assertCan(actor, 'curriculum.manage');
    const at = now();
    const scope = scopeOf(actor);
    const composition = { id, ...scope, ...input, createdAt: at, updatedAt: at };
    const work = async (assertTurn: AssertTurn) => {
      await assertSound(dependencies, actor, composition);
      const before = await compositions.find(scope, id);
      if (before !== undefined && saysTheSame(before, input)) return before;
      const redecision = await startRedecision(dependencies, scope);
      assertTurn();
      const saved = await compositions.put(scope, { ...composition, redecision });
      await audit.record(actor, {
        action: 'credit.composed',
        subject: `achievement:${id}`,
        details: { tier: saved.tier, certify: saved.certify },
      });
      return saved;
    };
    return inAwardTurn(dependencies, scope, { noun: 'credit', work });
  }

  async function getComposition(actor: Actor, id: string): Promise<SeenComposition> {
    assertCan(actor, 'curriculum.read');
    const scope = scopeOf(actor);
    const found = await compositions.find(scope, id);
    if (found === undefined) throw notFound('composition');
    if (!can(actor, 'curriculum.manage')) return found;
    const retired = await readRetired(dependencies, scope, namedByComposition(found));
    return { ...found, problems: findCompositionFaults(found, retired) };
  }

  /** Credits and pathways: what was right when it was saved, and cannot be reached any more. */
  async function listUnreachableTo(actor: Actor): Promise<readonly CheckedStack[]> {
    assertCan(actor, 'curriculum.manage');
    return listUnreachable(dependencies, scopeOf(actor));
  }

  /** Every credit that is composed, and what else the learner holds of that kind. */
  async function listOf(actor: Actor, learner: string): Promise<CreditList> {
    const { held } = await readLearner(dependencies, actor, learner);
    const scope = scopeOf(actor);
    const all = await compositions.listAll(scope);
    const parts = all.flatMap((one) => [one.id, ...namedBy(one)]);
    const found = await versions.listNewest(scope, [...new Set([...parts, ...held.keys()])]);
    const ids = new Set(held.keys());
    const composed = new Map(all.map((one) => [one.id, one] as const));
    const credits = found
      .filter(({ kind }) => kind === 'credit')
      .flatMap(({ achievement, name }): readonly CreditView[] => {
        const composition = composed.get(achievement);
        const awardedAt = held.get(achievement);
        if (composition === undefined && awardedAt === undefined) return [];
        return [
          {
            ...{ achievement, name },
            ...(composition && { composition, decision: decideCredit(composition, ids) }),
            ...(awardedAt && { awardedAt }),
          },
        ];
      });
    const names = new Map(found.map(({ achievement, name }) => [achievement, name] as const));
    return { credits: credits.sort((a, b) => (a.name < b.name ? -1 : 1)), names };
  }
}

function saysTheSame({ tier, all, any, certify }: Composition, input: CompositionInput): boolean {
  return isDeepStrictEqual(defined({ tier, all, any, certify }), defined({ ...input }));
}

/** @throws ServiceError with everything that is wrong with it */
async function assertSound(
  { compositions, pathways, versions }: Dependencies,
  actor: Actor,
  composition: Requirement & { readonly id: string },
): Promise<void> {
  const scope = scopeOf(actor);
  const { id, all, any } = composition;
  const [credit] = await versions.findCurrentMany(scope, { ids: [id], names: [] });
  if (credit === undefined) throw notFound('achievement');
  if (credit.kind !== 'credit') {
    const message = 'Only an achievement of kind credit is composed of others.';
    throw invalid('credit.not_a_credit', message, [{ path: 'id', message: `is a ${credit.kind}` }]);
  }
  const issues = findRequirementIssues(composition);
  if (issues.length > 0) {
    throw invalid('credit.bad_composition', 'This does not make a credit yet.', issues);
  }
  const before = await compositions.find(scope, id);
  await assertPublished(versions, scope, {
    code: 'credit.unknown_achievement',
    places: [
      ...all.map((one, index) => ({ id: one, path: `all.${index}` })),
      ...(any?.achievements ?? []).map((one, index) => ({
        id: one,
        path: `any.achievements.${index}`,
      })),
    ],
    known: new Set(before && namedBy(before)),
  });
  const others = (await compositions.listAll(scope)).filter((one) => one.id !== id);
  const awards = findAwardPrerequisites([...others, composition], await pathways.listActive(scope));
  const cycle = findCycle(awards);
  if (cycle !== undefined) throw await refuseCycle('credit', { versions, actor, cycle });
}
