import { Schema, type Connection } from 'mongoose';
import { insertEach, schemaOptions } from './document.ts';

/** Where a job that comes back stands in one organization. */
export interface JobRun {
  readonly job: string;
  readonly organization: string;
  /** When somebody should go on with it. */
  readonly due: Date;
  /** When the round began that is under way. */
  readonly startedAt?: Date | undefined;
  /** Where that round stands. */
  readonly cursor?: string | undefined;
  /** When the last round began that came to its end. */
  readonly reached?: Date | undefined;
}

type Document = JobRun & { _id: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    job: { type: String, required: true },
    organization: { type: String, required: true },
    due: { type: Date, required: true },
    startedAt: Date,
    cursor: String,
    reached: Date,
  },
  schemaOptions,
);
schema.index({ due: 1 });

export type JobRunStore = ReturnType<typeof createJobRunStore>;

export function createJobRunStore(connection: Connection) {
  const model = connection.model<Document>('JobRun', schema, 'jobRuns');

  return { ensure, claim, save };

  /** Safe to repeat: what is there stays as it is. */
  async function ensure(
    jobs: readonly string[],
    organizations: readonly string[],
    due: Date,
  ): Promise<void> {
    const runs = organizations.flatMap((organization) =>
      jobs.map((job) => ({ _id: keyOf(job, organization), job, organization, due })),
    );
    await insertEach(connection.collection<Document>('jobRuns'), runs);
  }

  /** Takes the job that waits longest for as long as the lease lasts; nobody else gets it meanwhile. */
  async function claim(now: Date, lease: Date): Promise<JobRun | undefined> {
    const found = await model
      .findOneAndUpdate(
        { due: { $lte: now } },
        { $set: { due: lease } },
        { sort: { due: 1 }, returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Writes where it stands, unless somebody else has taken it meanwhile. */
  async function save(claimed: JobRun, next: JobRun): Promise<void> {
    const { startedAt, cursor, due, reached } = next;
    const gone = {
      ...(startedAt === undefined ? { startedAt: 1 as const } : {}),
      ...(cursor === undefined ? { cursor: 1 as const } : {}),
    };
    await model.updateOne(
      { _id: keyOf(claimed.job, claimed.organization), due: claimed.due },
      {
        $set: {
          due,
          ...(startedAt === undefined ? {} : { startedAt }),
          ...(cursor === undefined ? {} : { cursor }),
          ...(reached === undefined ? {} : { reached }),
        },
        $unset: gone,
      },
    );
  }
}

function keyOf(job: string, organization: string): string {
  return `${job}:${organization}`;
}

function present({ _id, ...run }: Document): JobRun {
  return run;
}
