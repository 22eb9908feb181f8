import mongoose, { type Connection } from 'mongoose';
import { wakeWritersOfEndingConnections } from './ending-connections.ts';
import { readDatabase } from './mongodb/address.ts';
import { explainStart, refuse } from './mongodb/start-errors.ts';

mongoose.set('strictQuery', 'throw');

/** What MongoDB 7.0 tells; the embedded store tells the same. */
const oldestWireVersion = 21;
/** Names that do not resolve and servers that take connections without a word are given up on, too. */
const longestStartMs = 6_000;

/**
 * Every write waits for the majority and the journal, every read is of what the majority has: single-document writes
 * are the only concurrency tool. A server that is away is noticed by its heartbeat and not by the time that an answer
 * takes, because building an index may take hours.
 */
const options = {
  autoIndex: false,
  autoCreate: false,
  // What cannot be sent is refused: kept back, it would be done after somebody was told that it was not.
  bufferCommands: false,
  serverSelectionTimeoutMS: 3_000,
  maxPoolSize: 20,
  writeConcern: { w: 'majority', journal: true },
  readConcernLevel: 'majority',
  readPreference: 'primary',
} as const;

/** For servers on the network. Who is on this host, as the embedded store is, may be busy but not away. */
const watchClosely = {
  connectTimeoutMS: 2_500,
  heartbeatFrequencyMS: 500,
  waitQueueTimeoutMS: 3_000,
} as const;
const isOnSocket = (uri: string) => /^mongodb:\/\/([^@/]*@)?%2F/i.test(uri);

/**
 * Connects to the MongoDB at this address, or to an embedded store, which speaks the same protocol.
 * @throws ServiceError `store.…`, one sentence for whoever starts Cairn
 */
export async function connectStore(
  uri: string,
  onCommand?: (command: StoreCommand) => void,
): Promise<Connection> {
  const dbName = readDatabase(uri);
  const letSleep = wakeWritersOfEndingConnections();
  const connection = mongoose.createConnection(uri, {
    ...options,
    monitorCommands: onCommand !== undefined,
    ...(isOnSocket(uri) ? {} : watchClosely),
    dbName,
  });
  try {
    await withDeadline(connection.asPromise());
    await assertSuitable(connection);
    if (onCommand !== undefined) watchCommands(connection, onCommand);
    connection.once('close', letSleep);
    return connection;
  } catch (error) {
    await abandon(connection);
    letSleep();
    throw explainStart(error);
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

/** Mongoose's own way waits for a connection that may never come. */
async function abandon(connection: Connection): Promise<void> {
  const client = connection.getClient() as mongoose.mongo.MongoClient | undefined;
  await client?.close(true).catch(() => undefined);
}

async function assertSuitable(connection: Connection): Promise<void> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  if (!(Number(hello?.maxWireVersion) >= oldestWireVersion)) {
    throw refuse(
      'store.too_old',
      'The MongoDB at MONGODB_URI is too old: Cairn needs 7.0 or later.',
    );
  }
  if (hello?.isWritablePrimary !== true) {
    throw refuse(
      'store.read_only',
      'The MongoDB at MONGODB_URI takes no writes: name all members of the replica set in the address, without directConnection.',
    );
  }
}

/** Each may take hours, and who waits too long for a connection is given up on: most of the pool stays free. */
const indexesAtOnce = 8;

/** Makes the indexes of every model; safe to repeat, and in several processes at once. */
export async function buildIndexes(connection: Connection): Promise<void> {
  const names = connection.modelNames();
  const buildNext = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await connection.model(name).createIndexes();
    }
  };
  await Promise.all(Array.from({ length: indexesAtOnce }, buildNext));
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(refuse('store.unreachable', 'The MongoDB at MONGODB_URI does not answer in time.'));
    }, longestStartMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
