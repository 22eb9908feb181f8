import type { AchievementVersion } from '../../domain/achievements.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import { countReaders, findApprovals } from '../../domain/reviews.ts';
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Submission } from '../../domain/submissions.ts';
import { invalid } from '../../shared/errors.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { AchievementVersions } from '../awards/awards.ts';

/** One achievement that waits for a decision. */
export interface OpenReview {
  readonly version: AchievementVersion;
  /** How many people have to approve before it counts. */
  readonly readers: number;
  /** Who has approved already, in this round. */
  readonly approvedBy: readonly string[];
}

/** Everything that a reviewer needs to decide. */
export interface QueueEntry {
  readonly submission: Submission;
  readonly learnerName: string;
  readonly open: readonly OpenReview[];
}

export type ReviewQueue = ReturnType<typeof createReviewQueue>;

/** What waits for a review, longest waiting first. */
export function createReviewQueue({
  submissions,
  organizations,
  people,
  versions,
}: {
  submissions: SubmissionStore;
  organizations: OrganizationStore;
  people: PersonStore;
  versions: AchievementVersions;
}) {
  return { list };

  async function list(actor: Actor, { limit, cursor }: PageRequest): Promise<Page<QueueEntry>> {
    assertCan(actor, 'submissions.review');
    const scope = scopeOf(actor);
    const found = await submissions.listQueue(scope, {
      limit: limit + 1,
      cursor: cursor === undefined ? undefined : parseCursor(cursor),
    });
    const page = found.slice(0, limit);
    const items = await describe(scope, page);
    const last = page.at(-1);
    return found.length > limit && last !== undefined
      ? { items, next: formatCursor(last) }
      : { items };
  }

  async function describe(scope: Scope, page: readonly Submission[]) {
    const [organization, learners, findVersion] = await Promise.all([
      organizations.find(scope.organization),
      people.findMany(scope, [...new Set(page.map(({ learner }) => learner))]),
      loadVersions(scope, page),
    ]);
    const { secondReader } = organization?.policy ?? defaultPolicy;
    return page.map((submission) => ({
      submission,
      learnerName: learners.find(({ id }) => id === submission.learner)?.name ?? '',
      open: submission.decisions
        .filter(({ state }) => state === 'pending')
        .flatMap((decision) => {
          const version = findVersion(decision.achievement, decision.version);
          if (version === undefined) return [];
          const approvedBy = findApprovals(submission, decision).map(({ reviewer }) => reviewer);
          return [{ version, readers: countReaders(secondReader, version), approvedBy }];
        }),
    }));
  }

  /** Each version once, however many submissions were handed in for it. */
  async function loadVersions(scope: Scope, page: readonly Submission[]) {
    const loading = new Map<string, Promise<AchievementVersion | undefined>>();
    for (const { achievement, version } of page.flatMap(({ decisions }) => decisions)) {
      const key = `${achievement} ${version}`;
      if (!loading.has(key)) loading.set(key, versions.findVersion(scope, achievement, version));
    }
    const entries = [...loading].map(async ([key, version]) => [key, await version] as const);
    const loaded = new Map(await Promise.all(entries));
    return (achievement: string, version: number) => loaded.get(`${achievement} ${version}`);
  }
}

function formatCursor({ submittedAt, id }: Submission): string {
  return `${submittedAt?.getTime() ?? 0}_${id}`;
}

function parseCursor(cursor: string): { at: Date; id: string } {
  const [, at, id] = /^(\d{1,14})_([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: new Date(Number(at)), id };
  throw invalid('request.invalid_query', 'This cursor is not right: take the `next` of a page.');
}
