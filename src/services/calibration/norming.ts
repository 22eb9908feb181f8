import {
  measureAgreement,
  pairUp,
  toJudgements,
  type Agreement,
  type Anchor,
  type Judgement,
  type NormingRating,
  type NormingSession,
} from '../../domain/calibration.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { newId, newRandomId } from '../../shared/ids.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { NormingStore } from '../../storage/norming.ts';
import { findAnonymousWork, type AnonymousWork, type WorkSource } from './anonymous-work.ts';
import type { AuditService } from '../audit.ts';
import { assertComplete, type Results } from './calibration.ts';

export interface NewNormingSession {
  readonly achievement: string;
  readonly title: string;
  readonly anchors: readonly { readonly submission: string; readonly results: Results }[];
}

/** An anchor as one reader sees it: what was agreed on and what others found only after their own rating. */
export interface SeenAnchor extends Partial<AnonymousWork> {
  readonly id: string;
  readonly own?: readonly Judgement[];
  readonly expected?: readonly Judgement[];
  readonly others?: readonly (readonly Judgement[])[];
  /** Of all ratings with what was agreed on. */
  readonly agreement?: Agreement;
}

interface Dependencies extends WorkSource {
  readonly norming: NormingStore;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type NormingService = ReturnType<typeof createNormingService>;

export function createNormingService(dependencies: Dependencies) {
  const { norming, versions, audit, now } = dependencies;

  return { create, list, get, rate };

  async function create(actor: Actor, input: NewNormingSession): Promise<NormingSession> {
    assertCan(actor, 'calibration.read');
    const scope = scopeOf(actor);
    const { achievement, title } = input;
    const anchors = await Promise.all(
      input.anchors.map((anchor) => buildAnchor(dependencies, scope, achievement, anchor)),
    );
    const made = { id: newId(), organization: actor.organization, achievement, title, anchors };
    const session = { ...made, createdBy: actor.id, createdAt: now() };
    await norming.add(session);
    await audit.record(actor, {
      action: 'norming.created',
      subject: `norming-session:${session.id}`,
      details: { achievement, anchors: anchors.length },
    });
    return session;
  }

  async function list(actor: Actor, page: PageRequest): Promise<Page<NormingSession>> {
    assertCan(actor, 'submissions.review');
    return norming.list(scopeOf(actor), page);
  }

  async function get(
    actor: Actor,
    id: string,
  ): Promise<{ session: NormingSession; anchors: readonly SeenAnchor[] }> {
    const session = await getSession(actor, id);
    const ratings = await norming.listRatings(scopeOf(actor), id);
    const anchors = await Promise.all(
      session.anchors.map((anchor) => see(actor, session, anchor, ratings)),
    );
    return { session, anchors };
  }

  async function see(
    actor: Actor,
    { achievement }: NormingSession,
    anchor: Anchor,
    all: readonly NormingRating[],
  ): Promise<SeenAnchor> {
    const work = await findAnonymousWork(dependencies, scopeOf(actor), { ...anchor, achievement });
    const ratings = all.filter((one) => one.anchor === anchor.id);
    const own = ratings.find(({ reader }) => reader === actor.id)?.judgements;
    if (own === undefined) return { id: anchor.id, ...work };
    const others = ratings.filter(({ reader }) => reader !== actor.id);
    const pairs = ratings.flatMap(({ judgements }) => pairUp(anchor.expected, judgements));
    return {
      id: anchor.id,
      ...work,
      own,
      expected: anchor.expected,
      others: others.map(({ judgements }) => judgements),
      agreement: measureAgreement(pairs),
    };
  }

  async function rate(
    actor: Actor,
    id: string,
    { anchor: anchorId, results }: { readonly anchor: string; readonly results: Results },
  ): Promise<{ session: NormingSession; anchors: readonly SeenAnchor[] }> {
    const { anchors, achievement } = await getSession(actor, id);
    const anchor = anchors.find((one) => one.id === anchorId);
    if (anchor === undefined) throw notFound('anchor');
    const scope = scopeOf(actor);
    const version = await versions.findVersion(scope, achievement, anchor.version);
    if (version === undefined) throw notFound('achievement');
    assertComplete(version.rubric, results);
    const judgements = toJudgements(version.rubric, results);
    const names = { organization: actor.organization, session: id, anchor: anchor.id };
    const rating = { id: newId(), ...names, reader: actor.id, judgements, at: now() };
    if (!(await norming.addRating(rating))) {
      throw conflict('norming.rated', 'You have judged this already; you have seen the results.');
    }
    await audit.record(actor, {
      action: 'norming.rated',
      subject: `norming-session:${id}`,
      details: { anchor: anchor.id },
    });
    return get(actor, id);
  }

  async function getSession(actor: Actor, id: string): Promise<NormingSession> {
    assertCan(actor, 'submissions.review');
    const session = await norming.find(scopeOf(actor), id);
    if (session === undefined) throw notFound('norming_session');
    return session;
  }
}

/** Results that the school agreed on for a piece of work, as it was handed in last. */
async function buildAnchor(
  { submissions, versions }: WorkSource,
  scope: Scope,
  achievement: string,
  { submission: id, results }: NewNormingSession['anchors'][number],
): Promise<Anchor> {
  const submission = await submissions.find(scope, id);
  if (submission === undefined) throw notFound('submission');
  const decision = submission.decisions.find((one) => one.achievement === achievement);
  if (decision === undefined || submission.submittedAt === undefined) {
    throw invalid('norming.other_work', 'An anchor is work that was handed in for this.');
  }
  const version = await versions.findVersion(scope, achievement, decision.version);
  if (version === undefined) throw notFound('achievement');
  assertComplete(version.rubric, results);
  const { learner, round } = submission;
  const expected = toJudgements(version.rubric, results);
  return {
    id: newRandomId(),
    submission: id,
    learner,
    round,
    version: decision.version,
    expected,
  };
}
