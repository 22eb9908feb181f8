import mongoose, { type Connection } from 'mongoose';
import { unusable } from '../shared/errors.ts';

mongoose.set('strictQuery', 'throw');

/**
 * Connects to MongoDB or to the embedded store, which speaks the same protocol.
 * Single-document writes are the only concurrency tool, so every write waits for the majority.
 */
export async function connectStore(uri: string): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    dbName: 'cairn',
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 5_000,
    maxPoolSize: 20,
    writeConcern: { w: 'majority', journal: true },
    readConcernLevel: 'majority',
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.destroy();
    throw unusable('The database cannot be used (MONGODB_URI names it)', error);
  }
}

/** Makes the indexes of every model; safe to repeat. */
export async function buildIndexes(connection: Connection): Promise<void> {
  await Promise.all(connection.modelNames().map((name) => connection.model(name).createIndexes()));
}
