/** One step of a criterion. In a credential: a RubricCriterionLevel with id `urn:uuid:{id}`. */
export interface CriterionLevel {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly points?: number;
}

/** One row of a rubric. In a credential: a ResultDescription with id `urn:uuid:{id}`. */
export interface Criterion {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** From lowest to highest. */
  readonly levels: readonly CriterionLevel[];
  /** Id of the level that must be reached for the achievement to count as earned. */
  readonly requiredLevel: string;
}

/** The level that a reviewer found for one criterion. In a credential: a Result with id `urn:uuid:{id}`. */
export interface Result {
  readonly id: string;
  readonly criterion: string;
  readonly level: string;
}
