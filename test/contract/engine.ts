// What the application asks of its document store, through real Mongoose models. Every engine must pass this.
import type { Connection } from 'mongoose';
import mongoose from 'mongoose';
import { describeConcurrency } from './engine/concurrency.ts';
import { describeIndexes } from './engine/indexes.ts';
import type { Models } from './engine/models.ts';
import { createModels } from './engine/models.ts';
import { describeReads } from './engine/reads.ts';
import { describeRefusals } from './engine/refusals.ts';
import { describeWrites } from './engine/writes.ts';

export interface RunningEngine {
  readonly uri: string;
  readonly close: () => Promise<void>;
}

/** The suite, in a database of its own that is dropped at the end. */
export function describeEngine(start: () => Promise<RunningEngine>): void {
  let engine: RunningEngine;
  let connection: Connection;
  let models: Models;

  beforeAll(async () => {
    engine = await start();
    const dbName = `engine_${process.pid}_${Date.now()}`;
    connection = await mongoose.createConnection(engine.uri, { dbName }).asPromise();
    models = await createModels(connection);
  });

  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
    await engine.close();
  });

  describeReads(() => models);
  describeWrites(() => models);
  describeIndexes(() => models);
  describeConcurrency(() => models);
  describeRefusals(() => models);

  it('drops a database with everything in it', async () => {
    const other = connection.useDb(`${connection.name}_other`);
    await other.collection('things').insertOne({ a: 1 });
    expect(await other.listCollections()).toHaveLength(1);
    await other.dropDatabase();
    expect(await other.listCollections()).toEqual([]);
  });
}
