/** A level of a framework: 1 is the first that a learner meets. */
export interface Level {
  readonly ordinal: number;
  readonly name: string;
  readonly description: string;
}

/** A standards framework (CASE CFDocument) with the levels that the school cut it into. */
export interface Framework {
  readonly id: string;
  readonly organization: string;
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
  readonly levels: readonly Level[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One standard (CASE CFItem). A retired one stays readable for ever: credentials point at it. */
export interface Standard {
  readonly id: string;
  readonly organization: string;
  readonly framework: string;
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
  readonly sequence: number;
  readonly state: 'current' | 'retired';
}
