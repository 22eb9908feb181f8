import type { ResolvedRule } from './level-rules.ts';
import type { Pace } from './people.ts';
import type { Submission } from './submissions.ts';
import { countDays, flagKey, type LearnerFacts, type Pause } from './support.ts';
import type { SupportFlag } from './support-flags.ts';

type Work = Pick<Submission, 'state' | 'decisions' | 'reviews' | 'submittedAt'>;

/** What is known of one learner, as it lies in the store. */
export interface LearnerRecords {
  readonly joined: Date;
  /** What they handed in and is not approved in all of it. */
  readonly work: readonly Work[];
  readonly held: readonly { readonly achievement: string; readonly awardedAt: Date }[];
  readonly flags: readonly Pick<SupportFlag, 'kind' | 'achievement' | 'resolvedAt'>[];
  readonly pace?: Pick<Pace, 'perMonth' | 'setAt'> | undefined;
}

type LevelGates = readonly Pick<ResolvedRule, 'pool' | 'mustHave' | 'boss' | 'previous'>[];

/** Reads the facts out of the records; the order of the records says nothing. */
export function readFacts(
  records: LearnerRecords,
  gates: ReadonlyMap<string, string>,
  when: { readonly now: Date; readonly pauses: readonly Pause[] },
): LearnerFacts {
  const { joined, work, held, flags } = records;
  const holds = new Set(held.map(({ achievement }) => achievement));
  return {
    joined,
    lastProgress: findLastProgress(work, held),
    waiting: work.some(({ state }) => state === 'submitted'),
    sentBack: findSentBack(work, holds),
    behind: countBehind(records, when),
    early: findEarly(work, holds, gates),
    resolved: findResolved(flags),
  };
}

const month = 30;
const dayMs = 86_400_000;

/** Whole achievements that the last 30 days lack, holidays left out; none before the pace was chosen for so long. */
function countBehind(
  { pace, held }: Pick<LearnerRecords, 'pace' | 'held'>,
  { now, pauses }: { readonly now: Date; readonly pauses: readonly Pause[] },
): number {
  const from = new Date(now.getTime() - month * dayMs);
  if (pace === undefined || pace.setAt > from) return 0;
  const expected = (pace.perMonth * countDays(from, now, pauses)) / month;
  const earned = held.filter(({ awardedAt }) => awardedAt > from && awardedAt <= now).length;
  return Math.max(0, Math.floor(expected - earned));
}

/** By achievement of a level: the achievement that stands for the level before it, where that has to come first. */
export function findGates(rules: LevelGates): ReadonlyMap<string, string> {
  const gates = new Map<string, string>();
  for (const { pool, mustHave, boss, previous } of rules) {
    if (previous === undefined) continue;
    const asked = [
      ...pool.map(({ achievement }) => achievement),
      ...mustHave,
      ...boss.achievements,
    ];
    for (const achievement of asked) gates.set(achievement, previous);
  }
  return gates;
}

function findLastProgress(work: readonly Work[], held: LearnerRecords['held']): Date | undefined {
  const times = [
    ...held.map(({ awardedAt }) => awardedAt.getTime()),
    ...work.flatMap(({ submittedAt, reviews }) => [
      ...(submittedAt === undefined ? [] : [submittedAt.getTime()]),
      ...reviews.map(({ at }) => at.getTime()),
    ]),
  ];
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Of what the learner is still at: neither earned, nor declined, nor withdrawn. */
function findSentBack(work: readonly Work[], holds: ReadonlySet<string>) {
  const found = new Map<string, Date[]>();
  for (const { state, decisions, reviews } of work) {
    if (state === 'withdrawn') continue;
    for (const { achievement, state: decision } of decisions) {
      if (holds.has(achievement) || decision === 'declined' || decision === 'approved') continue;
      const times = reviews
        .filter((one) => one.achievement === achievement && one.decision === 'revise')
        .map(({ at }) => at);
      found.set(achievement, [...(found.get(achievement) ?? []), ...times]);
    }
  }
  return found;
}

function findEarly(
  work: readonly Work[],
  holds: ReadonlySet<string>,
  gates: ReadonlyMap<string, string>,
): LearnerFacts['early'] {
  return work.flatMap(({ state, decisions, submittedAt }) => {
    if (state === 'withdrawn' || submittedAt === undefined) return [];
    return decisions.flatMap(({ achievement, state: decision }) => {
      const previous = gates.get(achievement);
      const isAt = decision === 'pending' || decision === 'revise';
      if (!isAt || previous === undefined || holds.has(previous)) return [];
      return [{ achievement, previous, since: submittedAt }];
    });
  });
}

function findResolved(flags: LearnerRecords['flags']): ReadonlyMap<string, Date> {
  const found = new Map<string, Date>();
  for (const flag of flags) {
    const before = found.get(flagKey(flag));
    const { resolvedAt } = flag;
    if (resolvedAt !== undefined && (before === undefined || resolvedAt > before))
      found.set(flagKey(flag), resolvedAt);
  }
  return found;
}
