import { rollUp, type Estimate, type Observation, type RollUpRule } from './roll-ups.ts';

/** What a person put in the place of a computed estimate, and why. */
export interface EstimateOverride {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly standard: string;
  readonly level: string;
  readonly value: number;
  readonly reason: string;
  readonly by: string;
  readonly at: Date;
  /** Taken back; it stays for those who ask for a day on which it counted. */
  readonly withdrawnAt?: Date;
  readonly withdrawnBy?: string;
}

/** What is shown of a learner and a standard: computed, or what a person put in its place. */
export interface ShownEstimate {
  readonly value?: number;
  readonly level?: string;
  /** Absent where nothing was observed. */
  readonly computed?: Estimate;
  readonly override?: EstimateOverride;
}

export function overrideCountsAt({ at, withdrawnAt }: EstimateOverride, then: Date): boolean {
  return at <= then && (withdrawnAt === undefined || withdrawnAt > then);
}

/** Undefined when nothing is known. */
export function estimate(
  rule: RollUpRule,
  observations: readonly Observation[],
  override: EstimateOverride | undefined,
): ShownEstimate | undefined {
  const computed = rollUp(rule, observations);
  if (override !== undefined) {
    const { value, level } = override;
    return { value, level, override, ...(computed === undefined ? {} : { computed }) };
  }
  if (computed === undefined) return undefined;
  const { value, level } = computed;
  if (value === undefined || level === undefined) return { computed };
  return { value, level, computed };
}
