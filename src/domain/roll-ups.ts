/** How what was judged over time becomes one estimate; chosen by the school, and shown with every estimate. */
export type RollUpRule =
  | { readonly rule: 'highest' }
  | { readonly rule: 'latest' }
  /** The level found most often in the last so many. */
  | { readonly rule: 'mode'; readonly last: number }
  /** The newest weighs this much, all before it together the rest, in the same way. */
  | { readonly rule: 'decaying-average'; readonly weight: number }
  /** The highest level that was reached this often. */
  | { readonly rule: 'n-times'; readonly times: number };

/** The school's rule, and those of frameworks that go another way. */
export interface RollUpPolicy {
  readonly default: RollUpRule;
  /** By id of the framework. */
  readonly frameworks: Readonly<Record<string, RollUpRule>>;
}

export const defaultRollUp: RollUpPolicy = { default: { rule: 'highest' }, frameworks: {} };

export function ruleFor(policy: RollUpPolicy, framework: string): RollUpRule {
  return policy.frameworks[framework] ?? policy.default;
}

/** What one review, or one direct award, found. Rubrics are compared by `value`, people are shown `level`. */
export interface Observation {
  /** Id of the review or of the award. */
  readonly id: string;
  readonly source: 'review' | 'award';
  readonly achievement: string;
  readonly at: Date;
  /** Place on the rubric's own scale: 0 its lowest level, 1 its highest. */
  readonly value: number;
  readonly level: string;
  /** The names of that scale, from lowest to highest. */
  readonly scale: readonly string[];
}

export interface Estimate {
  readonly rule: RollUpRule;
  /** Absent as long as the rule asks for more than there is. */
  readonly value?: number;
  readonly level?: string;
  /** What made it, newest first. */
  readonly evidence: readonly Observation[];
  /** How many observations there are, whether they count or not. */
  readonly seen: number;
  /** Why it is this; letters say it in sentences. */
  readonly reason: EstimateReason;
}

/** `of`: how many observations were looked at. */
export type EstimateReason =
  | { readonly kind: 'highest'; readonly of: number; readonly times: number }
  /** `tie`: others were of the same moment. */
  | { readonly kind: 'latest'; readonly tie: boolean }
  /** The most frequent was found `most` times; levels that were `tied`, the one that counts first. */
  | {
      readonly kind: 'mode';
      readonly of: number;
      readonly most: number;
      readonly tied: readonly string[];
    }
  /** What the newest weighs. */
  | { readonly kind: 'decaying-average'; readonly of: number; readonly percent: number }
  | {
      readonly kind: 'n-times';
      readonly of: number;
      readonly times: number;
      readonly reached: boolean;
    };

/** One estimate of what was observed, whatever order it comes in; undefined when nothing was. */
export function rollUp(
  rule: RollUpRule,
  observations: readonly Observation[],
): Estimate | undefined {
  const sorted = [...observations].sort(newestFirst);
  const [newest] = sorted;
  if (newest === undefined) return undefined;
  return { rule, seen: sorted.length, ...apply(rule, [newest, ...sorted.slice(1)]) };
}

type Sorted = readonly [Observation, ...Observation[]];
type Outcome = Pick<Estimate, 'value' | 'level' | 'evidence' | 'reason'>;

function apply(rule: RollUpRule, sorted: Sorted): Outcome {
  switch (rule.rule) {
    case 'highest':
      return highest(sorted);
    case 'latest':
      return latest(sorted);
    case 'mode':
      return mode(sorted, rule.last);
    case 'decaying-average':
      return decay(sorted, rule.weight);
    case 'n-times':
      return reachedOften(sorted, rule.times);
  }
}

/** Of two at one moment the higher counts as the newer; ids decide the rest, so that the order given never matters. */
function newestFirst(a: Observation, b: Observation): number {
  const byTime = b.at.getTime() - a.at.getTime();
  if (byTime !== 0) return byTime;
  return b.value - a.value || (a.id < b.id ? 1 : -1);
}

/** Places on scales are fractions, such as 2/3: nothing but rounding lies between two that are the same. */
const isSame = (a: number, b: number) => Math.abs(a - b) < 1e-9;
const isAtLeast = (a: number, b: number) => a > b - 1e-9;

function highest(sorted: Sorted): Outcome {
  const best = Math.max(...sorted.map(({ value }) => value));
  const evidence = sorted.filter(({ value }) => isSame(value, best));
  const { value, level } = evidence[0] ?? sorted[0];
  const reason = { kind: 'highest', of: sorted.length, times: evidence.length } as const;
  return { value, level, evidence, reason };
}

function latest(sorted: Sorted): Outcome {
  const [newest, second] = sorted;
  const tie = second?.at.getTime() === newest.at.getTime();
  const reason = { kind: 'latest', tie } as const;
  return { value: newest.value, level: newest.level, evidence: [newest], reason };
}

function mode(sorted: Sorted, last: number): Outcome {
  const evidence = sorted.slice(0, last);
  // By value, in the order of the newest of each.
  const groups: Observation[][] = [];
  for (const one of evidence) {
    const group = groups.find(([first]) => first !== undefined && isSame(first.value, one.value));
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  const most = Math.max(...groups.map(({ length }) => length));
  const tied = groups.filter(({ length }) => length === most);
  const { value, level } = tied[0]?.[0] ?? sorted[0];
  const names = tied.map((group) => group[0]?.level ?? '');
  const reason = { kind: 'mode', of: evidence.length, most, tied: names } as const;
  return { value, level, evidence, reason };
}

function decay(sorted: Sorted, weight: number): Outcome {
  const value = sorted.reduceRight<number | undefined>(
    (before, one) =>
      before === undefined ? one.value : weight * one.value + (1 - weight) * before,
    undefined,
  );
  const [{ scale, value: only }] = sorted;
  const found = value ?? only;
  const percent = Math.round(weight * 100);
  return {
    value: found,
    level: levelAt(scale, found),
    evidence: sorted,
    reason: { kind: 'decaying-average', of: sorted.length, percent },
  };
}

function reachedOften(sorted: Sorted, times: number): Outcome {
  const byHeight = [...sorted].sort((a, b) => b.value - a.value || newestFirst(a, b));
  const reached = byHeight[times - 1];
  const reason = { kind: 'n-times', of: sorted.length, times } as const;
  if (reached === undefined) return { evidence: sorted, reason: { ...reason, reached: false } };
  const evidence = sorted.filter(({ value }) => isAtLeast(value, reached.value));
  const { value, level } = reached;
  return { value, level, evidence, reason: { ...reason, reached: true } };
}

/** The highest level of a scale that a value reaches: one that is only nearly reached is not. */
function levelAt(scale: readonly string[], value: number): string {
  const steps = Math.max(1, scale.length - 1);
  return scale.findLast((_, rank) => isAtLeast(value, rank / steps)) ?? '';
}
