import type { FlagFact } from '../support.ts';

/** What a family reads of one learner's week; names of achievements, not ids. */
export interface WeekWords {
  readonly submitted: readonly string[];
  readonly inReview: readonly string[];
  readonly earned: readonly string[];
  readonly returned: readonly { readonly name: string; readonly feedback: string }[];
  /** Whole sentences. */
  readonly stuck: readonly string[];
}

/** Every sentence that Cairn writes to learners and families, in one language. */
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
}

export interface FlagNames {
  /** Name of the achievement that it is about. */
  readonly achievement?: string | undefined;
  /** Name of the level that is missing. */
  readonly previous?: string | undefined;
}
