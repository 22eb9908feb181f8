/** A level of a framework: 1 is the first that a learner meets. */
export interface Level {
  readonly ordinal: number;
  readonly name: string;
  readonly description: string;
}

/** One step of a published rubric (CASE CFRubricCriterionLevel). */
export interface PublishedRubricLevel {
  readonly identifier: string;
  /** The step's name in CASE, for example `Proficient`. */
  readonly quality?: string;
  readonly description?: string;
  readonly score?: number;
  readonly position?: number;
}

/** One row of a published rubric (CASE CFRubricCriterion). */
export interface PublishedRubricCriterion {
  readonly identifier: string;
  readonly category?: string;
  readonly description?: string;
  /** Identifier of the standard that the row is about. */
  readonly standard?: string;
  readonly position?: number;
  readonly levels: readonly PublishedRubricLevel[];
}

/** A rubric that came with a framework (CASE CFRubric): a start for the school's own. */
export interface PublishedRubric {
  readonly identifier: string;
  readonly uri?: string;
  readonly title?: string;
  readonly description?: string;
  readonly criteria: readonly PublishedRubricCriterion[];
}

/** What a CASE CFDocument tells about a framework. */
export interface FrameworkMetadata {
  /** CASE CFDocument identifier, verbatim. */
  readonly identifier: string;
  readonly uri: string;
  readonly title: string;
  readonly creator?: string;
  readonly publisher?: string;
  readonly description?: string;
  readonly version?: string;
  readonly language?: string;
  readonly licenseUri?: string;
}

/** A standards framework (CASE CFDocument) with the levels that the school cut it into. */
export interface Framework extends FrameworkMetadata {
  readonly id: string;
  readonly organization: string;
  readonly levels: readonly Level[];
  /** The rubrics that came with the last import; absent when there were none. */
  readonly rubrics?: readonly PublishedRubric[];
  /** How many imports took effect; 0 for a framework made by hand. */
  readonly imports: number;
  /** SHA-256 of the document that was imported last. */
  readonly source?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a CASE CFItem and its isChildOf associations tell about a standard. */
export interface StandardContent {
  /** CASE CFItem identifier and uri, verbatim. */
  readonly identifier: string;
  readonly uri: string;
  /** CASE fullStatement; may hold Markdown, LaTeX or HTML. */
  readonly statement: string;
  /** CASE humanCodingScheme, for example `HSF.LE.1`. */
  readonly code?: string;
  readonly abbreviatedStatement?: string;
  readonly type?: string;
  readonly educationLevel: readonly string[];
  /** Identifiers of the standards that this one is a child of; none for a root. CASE allows several. */
  readonly parents: readonly string[];
  /** Place among its siblings; `unnumbered` where the publisher gave none. */
  readonly sequence: number;
}

/** One standard (CASE CFItem). A retired one stays readable for ever: credentials point at it. */
export interface Standard extends StandardContent {
  readonly id: string;
  readonly organization: string;
  readonly framework: string;
  readonly state: 'current' | 'retired';
}

/** Where a standard stands. */
export type StandardPlace = Pick<Standard, 'id' | 'framework' | 'identifier' | 'parents'>;

/** The sequence of a standard whose publisher gave it no number: after its numbered siblings. */
export const unnumbered = 999_999_999;

/** Our own addresses for what a document gives no address of its own, by CASE identifier. */
export interface CaseUris {
  readonly document: (identifier: string) => string;
  readonly item: (identifier: string) => string;
}
