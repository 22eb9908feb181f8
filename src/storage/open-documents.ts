import type { Connection } from 'mongoose';
import { isDiskFull, storeFull } from '../shared/disk.ts';
import { ServiceError, unusable } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { connectStore, type StoreCommand } from './connect.ts';
import { startEmbedded, type EmbeddedStore } from './embedded/embedded.ts';
import { databaseName } from './mongodb/address.ts';
import { explainStart } from './mongodb/start-errors.ts';
import { storeFile } from './transfer/place.ts';

export interface DocumentsOptions {
  readonly mongodbUri?: string | undefined;
  readonly dataDir: string;
  /** A query that no index serves is an error: for tests. */
  readonly strict: boolean;
  readonly log: Log;
  readonly onCommand?: (command: StoreCommand) => void;
}

export interface Documents {
  readonly engine: 'mongodb' | 'embedded';
  /** Of the embedded store. */
  readonly file: string | undefined;
  readonly connection: Connection;
  readonly close: () => Promise<void>;
  /** An error while Cairn starts, as a sentence. */
  readonly explain: (error: unknown) => ServiceError;
}

/** MongoDB when an address is given, else the embedded store in the data folder. */
export async function openDocuments(options: DocumentsOptions): Promise<Documents> {
  const { mongodbUri, onCommand } = options;
  if (mongodbUri !== undefined) {
    const connection = await connectStore(mongodbUri, onCommand);
    const close = () => connection.close();
    return { engine: 'mongodb', file: undefined, connection, close, explain: explainStart };
  }
  const file = storeFile(options.dataDir);
  const explain = (error: unknown) => explainFile(file, error);
  let embedded: EmbeddedStore | undefined;
  try {
    embedded = await openEmbedded(file, options);
    const connection = await connectStore(embedded.uri, onCommand);
    const { close } = embedded;
    return {
      engine: 'embedded',
      file,
      connection,
      close: async () => {
        await connection.close();
        await close();
      },
      explain,
    };
  } catch (error) {
    await embedded?.close();
    throw explain(error);
  }
}

function openEmbedded(file: string, { strict, log }: DocumentsOptions): Promise<EmbeddedStore> {
  const onWarning = (warning: string) => {
    log.warn({ store: 'embedded' }, warning);
  };
  return startEmbedded({ file, database: databaseName, strict, onWarning });
}

/** What goes wrong inside the embedded store tells no secret, and often what to do. */
function explainFile(file: string, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isDiskFull(error)) return storeFull(error);
  return unusable(`The store in ${file} cannot be opened`, error);
}
