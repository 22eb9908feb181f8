import { Schema, type Connection, type QueryFilter } from 'mongoose';
import type { CalibrationSample, Reading } from '../domain/calibration.ts';
import type { Actor, Scope } from '../domain/roles.ts';
import {
  fromStored,
  isDuplicate,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** `open` until somebody has judged it again. */
type Document = Stored<CalibrationSample> & { open?: true };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    review: { type: String, required: true },
    submission: String,
    learner: String,
    round: { type: Number, required: true },
    achievement: { type: String, required: true },
    version: { type: Number, required: true },
    first: { type: Object, required: true },
    second: Object,
    createdAt: { type: Date, required: true },
    open: Boolean,
  },
  schemaOptions,
);
schema.index({ organization: 1, review: 1 }, { unique: true });
schema.index({ organization: 1, open: 1, _id: -1 });
schema.index({ organization: 1, learner: 1 });
schema.index({ organization: 1, 'second.at': 1 });
schema.index({ organization: 1, achievement: 1, 'second.at': 1 });

export interface ReadFilter {
  readonly achievement?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export type CalibrationStore = ReturnType<typeof createCalibrationStore>;

export function createCalibrationStore(connection: Connection) {
  const model = connection.model<Document>('Calibration', schema, 'calibrations');

  return { add, find, listOpen, addReading, eachRead, removeOf };

  /** Safe to repeat: one sample per review. */
  async function add(sample: CalibrationSample): Promise<void> {
    try {
      await model.create({ ...toStored(sample), open: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  async function find({ organization }: Scope, id: string): Promise<CalibrationSample | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** What this reader may judge: not their own review, not their own work. */
  async function listOpen(
    { organization }: Scope,
    { id, kind }: Actor,
    page: PageRequest,
  ): Promise<Page<CalibrationSample>> {
    const filter = {
      organization,
      open: true,
      learner: { $ne: id },
      'first.reader.id': { $ne: id },
      // Nobody knows who is behind a key without a person.
      ...(kind === 'api-key' ? { 'first.reader.kind': { $ne: 'api-key' } } : {}),
    } as QueryFilter<Document>;
    const found = await listNewest<CalibrationSample & { open?: true }>(model, filter, page);
    return { ...found, items: found.items.map(withoutMark) };
  }

  /** False when somebody was first. */
  async function addReading(
    { organization }: Scope,
    id: string,
    second: Reading,
  ): Promise<boolean> {
    const { modifiedCount } = await model.updateOne(
      { _id: id, organization, open: true },
      { $set: { second }, $unset: { open: 1 } },
    );
    return modifiedCount === 1;
  }

  /** Everything that was judged twice, without holding it all. */
  async function* eachRead(
    { organization }: Scope,
    { achievement, from = new Date(0), to }: ReadFilter,
  ): AsyncIterable<CalibrationSample> {
    const found = model
      .find({
        organization,
        ...(achievement === undefined ? {} : { achievement }),
        'second.at': { $gte: from, ...(to === undefined ? {} : { $lt: to }) },
      } as QueryFilter<Document>)
      .sort({ 'second.at': 1 })
      .lean<Document[]>()
      .cursor();
    for await (const document of found) yield present(document);
  }

  /** What was judged twice stays for the figures, and names nobody's work. */
  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner, open: true });
    await model.updateMany({ organization, learner }, { $unset: { learner: 1, submission: 1 } });
  }
}

function present(stored: Document): CalibrationSample {
  return withoutMark(fromStored(stored));
}

function withoutMark({
  open: _open,
  ...sample
}: CalibrationSample & { open?: true }): CalibrationSample {
  return sample;
}
