import { defaultPolicy } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import { scopeOf, systemActor, type Scope } from '../../domain/roles.ts';
import { buildFlag, type SupportFlag } from '../../domain/support-flags.ts';
import { readFacts } from '../../domain/support-facts.ts';
import { decideFlags, findGone, flagKey, type SupportPolicy } from '../../domain/support.ts';
import type { Clock } from '../../shared/clock.ts';
import { groupBy } from '../../shared/group.ts';
import { newId } from '../../shared/ids.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';
import type { AuditService } from '../audit.ts';
import type { Job } from '../jobs.ts';

interface Dependencies {
  readonly supportFlags: SupportFlagStore;
  readonly submissions: Pick<SubmissionStore, 'listUnfinished'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly people: Pick<PersonStore, 'listByRole'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  /** By achievement: the one that stands for the level before it, where that has to come first. */
  readonly findGates: (scope: Scope) => Promise<ReadonlyMap<string, string>>;
  readonly audit: AuditService;
  readonly now: Clock;
}

const hourMs = 3_600_000;
const pageSize = 200;
type Open = Omit<SupportFlag, 'log'>;

/** Looks through all learners once an hour: raises flags, and closes those whose fact is gone. */
export function createSupportJob(dependencies: Dependencies): Job {
  const { supportFlags, people, organizations, audit, now } = dependencies;

  return { name: 'support', everyMs: hourMs, step };

  async function step(
    organization: string,
    { cursor }: { cursor: string | undefined },
  ): Promise<string | undefined> {
    const scope = scopeOf(systemActor(organization));
    const policy = (await organizations.find(organization))?.policy ?? defaultPolicy;
    const learners = await people.listByRole(scope, 'learner', { limit: pageSize, after: cursor });
    const { raised, gone } = await decidePage(scope, policy.support, learners);
    await supportFlags.addMany(raised);
    for (const { flag, reason } of gone) await close(scope, flag, reason);
    await tellOn(scope);
    return learners.length < pageSize ? undefined : learners.at(-1)?.id;
  }

  async function decidePage(scope: Scope, policy: SupportPolicy, learners: readonly Person[]) {
    const at = now();
    const when = { now: at, pauses: policy.pauses };
    const load = await loadRecords(
      dependencies,
      scope,
      learners.map(({ id }) => id),
    );
    const raised: SupportFlag[] = [];
    const gone: { flag: Open; reason: 'fact-gone' | 'rule-off' }[] = [];
    for (const { id, createdAt, pace } of learners) {
      const { gates, flags, ...records } = load(id);
      const facts = readFacts({ ...records, flags, joined: createdAt, pace }, gates, when);
      const decided = decideFlags(policy, facts, at);
      const open = flags.filter(({ state }) => state !== 'resolved');
      const known = new Set(open.map(flagKey));
      const names = { organization: scope.organization, learner: id };
      const by = systemActor(scope.organization);
      raised.push(
        ...decided
          .filter((fact) => !known.has(flagKey(fact)))
          .map((fact) => buildFlag(newId(), names, fact, { by, at })),
      );
      gone.push(...findGone(policy, open, decided).filter(({ flag }) => flag.state === 'open'));
    }
    return { raised, gone };
  }

  async function close(scope: Scope, { id }: Open, resolution: 'fact-gone' | 'rule-off') {
    const { kind, id: by } = systemActor(scope.organization);
    const changes = { resolvedAt: now(), resolvedBy: { kind, id: by }, resolution };
    const closed = await supportFlags.resolve(scope, id, changes, { onlyOpen: true });
    if (closed === undefined) return;
    await audit.record(systemActor(scope.organization), {
      action: 'support-flag.resolved',
      subject: `support-flag:${id}`,
      details: { resolution },
      key: `support-flag.resolved:${id}`,
    });
  }

  /** The audit log hears of every flag that was raised, also when a process died between the two. */
  async function tellOn(scope: Scope): Promise<void> {
    for (;;) {
      const untold = await supportFlags.listUntold(scope, pageSize);
      if (untold.length === 0) return;
      await audit.recordMany(systemActor(scope.organization), untold.map(describeRaised));
      await supportFlags.markTold(
        scope,
        untold.map(({ id }) => id),
      );
    }
  }
}

/** One entry per flag, whoever raised it and whoever tells of it. */
export function describeRaised({ id, learner, kind, achievement }: Open) {
  return {
    action: 'support-flag.raised',
    subject: `support-flag:${id}`,
    details: { learner, kind, ...(achievement === undefined ? {} : { achievement }) },
    key: `support-flag.raised:${id}`,
  };
}

/** Everything about one page of learners, in as many queries as for one learner. */
async function loadRecords(
  { supportFlags, submissions, awards, findGates }: Dependencies,
  scope: Scope,
  learners: readonly string[],
) {
  const [flags, work, held, gates] = await Promise.all([
    supportFlags.listOf(scope, learners),
    submissions.listUnfinished(scope, learners),
    awards.listHeld(scope, learners),
    findGates(scope),
  ]);
  const flagsOf = groupBy(flags, ({ learner }) => learner);
  const workOf = groupBy(work, ({ learner }) => learner);
  return (learner: string) => ({
    flags: flagsOf.get(learner) ?? [],
    work: workOf.get(learner) ?? [],
    held: held.get(learner) ?? [],
    gates,
  });
}
