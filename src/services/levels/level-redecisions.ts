import { listTouching } from '../../domain/level-pools.ts';
import type { CertifyingRule, Redecision, ResolvedRule } from '../../domain/level-rules.ts';
import { scopeOf, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Fault } from '../../shared/faults.ts';
import { newId } from '../../shared/ids.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { ClaimedRedecision, RedecisionStore } from '../../storage/redecisions.ts';
import type { LevelDecisionService, Question } from './level-decisions.ts';

const pageSize = 200;
/** How long a page may take before another worker takes it over. */
const leaseMs = 60_000;

/** Where re-decisions are kept, and how the rules that they are of are looked up. */
export interface RedecisionSource {
  readonly store: RedecisionStore;
  /** Nothing when it certifies nobody any more. */
  readonly find: (
    scope: Scope,
    id: string,
  ) => Promise<{ readonly rule: CertifyingRule; readonly resolved: ResolvedRule } | undefined>;
}

interface Dependencies {
  readonly sources: readonly RedecisionSource[];
  readonly people: Pick<PersonStore, 'listByRole'>;
  readonly awards: Pick<AwardStore, 'listHeldOf'>;
  readonly levelDecisions: LevelDecisionService;
  readonly fault: Fault;
  readonly now: Clock;
}

export type LevelRedecisions = ReturnType<typeof createLevelRedecisions>;

/** Everybody is decided anew after a rule was switched on or changed: a page at a time, taken up wherever it ended. */
export function createLevelRedecisions(dependencies: Dependencies) {
  const { sources, people, awards, levelDecisions, fault, now } = dependencies;

  return { advance };

  /** One page of one rule of each kind; false when nothing is left to do, or others are at it. */
  async function advance(): Promise<boolean> {
    let found = false;
    for (const source of sources) {
      const at = now();
      const until = new Date(at.getTime() + leaseMs);
      const claimed = await source.store.claimRedecision(at, until);
      if (claimed === undefined) continue;
      await decidePage(source, claimed);
      found = true;
    }
    return found;
  }

  async function decide(scope: Scope, question: Omit<Question, 'held'>): Promise<number> {
    const { learners, resolved } = question;
    const held = await awards.listHeldOf(scope, learners, listTouching(resolved));
    return levelDecisions.decide(scope, { ...question, held });
  }

  async function decidePage(source: RedecisionSource, claimed: ClaimedRedecision): Promise<void> {
    const { id, after } = claimed;
    const scope = scopeOf(claimed);
    const [page, asked] = await Promise.all([
      people.listByRole(scope, 'learner', { limit: pageSize, after }),
      source.find(scope, id),
    ]);
    const learners = page.map((person) => person.id);
    const certified = asked === undefined ? 0 : await decide(scope, { ...asked, learners });
    fault('levels.redecided');
    const isLast = asked === undefined || learners.length < pageSize;
    await source.store.advanceRedecision(claimed, {
      last: learners.at(-1) ?? after,
      done: learners.length,
      certified,
      finishedAt: isLast ? now() : undefined,
    });
  }
}

/** One that is about to begin. */
export async function startRedecision(
  { people, now }: { readonly people: Pick<PersonStore, 'countLearners'>; readonly now: Clock },
  scope: Scope,
): Promise<Redecision> {
  const total = await people.countLearners(scope);
  const counts = { done: 0, total, certified: 0 };
  return { id: newId(), state: 'running', ...counts, startedAt: now() };
}
