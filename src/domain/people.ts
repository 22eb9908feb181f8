import type { Role } from './roles.ts';

export interface Person {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  /** Lower case; unique within the organization. */
  readonly email?: string;
  readonly roles: readonly Role[];
  /** The school information system's id (OneRoster sourcedId). */
  readonly sourcedId?: string;
  /** Ids of the learners that a guardian may see. */
  readonly guardianOf: readonly string[];
  /** An adult learner may be given public credentials by policy; everybody else starts private. */
  readonly adult: boolean;
  /** What they read best (BCP 47); the school's usual language where nothing is said. */
  readonly language?: string;
  /** Whether they want the weekly letter; absent: yes. */
  readonly digest?: boolean;
  /** How fast a learner means to go. Nobody is failed by it. */
  readonly pace?: Pace;
  readonly createdAt: Date;
}

export interface Pace {
  /** Achievements in a month of 30 days. */
  readonly perMonth: number;
  readonly setBy: string;
  readonly setAt: Date;
}

/** A key for machines. One that names a person acts as that person, with that person's roles of the moment. */
export interface ApiKey {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly person?: string;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
  readonly createdAt: Date;
}
