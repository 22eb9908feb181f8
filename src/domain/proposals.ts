import { conflict } from '../shared/errors.ts';

export const proposalKinds = ['achievement', 'pathway', 'evidence'] as const;
export type ProposalKind = (typeof proposalKinds)[number];

/** What was done with a proposal; what was written before stays readable. */
export interface ProposalEvent {
  readonly kind: 'proposed' | 'edited' | 'accepted' | 'declined';
  readonly by: string;
  readonly at: Date;
  readonly title: string;
  readonly text: string;
  /** Why, in words for the learner. */
  readonly reason?: string;
}

/** What a learner suggests: another achievement, another way to one, another kind of evidence for it. */
export interface Proposal {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly kind: ProposalKind;
  readonly title: string;
  readonly text: string;
  /** The achievements that it is about: the steps of a pathway, the one that the evidence is for. */
  readonly about: readonly string[];
  readonly state: 'open' | 'accepted' | 'declined';
  /** What acceptance made, or is about to make: its id is fixed with the decision. */
  readonly outcome?: { readonly noun: 'achievement' | 'pathway'; readonly id: string };
  readonly history: readonly ProposalEvent[];
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface ProposalVerdict {
  readonly kind: 'edited' | 'accepted' | 'declined';
  readonly by: string;
  readonly at: Date;
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly reason?: string | undefined;
}

/** The proposal after a verdict. What is decided stays decided. */
export function decideProposal(
  proposal: Proposal,
  { kind, by, at, reason, title = proposal.title, text = proposal.text }: ProposalVerdict,
  outcome?: Proposal['outcome'],
): Proposal {
  if (proposal.state !== 'open') {
    throw conflict('proposal.decided', 'This proposal is decided already.');
  }
  const event = { kind, by, at, title, text, ...(reason === undefined ? {} : { reason }) };
  return {
    ...proposal,
    ...{ title, text },
    state: kind === 'edited' ? 'open' : kind,
    ...(outcome && { outcome }),
    history: [...proposal.history, event],
    revision: proposal.revision + 1,
    updatedAt: at,
  };
}
