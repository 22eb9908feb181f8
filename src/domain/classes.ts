/** A group of learners and who teaches them: what matrices, help and calibration go by. */
export interface Class {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly teachers: readonly string[];
  readonly learners: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const classLimits = { teachers: 20, learners: 500 } as const;
