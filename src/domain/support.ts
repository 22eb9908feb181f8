/** When the school wants somebody to look after a learner. What is absent is off. */
export interface SupportPolicy {
  readonly daysWithoutProgress?: number | undefined;
  /** How often the same achievement may be sent back. */
  readonly timesSentBack?: number | undefined;
  /** Behind the pace that the learner chose. */
  readonly behindPace: boolean;
  /** Work handed in for a level although the level before it is missing. */
  readonly missingLevel: boolean;
  /** Whether learners and their guardians are told, in plain words. */
  readonly visibleToFamily: boolean;
  /** Holidays: whole days (UTC), the first and the last included, that count for nobody. */
  readonly pauses: readonly Pause[];
}

export interface Pause {
  /** `2026-12-24` */
  readonly from: string;
  readonly to: string;
}

export const noSupport: SupportPolicy = {
  behindPace: false,
  missingLevel: false,
  visibleToFamily: false,
  pauses: [],
};

export const flagKinds = [
  'no-progress',
  'sent-back',
  'behind-pace',
  'missing-level',
  'by-hand',
] as const;
export type FlagKind = (typeof flagKinds)[number];

/** What there is to see of a learner, and nothing else: no grades, no guesses. */
export interface LearnerFacts {
  readonly joined: Date;
  /** When something of theirs last moved: handed in, judged or earned. */
  readonly lastProgress?: Date | undefined;
  /** Something waits for a reviewer: it is the school's turn. */
  readonly waiting: boolean;
  /** When what they have not earned yet was sent back, by achievement. */
  readonly sentBack: ReadonlyMap<string, readonly Date[]>;
  /** How far behind the pace that they chose, in achievements. */
  readonly behind: number;
  /** Handed in for a level whose predecessor is missing. */
  readonly early: readonly {
    readonly achievement: string;
    /** The achievement that stands for the missing level. */
    readonly previous: string;
    readonly since: Date;
  }[];
  /** When flags were resolved, by `flagKey`. */
  readonly resolved: ReadonlyMap<string, Date>;
}

/** What a flag is about. */
export interface FlagFact {
  readonly kind: FlagKind;
  readonly achievement?: string;
  /** Days without progress, times sent back, or achievements behind. */
  readonly count?: number;
  /** The achievement that stands for the missing level. */
  readonly previous?: string;
}

const dayMs = 86_400_000;
/** How long a flag that rests on no days is not raised again. */
const graceDays = 7;

/** At most one open flag of a learner has this. */
export function flagKey({ kind, achievement }: Pick<FlagFact, 'kind' | 'achievement'>): string {
  return achievement === undefined ? kind : `${kind} ${achievement}`;
}

/** Every flag that the facts of one learner call for. Pure, and it stops nobody's clock. */
export function decideFlags(
  policy: SupportPolicy,
  facts: LearnerFacts,
  now: Date,
): readonly FlagFact[] {
  return [
    ...decideNoProgress(policy, facts, now),
    ...decideSentBack(policy, facts),
    ...decideBehindPace(policy, facts, now),
    ...decideMissingLevel(policy, facts),
  ];
}

function decideNoProgress(
  { daysWithoutProgress, pauses }: SupportPolicy,
  { joined, lastProgress, waiting, resolved }: LearnerFacts,
  now: Date,
): readonly FlagFact[] {
  if (daysWithoutProgress === undefined || waiting) return [];
  // Whoever was helped has all the days again, whatever the help was about.
  const since = latest([joined, lastProgress, ...resolved.values()]);
  const count = countDays(since, now, pauses);
  return count >= daysWithoutProgress ? [{ kind: 'no-progress', count }] : [];
}

function decideSentBack(
  { timesSentBack }: SupportPolicy,
  { sentBack, resolved }: LearnerFacts,
): readonly FlagFact[] {
  if (timesSentBack === undefined) return [];
  return [...sentBack].flatMap(([achievement, times]) => {
    const since = resolved.get(flagKey({ kind: 'sent-back', achievement }));
    const count = times.filter((at) => since === undefined || at > since).length;
    return count >= timesSentBack ? [{ kind: 'sent-back' as const, achievement, count }] : [];
  });
}

function decideBehindPace(
  { behindPace, daysWithoutProgress = graceDays, pauses }: SupportPolicy,
  { joined, behind, resolved }: LearnerFacts,
  now: Date,
): readonly FlagFact[] {
  if (!behindPace || behind <= 0) return [];
  const since = latest([joined, resolved.get('behind-pace')]);
  if (countDays(since, now, pauses) < daysWithoutProgress) return [];
  return [{ kind: 'behind-pace', count: behind }];
}

function decideMissingLevel(
  { missingLevel }: SupportPolicy,
  { early, resolved }: LearnerFacts,
): readonly FlagFact[] {
  if (!missingLevel) return [];
  const found = new Map<string, FlagFact>();
  for (const { achievement, previous, since } of early) {
    const before = resolved.get(flagKey({ kind: 'missing-level', achievement }));
    if (before !== undefined && since <= before) continue;
    found.set(achievement, { kind: 'missing-level', achievement, previous });
  }
  return [...found.values()];
}

function latest(dates: readonly (Date | undefined)[]): Date {
  return new Date(Math.max(...dates.map((date) => date?.getTime() ?? 0)));
}

/** Whole days between two moments without what lies in a pause. */
export function countDays(since: Date, until: Date, pauses: readonly Pause[]): number {
  let from = since.getTime();
  let counted = 0;
  const sorted = pauses
    .map((pause) => ({ start: Date.parse(pause.from), end: Date.parse(pause.to) + dayMs }))
    .sort((a, b) => a.start - b.start);
  for (const { start, end } of sorted) {
    if (end <= from) continue;
    counted += Math.max(0, Math.min(start, until.getTime()) - from);
    from = Math.max(from, end);
  }
  counted += Math.max(0, until.getTime() - from);
  return Math.floor(counted / dayMs);
}

/** Of the open flags that Cairn raised, those whose fact is gone; `rule-off`: the school switched the rule off. */
export function findGone<T extends FlagFact>(
  policy: SupportPolicy,
  open: readonly T[],
  decided: readonly FlagFact[],
): readonly { readonly flag: T; readonly reason: 'fact-gone' | 'rule-off' }[] {
  const keys = new Set(decided.map(flagKey));
  return open
    .filter((flag) => flag.kind !== 'by-hand' && !keys.has(flagKey(flag)))
    .map((flag) => ({ flag, reason: isOn(policy, flag.kind) ? 'fact-gone' : 'rule-off' }));
}

function isOn(policy: SupportPolicy, kind: FlagKind): boolean {
  if (kind === 'no-progress') return policy.daysWithoutProgress !== undefined;
  if (kind === 'sent-back') return policy.timesSentBack !== undefined;
  if (kind === 'behind-pace') return policy.behindPace;
  return kind === 'by-hand' || policy.missingLevel;
}
