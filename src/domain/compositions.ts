import type { Redecision } from './level-rules.ts';
import type { Pathway } from './pathways.ts';
import type { Prerequisites } from './prerequisites.ts';
import {
  decideRequirement,
  namedBy,
  type Requirement,
  type RequirementDecision,
} from './requirements.ts';

export const creditTiers = ['foundational', 'advanced'] as const;

/** What a mastery credit is made of: achievements, those of kind `level` among them. */
export interface Composition extends Requirement {
  /** Of the achievement of kind `credit`. */
  readonly id: string;
  readonly organization: string;
  readonly tier: (typeof creditTiers)[number];
  /** Whether Cairn awards the credit by itself as soon as all is there, or somebody says so. */
  readonly certify: 'by-rule' | 'by-person';
  readonly redecision?: Redecision;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const compositionLimits = { achievements: 200 } as const;

/** `ready`: everything is there, and somebody has to say so, or it is being signed. */
export type CreditState = 'open' | 'in_progress' | 'ready' | 'held';

export interface CreditDecision extends RequirementDecision {
  readonly state: CreditState;
}

export function decideCredit(composition: Composition, held: ReadonlySet<string>): CreditDecision {
  const decision = decideRequirement(composition, held);
  return { ...decision, state: decideState(composition, decision, held) };
}

function decideState(
  { id }: Composition,
  { holds, earned }: RequirementDecision,
  held: ReadonlySet<string>,
): CreditState {
  if (held.has(id)) return 'held';
  if (holds) return 'ready';
  return earned.length > 0 ? 'in_progress' : 'open';
}

/** What has to be held for what to be awarded by itself, over everything that a school composed. */
export function findAwardPrerequisites(
  compositions: readonly Pick<Composition, 'id' | 'all' | 'any'>[],
  pathways: readonly Pick<Pathway, 'steps' | 'award'>[],
): Prerequisites {
  const all = new Map<string, string[]>();
  const add = (award: string, parts: readonly string[]) => {
    const before = all.get(award);
    if (before === undefined) all.set(award, [...parts]);
    else before.push(...parts);
  };
  for (const composition of compositions) add(composition.id, namedBy(composition));
  for (const { steps, award } of pathways) {
    if (award)
      add(
        award.achievement,
        steps.map(({ achievement }) => achievement),
      );
  }
  return all;
}
