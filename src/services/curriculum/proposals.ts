import { decideProposal, type Proposal, type ProposalVerdict } from '../../domain/proposals.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { ProposalFilter, ProposalStore } from '../../storage/proposals.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import { assertPublished, type VersionLists } from '../achievements/known-achievements.ts';
import { maySeeLearner } from '../school/learner-visibility.ts';
import { fulfilProposal, type Fulfilment } from './proposal-outcomes.ts';

export type NewProposal = Pick<Proposal, 'kind' | 'title' | 'text' | 'about'>;
type Verdict = Omit<ProposalVerdict, 'by' | 'at'>;

interface Dependencies extends Fulfilment {
  readonly proposals: ProposalStore;
  readonly people: Pick<PersonStore, 'find'>;
  readonly versions: VersionLists;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type ProposalService = ReturnType<typeof createProposalService>;

const maxAttempts = 5;

export function createProposalService(dependencies: Dependencies) {
  const { proposals, people, versions, audit, now } = dependencies;

  return { create, get, list, decide };

  async function create(actor: Actor, input: NewProposal): Promise<Proposal> {
    assertCan(actor, 'proposals.create');
    await assertAbout(actor, input);
    const at = now();
    const { title, text } = input;
    const proposal: Proposal = {
      id: newId(),
      organization: actor.organization,
      learner: actor.id,
      ...input,
      state: 'open',
      history: [{ kind: 'proposed', by: actor.id, at, title, text }],
      revision: 1,
      createdAt: at,
      updatedAt: at,
    };
    await proposals.add(proposal);
    const { id, kind } = proposal;
    const subject = `proposal:${id}`;
    await audit.record(actor, { action: 'proposal.made', subject, details: { kind } });
    return proposal;
  }

  async function assertAbout(actor: Actor, { kind, about }: NewProposal): Promise<void> {
    if (kind === 'evidence' && about.length !== 1) {
      throw invalid('proposal.about_missing', 'Say which achievement the evidence would be for.', [
        { path: 'about', message: 'must name exactly one achievement' },
      ]);
    }
    await assertPublished(versions, scopeOf(actor), {
      code: 'proposal.unknown_achievement',
      places: about.map((id, index) => ({ id, path: `about.${index}` })),
    });
  }

  /** Learners see their own, families those of their learners, staff all. */
  async function get(actor: Actor, id: string): Promise<Proposal> {
    const proposal = await proposals.find(scopeOf(actor), id);
    if (proposal === undefined || !(await maySeeLearner(people, actor, proposal.learner))) {
      throw notFound('proposal');
    }
    return proposal;
  }

  async function list(
    actor: Actor,
    filter: ProposalFilter,
    page: PageRequest,
  ): Promise<Page<Proposal>> {
    if (can(actor, 'proposals.decide')) return proposals.list(scopeOf(actor), filter, page);
    const learner = filter.learner ?? actor.id;
    if (!(await maySeeLearner(people, actor, learner))) throw notFound('learner');
    return proposals.list(scopeOf(actor), { ...filter, learner }, page);
  }

  /**
   * Accepts, edits or declines. What acceptance makes has its id from the decision on, so that asking again finishes
   * what a crash interrupted.
   */
  async function decide(actor: Actor, id: string, verdict: Verdict): Promise<Proposal> {
    assertCan(actor, 'proposals.decide');
    const scope = scopeOf(actor);
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const before = await proposals.find(scope, id);
      if (before === undefined) throw notFound('proposal');
      const isRepeated = before.state === 'accepted' && verdict.kind === 'accepted';
      const after = isRepeated ? before : decideAs(actor, before, verdict);
      if (after.state === 'accepted') await assertAbout(actor, after);
      if (!isRepeated && !(await proposals.replace(scope, after))) continue;
      if (after.state === 'accepted') await fulfilProposal(dependencies, actor, after);
      await record(actor, after, verdict);
      return after;
    }
    throw conflict(
      'proposal.changed_meanwhile',
      'Somebody else is deciding about this proposal. Please look at it again.',
    );
  }

  function decideAs(actor: Actor, proposal: Proposal, verdict: Verdict): Proposal {
    const noun = proposal.kind === 'evidence' ? undefined : proposal.kind;
    const outcome = verdict.kind === 'accepted' && noun ? { noun, id: newId() } : undefined;
    return decideProposal(proposal, { ...verdict, by: actor.id, at: now() }, outcome);
  }

  async function record(actor: Actor, { id, revision, outcome }: Proposal, verdict: Verdict) {
    const actions = {
      accepted: 'proposal.accepted',
      edited: 'proposal.edited',
      declined: 'proposal.declined',
    } as const;
    await audit.record(actor, {
      action: actions[verdict.kind],
      subject: `proposal:${id}`,
      ...(outcome && { details: { [outcome.noun]: outcome.id } }),
      key: `proposal.decided:${id}/${revision}`,
    });
  }
}
