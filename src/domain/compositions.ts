import type { Requirement } from './requirements.ts';

export const creditTiers = ['foundational', 'advanced'] as const;

/** What a mastery credit is made of: achievements, those of kind `level` among them. */
export interface Composition extends Requirement {
  /** Of the achievement of kind `credit`. */
  readonly id: string;
  readonly organization: string;
  readonly tier: (typeof creditTiers)[number];
  /** Whether Cairn awards the credit by itself as soon as all is there, or somebody says so. */
  readonly certify: 'by-rule' | 'by-person';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
