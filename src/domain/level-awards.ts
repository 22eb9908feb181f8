/** A learner who has reached a level that is not certified without a person. */
export interface LevelWait {
  readonly id: string;
  readonly organization: string;
  readonly rule: string;
  readonly learner: string;
  /** The rule says so, or a person revoked the level once. */
  readonly why: 'by-person' | 'revoked';
  readonly createdAt: Date;
}
