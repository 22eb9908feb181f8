import type { Award } from './awards.ts';
import {
  decideLevel,
  type LevelDecision,
  type LevelRule,
  type ResolvedRule,
} from './level-rules.ts';
import { countsAt, isDeciding, type KnownAward, type KnownSubmission } from './observations.ts';
import { listHandedIn } from './submissions.ts';

/** From what is furthest to what cannot be begun; nothing else is said of work that was declined. */
export const standings = ['held', 'in_review', 'returned', 'started', 'open', 'locked'] as const;
export type StandingState = (typeof standings)[number];

/** How one achievement stands with one learner. */
export interface Standing {
  readonly state: StandingState;
  /** Since when. */
  readonly at?: Date;
  readonly credential?: string;
  readonly submission?: string;
}

export type HeldAward = KnownAward & {
  readonly issuance: Pick<Award['issuance'], 'credential' | 'state'>;
};

export interface LearnerFacts {
  readonly awards: readonly HeldAward[];
  readonly submissions: readonly KnownSubmission[];
}

/** What a learner holds at a moment. */
export function listHeld({ awards }: LearnerFacts, at: Date): readonly HeldAward[] {
  return awards.filter((award) => countsAt(award, at));
}

/** Every achievement that the learner holds or has begun, as of a moment. */
export function findStandings(facts: LearnerFacts, at: Date): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  const put = (achievement: string, standing: Standing) => {
    const known = found.get(achievement);
    if (known === undefined || isFurther(standing, known)) found.set(achievement, standing);
  };
  for (const { achievement, awardedAt, issuance } of listHeld(facts, at)) {
    const signed = issuance.state === 'issued' ? { credential: issuance.credential } : {};
    put(achievement, { state: 'held', at: awardedAt, ...signed });
  }
  for (const submission of facts.submissions) {
    for (const { achievement } of submission.decisions) {
      const standing = standingOf(submission, achievement, facts, at);
      if (standing !== undefined) put(achievement, { ...standing, submission: submission.id });
    }
  }
  return found;
}

function isFurther(a: Standing, b: Standing): boolean {
  const rank = ({ state }: Standing) => standings.indexOf(state);
  const byState = rank(b) - rank(a);
  return byState > 0 || (byState === 0 && (a.at?.getTime() ?? 0) > (b.at?.getTime() ?? 0));
}

/** Begun by then, and not withdrawn. */
function isUnderWay({ state, createdAt, updatedAt }: KnownSubmission, at: Date): boolean {
  return createdAt <= at && !(state === 'withdrawn' && updatedAt <= at);
}

/** Undefined for what came to nothing: withdrawn, declined, or approved and revoked since. */
function standingOf(
  submission: KnownSubmission,
  achievement: string,
  { awards }: LearnerFacts,
  at: Date,
): Standing | undefined {
  if (!isUnderWay(submission, at)) return undefined;
  const handedIn = listHandedIn(submission)
    .filter((then) => then <= at)
    .at(-1);
  if (handedIn === undefined) return { state: 'started', at: submission.createdAt };
  const last = submission.reviews.findLast(
    (review) =>
      review.achievement === achievement && review.at <= at && isDeciding(submission, review),
  );
  if (last === undefined) return { state: 'in_review', at: handedIn };
  if (last.decision === 'decline') return undefined;
  if (last.decision === 'revise') {
    return handedIn > last.at
      ? { state: 'in_review', at: handedIn }
      : { state: 'returned', at: last.at };
  }
  const award = submission.decisions.find(({ review }) => review === last.id)?.award;
  // Approved a moment ago: the award is on its way.
  return awards.some(({ id }) => id === award) ? undefined : { state: 'in_review', at: last.at };
}

export interface DecidedRule {
  readonly rule: LevelRule;
  readonly resolved: ResolvedRule;
  readonly decision: LevelDecision;
}

/** Where a learner stands with every level that a rule was made for. */
export function decideRules(
  rules: readonly LevelRule[],
  resolved: ReadonlyMap<string, ResolvedRule>,
  held: ReadonlySet<string>,
): readonly DecidedRule[] {
  return rules.flatMap((rule) => {
    const found = resolved.get(rule.id);
    if (found === undefined) return [];
    return [{ rule, resolved: found, decision: decideLevel(found, held) }];
  });
}

/** What cannot be begun yet: a level that is not open, a boss before its skills, a level that nothing is handed in for. */
export function findLocked(decided: readonly DecidedRule[]): ReadonlySet<string> {
  const locked = new Set<string>();
  for (const { resolved, decision } of decided) {
    if (decision.state !== 'certified') locked.add(resolved.achievement);
    if (decision.state === 'locked') {
      for (const { achievement } of resolved.pool) locked.add(achievement);
    }
    if (!decision.bossReady) for (const boss of resolved.boss.achievements) locked.add(boss);
  }
  return locked;
}
