import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { JobRun, JobRunStore } from '../storage/job-runs.ts';
import type { OrganizationStore } from '../storage/organizations.ts';

/** Work that comes back in every organization, done a page at a time so that nothing else waits for it. */
export interface Job {
  readonly name: string;
  /** A new round begins this long after the last one began, and no sooner. */
  readonly everyMs: number;
  /** Does one page and answers where the next one begins; undefined: the round is over. Safe to repeat. */
  readonly step: (organization: string, round: Round) => Promise<string | undefined>;
}

export interface Round {
  readonly startedAt: Date;
  /** Where the page begins; undefined: at the start. */
  readonly cursor: string | undefined;
  /** When the round before this one began; undefined: there was none. */
  readonly reached: Date | undefined;
}

/** How soon somebody else goes on when a process died over a page. */
const leaseMs = 60_000;
/** How soon a new school is found. */
const lookMs = 60_000;
/** So that a sweep does not keep approvals waiting. */
const pagesPerSweep = 4;

/** Jobs whose place is kept in the store: at most one process is at a job, and whoever comes next goes on there. */
export function createJobService({
  jobRuns,
  organizations,
  jobs,
  log,
  now,
}: {
  jobRuns: JobRunStore;
  organizations: Pick<OrganizationStore, 'list'>;
  jobs: readonly Job[];
  log: Log;
  now: Clock;
}) {
  let looked = 0;
  return { settleDue };

  async function settleDue(): Promise<void> {
    await findNewSchools();
    for (let page = 0; page < pagesPerSweep; page += 1) {
      if (!(await doOne())) return;
    }
  }

  async function findNewSchools(): Promise<void> {
    const time = now().getTime();
    if (Math.abs(time - looked) < lookMs) return;
    const ids = (await organizations.list()).map(({ id }) => id);
    const names = jobs.map(({ name }) => name);
    await jobRuns.ensure(names, ids, new Date(time));
    looked = time;
  }

  /** One page of what is due; false when nothing is. */
  async function doOne(): Promise<boolean> {
    const at = now();
    const run = await jobRuns.claim(at, new Date(at.getTime() + leaseMs));
    if (run === undefined) return false;
    const job = jobs.find(({ name }) => name === run.job);
    // Of a newer version: it stays with those who know it.
    if (job === undefined) return true;
    await doPage(job, run, at).catch((error: unknown) => {
      const { organization } = run;
      log.warn({ organization, error }, `${run.job} failed; trying again in a minute`);
    });
    return true;
  }

  async function doPage(job: Job, run: JobRun, at: Date): Promise<void> {
    const { organization, startedAt = at, cursor, reached } = run;
    const next = await job.step(organization, { startedAt, cursor, reached });
    const nextRound = new Date(Math.max(startedAt.getTime() + job.everyMs, at.getTime()));
    const begin = { startedAt: undefined, cursor: undefined };
    const over = { ...run, ...begin, due: nextRound, reached: startedAt };
    await jobRuns.save(
      run,
      next === undefined ? over : { ...run, due: at, startedAt, cursor: next },
    );
  }
}
