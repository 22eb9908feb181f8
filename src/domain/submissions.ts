import type { Result } from './rubrics.ts';

/** A file that a learner handed in; its bytes lie in the blob store under `blob`. */
export interface EvidenceFile {
  readonly blob: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
}

export interface Evidence {
  readonly id: string;
  readonly name: string;
  readonly narrative?: string;
  readonly url?: string;
  readonly file?: EvidenceFile;
}

export type SubmissionState = 'draft' | 'submitted' | 'decided' | 'withdrawn';
export type DecisionState = 'pending' | 'approved' | 'revise' | 'declined';

export interface Review {
  readonly id: string;
  readonly achievement: string;
  readonly version: number;
  readonly reviewer: string;
  readonly decision: 'approve' | 'revise' | 'decline';
  readonly results: readonly Result[];
  readonly feedback?: string;
  /** Why a level below the required one was accepted; audited. */
  readonly overrideReason?: string;
  readonly at: Date;
  /** Which round of the submission was judged: 1 the first time, 2 after the first "not yet" … */
  readonly round: number;
}

/** One achievement that the submission is handed in for; each is decided by itself. */
export interface Decision {
  readonly achievement: string;
  readonly version: number;
  readonly state: DecisionState;
  /** Fixed with the approval: the award and the credential that it will become. */
  readonly award?: string;
  readonly credential?: string;
}

export interface Submission {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly state: SubmissionState;
  readonly round: number;
  readonly decisions: readonly Decision[];
  readonly evidence: readonly Evidence[];
  /** Evidence of earlier rounds: history is never overwritten. */
  readonly earlierEvidence: readonly {
    readonly round: number;
    readonly evidence: readonly Evidence[];
  }[];
  readonly reviews: readonly Review[];
  readonly submittedAt?: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
