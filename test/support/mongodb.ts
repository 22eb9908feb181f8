import mongoose from 'mongoose';
import { newRandomId } from '../../src/shared/ids.ts';

export interface ForeignDatabase {
  /** Names a database that nobody else uses. */
  readonly uri: string;
  readonly drop: () => Promise<void>;
}

/** A database of its own on the MongoDB that MONGODB_URI names for tests; undefined where none is named. */
export function foreignServer(): ForeignDatabase | undefined {
  const { MONGODB_URI: server } = process.env;
  if (!server) return undefined;
  const database = `cairn_test_${newRandomId().replaceAll('-', '')}`;
  const uri = server.replace(/^([^:]+:\/\/[^/?]*)(\/[^?]*)?/, `$1/${database}`);
  return {
    uri,
    drop: async () => {
      const connection = await mongoose.createConnection(uri).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
