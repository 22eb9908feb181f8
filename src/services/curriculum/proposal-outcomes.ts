import type { Achievement } from '../../domain/achievements.ts';
import type { Pathway } from '../../domain/pathways.ts';
import type { Proposal } from '../../domain/proposals.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import type { AchievementService } from '../achievements/achievements.ts';

export interface Fulfilment {
  readonly achievements: Pick<AchievementStore, 'find'>;
  readonly writing: Pick<AchievementService, 'create' | 'update'>;
  readonly pathways: Pick<PathwayStore, 'find' | 'add'>;
}

/** Makes what was accepted: always a draft, which somebody looks through before it counts. Safe to repeat. */
export async function fulfilProposal(
  fulfilment: Fulfilment,
  actor: Actor,
  proposal: Proposal,
): Promise<void> {
  if (proposal.kind === 'evidence') return acceptEvidence(fulfilment, actor, proposal);
  return proposal.kind === 'pathway'
    ? draftPathway(fulfilment, actor, proposal)
    : draftAchievement(fulfilment, actor, proposal);
}

async function draftAchievement(
  { achievements, writing }: Fulfilment,
  actor: Actor,
  { title, text, outcome }: Proposal,
): Promise<void> {
  const id = outcome?.id ?? '';
  const before: Achievement | undefined = await achievements.find(scopeOf(actor), id);
  if (before !== undefined) return;
  const words = { name: title, description: text, criteria: text };
  await writing.create(actor, { kind: 'microcredential', ...words, standards: [], rubric: [] }, id);
}

async function draftPathway(
  { pathways }: Fulfilment,
  actor: Actor,
  { title, text, about, outcome, updatedAt }: Proposal,
): Promise<void> {
  const scope = scopeOf(actor);
  const id = outcome?.id ?? '';
  if ((await pathways.find(scope, id)) !== undefined) return;
  const pathway: Pathway = {
    id,
    ...scope,
    ...{ name: title, description: text, kind: 'free', state: 'draft' },
    steps: about.map((achievement) => ({ achievement, requires: [] })),
    revision: 1,
    createdAt: updatedAt,
    updatedAt,
  };
  await pathways.add(pathway);
}

/** Into the draft of the achievement: learners read of it with its next version. */
async function acceptEvidence(
  { achievements, writing }: Fulfilment,
  actor: Actor,
  { about, title }: Proposal,
): Promise<void> {
  const [id = ''] = about;
  const achievement = await achievements.find(scopeOf(actor), id);
  if (achievement === undefined) throw notFound('achievement');
  const { evidencePolicy } = achievement.draft;
  const { accepted = [] } = evidencePolicy;
  if (accepted.includes(title)) return;
  await writing.update(actor, id, {
    evidencePolicy: { ...evidencePolicy, accepted: [...accepted, title] },
  });
}
