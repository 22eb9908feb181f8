import type { NextStep } from '../level-rules.ts';
import type { PaceReport } from '../pace.ts';
import type { Standing } from '../progress.ts';
import type { EstimateReason } from '../roll-ups.ts';
import type { FlagFact } from '../support.ts';
import type { Terms } from '../vocabulary.ts';

/** What a family reads of one learner's week; names of achievements, not ids. */
export interface WeekWords {
  readonly submitted: readonly string[];
  readonly inReview: readonly string[];
  readonly earned: readonly string[];
  readonly returned: readonly { readonly name: string; readonly feedback: string }[];
  /** Whole sentences. */
  readonly stuck: readonly string[];
}

/** Every sentence that Cairn writes to learners and families, in one language and in the words of one school. */
export interface Letters {
  readonly language: string;
  /** A flag in one sentence that names nobody. */
  readonly flag: (fact: FlagFact, names: FlagNames) => string;
  readonly helper: (name: string) => string;
  /** Somebody helps who holds it, or knows it. */
  readonly mentor: (name: string, achievement: string) => string;
  readonly resolved: string;
  readonly subject: (school: string) => string;
  readonly greeting: (name: string) => string;
  readonly week: (learner: string) => string;
  readonly headings: Readonly<Record<keyof WeekWords, string>>;
  readonly quiet: string;
  readonly unsubscribe: string;
  /** The same in a mail, in front of the address where it is stopped. */
  readonly stop: string;
  /** One thing to do; `names` are those of its achievements. */
  readonly step: (step: NextStep, names: string) => string;
  /** The end of a list that is too long to be read. */
  readonly more: (count: number) => string;
  /** In the place of a name. */
  readonly unpublished: string;
  /** Why an estimate is what it is. */
  readonly estimate: (reason: EstimateReason) => string;
  readonly pace: (pace: PaceReport) => string;
  readonly chart: ChartWords;
}

export interface ChartWords {
  readonly competency: (learner: string) => string;
  readonly stickers: (learner: string) => string;
  readonly summary: (framework: string, facts: ChartFacts) => string;
  readonly level: (ordinal: number, name: string) => string;
  /** Of what belongs to no level. */
  readonly others: string;
  readonly states: Readonly<Record<Standing['state'], string>>;
}

export interface ChartFacts {
  readonly held: number;
  readonly all: number;
  /** Such as 2026-12-24. */
  readonly day: string;
}

/** One language, with the words of whichever school. */
export type WriteLetters = (say: Terms) => Letters;

export interface FlagNames {
  /** Name of the achievement that it is about. */
  readonly achievement?: string | undefined;
  /** Name of the level that is missing. */
  readonly previous?: string | undefined;
}
