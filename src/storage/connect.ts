import mongoose, { type Connection } from 'mongoose';
import { unusable } from '../shared/errors.ts';

mongoose.set('strictQuery', 'throw');

/**
 * Connects to MongoDB or to the embedded store, which speaks the same protocol.
 * Single-document writes are the only concurrency tool, so every write waits for the majority.
 */
export async function connectStore(
  uri: string,
  onCommand?: (command: StoreCommand) => void,
): Promise<Connection> {
  const connection = mongoose.createConnection(uri, {
    dbName: 'cairn',
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 5_000,
    maxPoolSize: 20,
    monitorCommands: onCommand !== undefined,
    writeConcern: { w: 'majority', journal: true },
    readConcernLevel: 'majority',
  });
  try {
    await connection.asPromise();
    if (onCommand !== undefined) watchCommands(connection, onCommand);
    return connection;
  } catch (error) {
    await connection.destroy();
    throw unusable('The database cannot be used (MONGODB_URI names it)', error);
  }
}

/** One exchange with the store, by the driver's own name for it (`find`, `update` …). */
export interface StoreCommand {
  readonly command: string;
  readonly ok: boolean;
  readonly ms: number;
}

function watchCommands(connection: Connection, onCommand: (command: StoreCommand) => void): void {
  const client = connection.getClient();
  client.on('commandSucceeded', ({ commandName, duration }) => {
    onCommand({ command: commandName, ok: true, ms: duration });
  });
  client.on('commandFailed', ({ commandName, duration }) => {
    onCommand({ command: commandName, ok: false, ms: duration });
  });
}

/** Makes the indexes of every model; safe to repeat. */
export async function buildIndexes(connection: Connection): Promise<void> {
  await Promise.all(connection.modelNames().map((name) => connection.model(name).createIndexes()));
}
