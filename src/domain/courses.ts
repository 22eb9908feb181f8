/** Achievements of several frameworks that are worked on together, for example by one project. */
export interface Course {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  /** Markdown. */
  readonly description: string;
  readonly achievements: readonly string[];
  readonly state: 'active' | 'retired';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const courseLimits = { achievements: 200 } as const;
