import type { HeldAward } from '../../domain/awards.ts';
import { listTouching } from '../../domain/level-pools.ts';
import { decideLevel, levelStates, type LevelState } from '../../domain/level-rules.ts';
import type { ResolvedRule } from '../../domain/level-rules.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { PersonStore } from '../../storage/people.ts';
import { listIssued } from './level-decisions.ts';
import type { LevelRuleService, RuleInput, RulePlace } from './level-rules.ts';

const pageSize = 200;
/** Learners that are named; all of them are counted. */
const maxNamed = 200;

/** Learners, counted, and the first of them by id. */
export interface Counted {
  readonly count: number;
  readonly learners: readonly string[];
}

export interface Simulation {
  readonly learners: number;
  readonly states: Readonly<Record<LevelState, number>>;
  /** Would be certified today, and are not. */
  readonly certified: Counted;
  /** Are certified, and would not be by this rule. */
  readonly uncovered: Counted;
  /** The same of the rule that is on now, where there is one. */
  readonly now?: {
    readonly states: Readonly<Record<LevelState, number>>;
    readonly uncovered: number;
  };
}

interface Dependencies {
  readonly levelRules: Pick<LevelRuleService, 'check' | 'listOn' | 'resolve'>;
  readonly people: Pick<PersonStore, 'listByRole'>;
  readonly awards: Pick<AwardStore, 'listHeldOf'>;
}

export type LevelSimulationService = ReturnType<typeof createLevelSimulationService>;

/** What a rule would say of the learners of today; nothing is changed. */
export function createLevelSimulationService({ levelRules, people, awards }: Dependencies) {
  return { simulate };

  async function simulate(actor: Actor, place: RulePlace, input: RuleInput): Promise<Simulation> {
    const { rule, resolved } = await levelRules.check(actor, place, input);
    const scope = scopeOf(actor);
    const before = (await levelRules.listOn(scope)).filter(({ id }) => id === rule.id);
    const [current] = (await levelRules.resolve(scope, before)).values();
    const wanted = createTally(resolved);
    const now = current && createTally(current);
    let learners = 0;
    const achievements = new Set(
      [resolved, ...(current ? [current] : [])].flatMap((one) => [...listTouching(one)]),
    );
    for await (const page of eachPage(actor, achievements)) {
      learners += page.length;
      for (const { learner, held } of page) {
        wanted.add(learner, held);
        now?.add(learner, held);
      }
    }
    const { states, certified, uncovered } = wanted;
    return {
      learners,
      ...{ states, certified, uncovered },
      ...(now && { now: { states: now.states, uncovered: now.uncovered.count } }),
    };
  }

  async function* eachPage(actor: Actor, achievements: ReadonlySet<string>) {
    const scope = scopeOf(actor);
    let after: string | undefined;
    for (;;) {
      const page = await people.listByRole(scope, 'learner', { limit: pageSize, after });
      const ids = page.map(({ id }) => id);
      const held = await awards.listHeldOf(scope, ids, achievements);
      yield ids.map((learner) => ({ learner, held: held.get(learner) ?? [] }));
      after = ids.at(-1);
      if (ids.length < pageSize) return;
    }
  }
}

function createTally(rule: ResolvedRule) {
  const states = Object.fromEntries(levelStates.map((state) => [state, 0])) as Record<
    LevelState,
    number
  >;
  const certified = { count: 0, learners: [] as string[] };
  const uncovered = { count: 0, learners: [] as string[] };
  return {
    states,
    certified,
    uncovered,
    add: (learner: string, held: readonly HeldAward[]) => {
      const { state, holds } = decideLevel(rule, listIssued(held));
      const isCertified = held.some(({ achievement }) => achievement === rule.achievement);
      states[state] += 1;
      if (holds && !isCertified) note(certified, learner);
      if (!holds && isCertified) note(uncovered, learner);
    },
  };
}

function note(counted: { count: number; readonly learners: string[] }, learner: string): void {
  counted.count += 1;
  if (counted.learners.length < maxNamed) counted.learners.push(learner);
}
