import type { Connection } from 'mongoose';
import type { AchievementVersion } from '../../src/domain/achievements.ts';
import { defaultPolicy } from '../../src/domain/organizations.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import type { Submission } from '../../src/domain/submissions.ts';
import { createAuditService } from '../../src/services/audit.ts';
import type { AwardRequest } from '../../src/services/awards/award-drafts.ts';
import { createReviewQueue } from '../../src/services/submissions/review-queue.ts';
import { createReviewService } from '../../src/services/submissions/reviews.ts';
import {
  createSubmissionService,
  type SubmissionService,
} from '../../src/services/submissions/submissions.ts';
import { createAuditEventStore } from '../../src/storage/audit-events.ts';
import { buildIndexes, connectStore } from '../../src/storage/connect.ts';
import { createCourseStore } from '../../src/storage/courses.ts';
import { createFileStore } from '../../src/storage/files.ts';
import { createOrganizationStore } from '../../src/storage/organizations.ts';
import { createPersonStore } from '../../src/storage/people.ts';
import { createSubmissionStore } from '../../src/storage/submissions.ts';
import { silentLog } from './log.ts';
import { startTemporaryStore } from './store.ts';
import { buildActor, resultsAt, someTime } from './submissions.ts';

/** A school on a store of its own, where work is handed in and reviewed. */
export async function startReviews() {
  const engine = await startTemporaryStore({ strict: true });
  const connection = await connectStore(engine.uri);
  const stores = createStores(connection);
  await buildIndexes(connection);
  await stores.organizations.addFounding({
    id: 'school',
    name: 'School',
    vocabulary: {},
    policy: defaultPolicy,
    createdAt: someTime,
  });

  return {
    stores,
    createWorld,
    addLearner,
    handIn,
    auditOf,
    close: async () => {
      await connection.close();
      await engine.close();
    },
  };

  /** The services over the shared store, with achievements and awards that the test holds in its hands. */
  function createWorld(published: readonly AchievementVersion[]) {
    const requests: AwardRequest[] = [];
    const awards = { outcome: 'requested' as 'requested' | 'already-awarded', down: false };
    const find = (achievement: string) =>
      Promise.resolve(published.find((version) => version.achievement === achievement));
    const versions = {
      findCurrent: (_scope: unknown, achievement: string) => find(achievement),
      findVersion: (_scope: unknown, achievement: string) => find(achievement),
    };
    let time = someTime.getTime();
    const now = () => new Date((time += 1_000));
    const audit = createAuditService({ ...stores, now, log: silentLog });
    const base = { ...stores, versions, audit, now, log: silentLog };
    return {
      requests,
      awards,
      submissions: createSubmissionService({
        ...base,
        bossGate: {
          assertOpen: () => Promise.resolve(),
          findClosed: () => Promise.resolve(new Map()),
        },
        hasLiveAward: () => Promise.resolve(false),
      }),
      queue: createReviewQueue(base),
      reviews: createReviewService({
        ...base,
        sample: () => Promise.resolve(),
        requestAward: (_actor, request) => {
          if (awards.down) return Promise.reject(new Error('no awards at the moment'));
          requests.push(request);
          return Promise.resolve(awards.outcome);
        },
      }),
    };
  }

  async function addLearner(name = 'Ada') {
    const learner = buildActor('learner');
    await stores.people.add({
      id: learner.id,
      organization: 'school',
      name,
      roles: ['learner'],
      guardianOf: [],
      adult: false,
      createdAt: someTime,
    });
    return learner;
  }

  async function handIn(
    { submissions }: { submissions: SubmissionService },
    versions: readonly AchievementVersion[],
  ) {
    const learner = await addLearner();
    return submissions.create(learner, {
      achievements: versions.map(({ achievement }) => achievement),
      evidence: [{ name: 'Report', narrative: 'What I did.' }],
      submit: true,
    });
  }

  async function auditOf(submission: Submission) {
    const events = await stores.auditEvents.list(scopeOf(submission), { limit: 1000 });
    return events.filter(({ subject }) => subject === `submission:${submission.id}`);
  }
}

function createStores(to: Connection) {
  return {
    auditEvents: createAuditEventStore(to),
    courses: createCourseStore(to),
    files: createFileStore(to),
    organizations: createOrganizationStore(to),
    people: createPersonStore(to),
    submissions: createSubmissionStore(to),
  };
}

export const approvalOf = (version: AchievementVersion) => ({
  achievement: version.achievement,
  decision: 'approve' as const,
  results: resultsAt(version, 1),
});
