import type { Connection } from 'mongoose';
import type { AchievementVersion } from '../../src/domain/achievements.ts';
import { defaultPolicy } from '../../src/domain/organizations.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import type { Submission } from '../../src/domain/submissions.ts';
import { createAuditService } from '../../src/services/audit.ts';
import type { AwardRequest } from '../../src/services/awards.ts';
import { createReviewQueue } from '../../src/services/review-queue.ts';
import { createReviewService } from '../../src/services/reviews.ts';
import { createSubmissionService } from '../../src/services/submissions.ts';
import { newId } from '../../src/shared/ids.ts';
import { createAuditEventStore } from '../../src/storage/audit-events.ts';
import { buildIndexes, connectStore } from '../../src/storage/connect.ts';
import { createFileStore } from '../../src/storage/files.ts';
import { createOrganizationStore } from '../../src/storage/organizations.ts';
import { createPersonStore } from '../../src/storage/people.ts';
import { createSubmissionStore } from '../../src/storage/submissions.ts';
import { silentLog } from '../support/log.ts';
import { refusal } from '../support/refusal.ts';
import { startTemporaryStore, type TemporaryStore } from '../support/store.ts';
import { buildActor, buildVersion, resultsAt, someTime } from '../support/submissions.ts';

let engine: TemporaryStore;
let connection: Connection;
let stores: ReturnType<typeof createStores>;

beforeAll(async () => {
  engine = await startTemporaryStore({ strict: true });
  connection = await connectStore(engine.uri);
  stores = createStores(connection);
  await buildIndexes(connection);
  await stores.organizations.addFounding({
    id: 'school',
    name: 'School',
    vocabulary: {},
    policy: defaultPolicy,
    createdAt: someTime,
  });
}, 30_000);

afterAll(async () => {
  await connection.close();
  await engine.close();
});

function createStores(to: Connection) {
  return {
    auditEvents: createAuditEventStore(to),
    files: createFileStore(to),
    organizations: createOrganizationStore(to),
    people: createPersonStore(to),
    submissions: createSubmissionStore(to),
  };
}

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
  const audit = createAuditService({ ...stores, now });
  const base = { ...stores, versions, audit, now, log: silentLog };
  return {
    requests,
    awards,
    submissions: createSubmissionService({ ...base, hasLiveAward: () => Promise.resolve(false) }),
    queue: createReviewQueue(base),
    reviews: createReviewService({
      ...base,
      requestAward: (_actor, request) => {
        if (awards.down) return Promise.reject(new Error('no awards at the moment'));
        requests.push(request);
        return Promise.resolve(awards.outcome);
      },
    }),
  };
}

type World = ReturnType<typeof createWorld>;

const teacher = buildActor('teacher');

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

async function handIn({ submissions }: World, versions: readonly AchievementVersion[]) {
  const learner = await addLearner();
  return submissions.create(learner, {
    achievements: versions.map(({ achievement }) => achievement),
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
}

const approvalOf = (version: AchievementVersion) => ({
  achievement: version.achievement,
  decision: 'approve' as const,
  results: resultsAt(version, 1),
});

async function auditOf(submission: Submission) {
  const events = await stores.auditEvents.list(scopeOf(submission), { limit: 1000 });
  return events.filter(({ subject }) => subject === `submission:${submission.id}`);
}

describe('100 approvals at once', () => {
  it('make one approval, one award and one entry in the log', async () => {
    const version = buildVersion();
    const world = createWorld([version]);
    const { id } = await handIn(world, [version]);
    const approvals = Array.from({ length: 100 }, () =>
      world.reviews.review(teacher, id, approvalOf(version)).catch((error: unknown) => error),
    );
    const outcomes = await Promise.all(approvals);

    const [winner, ...others] = outcomes.filter((outcome) => !(outcome instanceof Error));
    expect(others).toEqual([]);
    expect(winner).toMatchObject({ state: 'decided', decisions: [{ settled: 'requested' }] });
    const refused = outcomes.filter((outcome) => outcome instanceof Error);
    expect(refused).toHaveLength(99);
    for (const error of refused) {
      expect(error).toMatchObject({ kind: 'conflict', code: 'review.already_decided' });
    }
    expect(world.requests).toHaveLength(1);
    const submission = await world.submissions.get(teacher, id);
    expect(submission.reviews).toHaveLength(1);
    expect(await auditOf(submission)).toHaveLength(1);
  }, 30_000);

  it('of different achievements decide every one of them', async () => {
    const versions = Array.from({ length: 5 }, () => buildVersion());
    const world = createWorld(versions);
    const { id } = await handIn(world, versions);
    await Promise.all(
      versions.map((version) => world.reviews.review(teacher, id, approvalOf(version))),
    );
    const { state, decisions, reviews } = await world.submissions.get(teacher, id);
    expect(state).toBe('decided');
    expect(new Set(decisions.map(({ settled }) => settled))).toEqual(new Set(['requested']));
    expect(reviews).toHaveLength(5);
    expect(new Set(world.requests.map((request) => request.id)).size).toBe(5);
  }, 30_000);
});

describe('an approval whose award could not be asked for', () => {
  it('stands, and the sweep asks with the very same ids', async () => {
    const version = buildVersion();
    const world = createWorld([version]);
    const { id, evidence, learner } = await handIn(world, [version]);
    world.awards.down = true;
    const approved = await world.reviews.review(teacher, id, approvalOf(version));
    expect(approved.decisions).toMatchObject([{ state: 'approved' }]);
    expect(approved.decisions[0]).not.toHaveProperty('settled');

    expect(await world.reviews.settleDue()).toBe(0);
    world.awards.down = false;
    expect(await world.reviews.settleDue()).toBe(1);
    expect(await world.reviews.settleDue()).toBe(0);

    const [decision] = approved.decisions;
    const [review] = approved.reviews;
    expect(world.requests).toEqual([
      {
        id: decision?.award,
        credential: decision?.credential,
        learner,
        achievement: version.achievement,
        version: 1,
        source: { kind: 'review', submission: id, review: review?.id },
        awardedBy: teacher.id,
        awardedAt: review?.at,
        evidence,
        results: review?.results,
      },
    ]);
    expect(await auditOf(approved)).toHaveLength(1);
  });

  it('is noted when the learner held the achievement already', async () => {
    const version = buildVersion();
    const world = createWorld([version]);
    world.awards.outcome = 'already-awarded';
    const { id } = await handIn(world, [version]);
    const { decisions } = await world.reviews.review(teacher, id, approvalOf(version));
    expect(decisions).toMatchObject([{ settled: 'already-awarded' }]);
  });
});

describe('the audit log', () => {
  it('says who decided what, and why a level was accepted', async () => {
    const version = buildVersion();
    const world = createWorld([version]);
    const submission = await handIn(world, [version]);
    const lead = buildActor('lead');
    await world.reviews.review(lead, submission.id, {
      ...approvalOf(version),
      results: resultsAt(version, 0),
      overrideReason: 'Seen in class.',
    });
    expect(await auditOf(submission)).toMatchObject([
      {
        action: 'review.approved',
        actor: { kind: 'person', id: lead.id },
        reason: 'Seen in class.',
        details: { achievement: version.achievement, round: 1, override: true },
      },
    ]);
  });

  it('keeps attempts without the right to decide', async () => {
    const version = buildVersion();
    const world = createWorld([version]);
    const submission = await handIn(world, [version]);
    const learner = buildActor('learner', { id: submission.learner });
    await expect(world.reviews.review(learner, submission.id, approvalOf(version))).rejects.toThrow(
      refusal({ kind: 'forbidden', code: 'role.not_allowed' }),
    );
    expect(await auditOf(submission)).toMatchObject([
      { action: 'review.denied', actor: { id: learner.id } },
    ]);
    expect((await world.submissions.get(teacher, submission.id)).reviews).toEqual([]);
  });
});

describe('the review queue', () => {
  it('holds what waits, longest waiting first, page by page', async () => {
    const version = buildVersion({ kind: 'boss' });
    const world = createWorld([version]);
    const organization = newId();
    const readers = buildActor('teacher', { organization });
    const waiting: Submission[] = [];
    for (const seconds of [3, 1, 2, 2, 2]) {
      const learner = await addLearner(`Learner ${seconds}`);
      const submission = await handInAs(learner.id, organization, version, seconds);
      waiting.push(submission);
    }
    const inOrder = waiting.toSorted(
      (a, b) =>
        (a.submittedAt?.getTime() ?? 0) - (b.submittedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.queue.list(readers, { limit: 2, cursor });
      seen.push(...page.items.map(({ submission }) => submission.id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(inOrder.map(({ id }) => id));
  });

  it('shows what a reviewer needs', async () => {
    const version = buildVersion({ kind: 'boss' });
    const world = createWorld([version]);
    const submission = await handIn(world, [version]);
    await world.reviews.review(teacher, submission.id, approvalOf(version));
    const { items } = await world.queue.list(teacher, { limit: 200 });
    expect(items.find((entry) => entry.submission.id === submission.id)).toMatchObject({
      learnerName: 'Ada',
      open: [{ version: { name: version.name }, readers: 2, approvedBy: [teacher.id] }],
    });
    await expect(world.queue.list(teacher, { limit: 1, cursor: 'x' })).rejects.toThrow(
      refusal({ kind: 'invalid' }),
    );
  });

  async function handInAs(
    learner: string,
    organization: string,
    version: AchievementVersion,
    seconds: number,
  ) {
    const submission: Submission = {
      id: newId(),
      organization,
      learner,
      state: 'submitted',
      round: 1,
      decisions: [{ achievement: version.achievement, version: 1, state: 'pending' }],
      evidence: [],
      earlierEvidence: [],
      reviews: [],
      audited: 0,
      revision: 1,
      submittedAt: new Date(someTime.getTime() + seconds * 1_000),
      createdAt: someTime,
      updatedAt: someTime,
    };
    await stores.submissions.add(submission);
    return submission;
  }
});
