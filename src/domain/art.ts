/** A picture that a learner drew for an achievement on their own chart. Never in anything that is signed. */
export interface Art {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly achievement: string;
  /** PNG of our own making. Absent once it was declined. */
  readonly blob?: string;
  readonly width: number;
  readonly height: number;
  readonly state: 'waiting' | 'approved' | 'declined';
  readonly decidedBy?: string;
  readonly decidedAt?: Date;
  /** Why it was declined, in words for the learner. */
  readonly reason?: string;
  readonly createdAt: Date;
}

export const artStates = ['waiting', 'approved', 'declined'] as const;
