import { isAwardedByHand } from '../domain/achievements.ts';
import { mayHandInFile } from '../domain/files.ts';
import { assertCan, can, scopeOf, type Actor, type Scope } from '../domain/roles.ts';
import {
  assertMayHandInFor,
  buildEvidence,
  buildSubmission,
  editSubmission,
  maySeeSubmission,
  submitSubmission,
  withdrawSubmission,
  type Evidence,
  type Submission,
  type SubmissionState,
  type Target,
} from '../domain/submissions.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../shared/errors.ts';
import { newId, newRandomId } from '../shared/ids.ts';
import type { Page, PageRequest } from '../storage/document.ts';
import type { FileStore } from '../storage/files.ts';
import type { PersonStore } from '../storage/people.ts';
import type { SubmissionStore } from '../storage/submissions.ts';
import type { AchievementVersions } from './awards.ts';
import { changeSubmission } from './submission-changes.ts';

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
  readonly achievements: readonly string[];
  readonly evidence: readonly EvidenceInput[];
  /** Hands it in at once. */
  readonly submit?: boolean | undefined;
}

export type SubmissionChanges = {
  readonly [K in 'achievements' | 'evidence']?: NewSubmission[K] | undefined;
};

interface Dependencies {
  readonly submissions: SubmissionStore;
  readonly people: PersonStore;
  readonly files: FileStore;
  readonly versions: AchievementVersions;
  /** Whether the learner holds this achievement already. */
  readonly hasLiveAward: (scope: Scope, learner: string, achievement: string) => Promise<boolean>;
  readonly now: Clock;
}

export type SubmissionService = ReturnType<typeof createSubmissionService>;

export function createSubmissionService(dependencies: Dependencies) {
  const { submissions, people, versions, now } = dependencies;

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
    const draft = buildSubmission({
      id: newId(),
      organization: actor.organization,
      learner,
      targets: await findTargets(dependencies, scope, learner, input.achievements),
      evidence: await findEvidence(dependencies, actor, learner, input.evidence),
      now: now(),
    });
    const submission =
      input.submit === true
        ? submitSubmission(draft, await findVersions(scope, draft), now())
        : draft;
    await submissions.add(submission);
    return submission;
  }

  /** Changes a draft, or the evidence of what was sent back. */
  async function edit(actor: Actor, id: string, changes: SubmissionChanges): Promise<Submission> {
    const scope = scopeOf(actor);
    const { learner } = await getOwn(actor, id);
    const { achievements, evidence } = changes;
    const targets = achievements && (await findTargets(dependencies, scope, learner, achievements));
    const found = evidence && (await findEvidence(dependencies, actor, learner, evidence));
    return changeSubmission(submissions, scope, id, (submission) =>
      editSubmission(submission, { targets, evidence: found }, now()),
    );
  }

  async function submit(actor: Actor, id: string): Promise<Submission> {
    const scope = scopeOf(actor);
    await getOwn(actor, id);
    return changeSubmission(submissions, scope, id, async (submission) => {
      if (submission.state === 'draft') await assertStillOpen(scope, submission);
      return submitSubmission(submission, await findVersions(scope, submission), now());
    });
  }

  /** A draft may be older than the end of what it is for. */
  async function assertStillOpen(scope: Scope, { decisions }: Submission): Promise<void> {
    for (const { achievement } of decisions) {
      if ((await versions.findCurrent(scope, achievement)) !== undefined) continue;
      throw conflict(
        'submission.achievement_retired',
        'An achievement of this draft is retired. Take it out, or start a new submission.',
      );
    }
  }

  async function withdraw(actor: Actor, id: string): Promise<Submission> {
    await getOwn(actor, id);
    return changeSubmission(submissions, scopeOf(actor), id, (submission) =>
      withdrawSubmission(submission, now()),
    );
  }

  async function get(actor: Actor, id: string): Promise<Submission> {
    const submission = await submissions.find(scopeOf(actor), id);
    if (submission === undefined || !maySeeSubmission(actor, submission)) {
      throw notFound('submission');
    }
    return submission;
  }

  /** Learners see their own submissions, whatever they ask for. */
  async function list(
    actor: Actor,
    filter: { learner?: string | undefined; state?: SubmissionState | undefined },
    page: PageRequest,
  ): Promise<Page<Submission>> {
    if (can(actor, 'submissions.read-all')) return submissions.list(scopeOf(actor), filter, page);
    assertCan(actor, 'submissions.create');
    if (filter.learner !== undefined && filter.learner !== actor.id) throw notFound('learner');
    return submissions.list(scopeOf(actor), { ...filter, learner: actor.id }, page);
  }

  /** A submission that the actor may change: it looks absent to those who may not see it. */
  async function getOwn(actor: Actor, id: string): Promise<Submission> {
    const submission = await get(actor, id);
    assertMayHandInFor(actor, submission.learner);
    return submission;
  }

  async function findVersions(scope: Scope, { decisions }: Submission) {
    return Promise.all(
      decisions.map(async ({ achievement, version }) => {
        const found = await versions.findVersion(scope, achievement, version);
        if (found === undefined) throw notFound('achievement');
        return found;
      }),
    );
  }
}

async function findTargets(
  { versions, hasLiveAward }: Dependencies,
  scope: Scope,
  learner: string,
  achievements: readonly string[],
): Promise<readonly Target[]> {
  return Promise.all(
    [...new Set(achievements)].map(async (achievement) => {
      const version = await versions.findCurrent(scope, achievement);
      if (version === undefined) throw notFound('achievement');
      if (!isAwardedByHand(version.kind)) {
        throw forbidden(
          'submission.level_by_rule',
          'A level is certified by its rule; nothing can be handed in for it.',
        );
      }
      if (await hasLiveAward(scope, learner, achievement)) {
        throw conflict(
          'submission.already_awarded',
          `${version.name} is earned already; it does not have to be handed in again.`,
        );
      }
      return { achievement, version: version.number };
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
