import type { AchievementVersion } from '../../domain/achievements.ts';
import { mayHandInFile } from '../../domain/files.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { buildEvidence, type Evidence } from '../../domain/evidence.ts';
import {
  assertMayHandInFor,
  buildSubmission,
  editSubmission,
  roundOf,
  submitSubmission,
  withdrawSubmission,
  type Submission,
  type SubmissionState,
  type Target,
} from '../../domain/submissions.ts';
import {
  buildSelfAssessments,
  type SelfAssessment,
  type SelfAssessmentInput,
} from '../../domain/self-assessments.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid, notFound } from '../../shared/errors.ts';
import { newId, newRandomId } from '../../shared/ids.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { FileStore } from '../../storage/files.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import { maySeeLearner } from '../school/learner-visibility.ts';
import { changeSubmission } from './submission-changes.ts';
import { assertStillOpen, findTargets, type TargetDependencies } from './submission-targets.ts';

export interface EvidenceInput {
  readonly name: string;
  readonly narrative?: string | undefined;
  readonly url?: string | undefined;
  /** Id of an uploaded file. */
  readonly file?: string | undefined;
}

export interface NewSubmission {
  /** The actor, when left out. */
  readonly learner?: string | undefined;
  /** With a course, some of its achievements; all that the learner does not hold, when left out. */
  readonly achievements?: readonly string[] | undefined;
  readonly course?: string | undefined;
  readonly evidence: readonly EvidenceInput[];
  /** How the learner sees the work, before anybody else has read it. */
  readonly selfAssessment?: readonly SelfAssessmentInput[] | undefined;
  /** Hands it in at once. */
  readonly submit?: boolean | undefined;
}

export type SubmissionChanges = {
  readonly [K in 'achievements' | 'evidence' | 'selfAssessment']?: NewSubmission[K] | undefined;
};

interface Dependencies extends TargetDependencies {
  readonly submissions: SubmissionStore;
  readonly people: PersonStore;
  readonly files: FileStore;
  readonly now: Clock;
}

export type SubmissionService = ReturnType<typeof createSubmissionService>;

export function createSubmissionService(dependencies: Dependencies) {
  const { submissions, people, now } = dependencies;

  return { create, edit, submit, withdraw, get, list };

  async function create(actor: Actor, input: NewSubmission): Promise<Submission> {
    assertCan(actor, 'submissions.create');
    const learner = input.learner ?? actor.id;
    assertMayHandInFor(actor, learner);
    const scope = scopeOf(actor);
    const person = await people.find(scope, learner);
    if (person === undefined) throw notFound('learner');
    if (!person.roles.includes('learner')) {
      throw invalid('submission.not_a_learner', 'Only a learner’s work can be handed in.');
    }
    const { achievements, course, selfAssessment = [] } = input;
    const targets = await findTargets(dependencies, scope, { learner, achievements, course });
    const assessments = await assess(dependencies, scope, {
      ...{ decisions: targets, round: 1 },
      input: selfAssessment,
    });
    const draft = buildSubmission({
      id: newId(),
      organization: actor.organization,
      learner,
      ...(course === undefined ? {} : { course }),
      ...(assessments.length === 0 ? {} : { selfAssessments: assessments }),
      targets,
      evidence: await findEvidence(dependencies, actor, learner, input.evidence),
      now: now(),
    });
    const submission =
      input.submit === true
        ? submitSubmission(draft, await findVersions(dependencies, scope, draft.decisions), now())
        : draft;
    await submissions.add(submission);
    return submission;
  }

  /** Changes a draft, or the evidence of what was sent back. */
  async function edit(actor: Actor, id: string, changes: SubmissionChanges): Promise<Submission> {
    const scope = scopeOf(actor);
    const { learner, course } = await getOwn(actor, id);
    const { achievements, evidence, selfAssessment: input } = changes;
    const wanted = { learner, achievements, course };
    const targets = achievements && (await findTargets(dependencies, scope, wanted));
    const found = evidence && (await findEvidence(dependencies, actor, learner, evidence));
    return changeSubmission(submissions, scope, id, async (submission) => {
      const decisions = targets ?? submission.decisions;
      const round = roundOf(submission);
      const assessments = input && (await assess(dependencies, scope, { decisions, round, input }));
      return editSubmission(submission, { targets, evidence: found, assessments }, now());
    });
  }

  async function submit(actor: Actor, id: string): Promise<Submission> {
    const scope = scopeOf(actor);
    await getOwn(actor, id);
    return changeSubmission(submissions, scope, id, async (submission) => {
      if (submission.state === 'draft') await assertStillOpen(dependencies, scope, submission);
      return submitSubmission(
        submission,
        await findVersions(dependencies, scope, submission.decisions),
        now(),
      );
    });
  }

  async function withdraw(actor: Actor, id: string): Promise<Submission> {
    await getOwn(actor, id);
    return changeSubmission(submissions, scopeOf(actor), id, (submission) =>
      withdrawSubmission(submission, now()),
    );
  }

  async function get(actor: Actor, id: string): Promise<Submission> {
    const submission = await submissions.find(scopeOf(actor), id);
    if (submission === undefined || !(await maySeeLearner(people, actor, submission.learner))) {
      throw notFound('submission');
    }
    return submission;
  }

  /** Learners see their own submissions, guardians those of the learner whom they name. */
  async function list(
    actor: Actor,
    filter: { learner?: string | undefined; state?: SubmissionState | undefined },
    page: PageRequest,
  ): Promise<Page<Submission>> {
    if (can(actor, 'submissions.read-all')) return submissions.list(scopeOf(actor), filter, page);
    const { learner = actor.id } = filter;
    if (!(await maySeeLearner(people, actor, learner))) throw notFound('learner');
    return submissions.list(scopeOf(actor), { ...filter, learner }, page);
  }

  /** A submission that the actor may change: it looks absent to those who may not see it. */
  async function getOwn(actor: Actor, id: string): Promise<Submission> {
    const submission = await get(actor, id);
    assertMayHandInFor(actor, submission.learner);
    return submission;
  }
}

/** What was written, held against the rubrics that the work is judged by. */
async function assess(
  dependencies: Dependencies,
  scope: Scope,
  {
    decisions,
    round,
    input,
  }: {
    readonly decisions: readonly Target[];
    readonly round: number;
    readonly input: readonly SelfAssessmentInput[];
  },
): Promise<readonly SelfAssessment[]> {
  if (input.length === 0) return [];
  const versions = await findVersions(dependencies, scope, decisions);
  return buildSelfAssessments(input, versions, round);
}

async function findVersions(
  { versions }: Dependencies,
  scope: Scope,
  decisions: readonly Target[],
): Promise<readonly AchievementVersion[]> {
  return Promise.all(
    decisions.map(async ({ achievement, version }) => {
      const found = await versions.findVersion(scope, achievement, version);
      if (found === undefined) throw notFound('achievement');
      return found;
    }),
  );
}

/** Evidence with its files, which must be the learner's or the actor's own. */
async function findEvidence(
  { files }: Dependencies,
  actor: Actor,
  learner: string,
  input: readonly EvidenceInput[],
): Promise<readonly Evidence[]> {
  const scope = scopeOf(actor);
  const ids = input.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const found = await files.findMany(scope, ids);
  const evidence = input.map(({ file: id, ...item }) => {
    const file = found.find((one) => one.id === id);
    if (id !== undefined && !(file && mayHandInFile(actor, learner, file))) throw notFound('file');
    return buildEvidence(newRandomId(), item, file);
  });
  const toAssign = found.filter(({ owner }) => owner !== learner).map(({ id }) => id);
  if (toAssign.length > 0) await files.assignTo(scope, toAssign, learner);
  return evidence;
}
