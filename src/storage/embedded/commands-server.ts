// What a driver asks of a server itself, and the commands of our own.
import type { Handlers } from './command.ts';
import { answer } from './command.ts';
import { refuse } from './error.ts';

const BAD_VALUE = 2;
/** What a MongoDB 7.0 tells: sessions and the commands of the contract, and no replica set, hence no transactions. */
const WIRE_VERSION = 21;
const VERSION = [7, 0, 0] as const;
const LARGEST_DOCUMENT = 16 * 1024 * 1024;
export const LARGEST_MESSAGE = 48_000_000;

const hello = {
  run: () =>
    answer({
      helloOk: true,
      ismaster: true,
      isWritablePrimary: true,
      maxBsonObjectSize: LARGEST_DOCUMENT,
      maxMessageSizeBytes: LARGEST_MESSAGE,
      maxWriteBatchSize: 100_000,
      localTime: new Date(),
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: WIRE_VERSION,
      readOnly: false,
    }),
};

const acknowledge = { run: () => answer() };

export const serverCommands: Handlers = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: acknowledge,
  startSession: acknowledge,
  endSessions: acknowledge,
  refreshSessions: acknowledge,
  killSessions: acknowledge,
  buildInfo: {
    run: () =>
      answer({
        version: VERSION.join('.'),
        versionArray: [...VERSION, 0],
        gitVersion: 'embedded',
        modules: ['embedded'],
        bits: 64,
        maxBsonObjectSize: LARGEST_DOCUMENT,
      }),
  },
  connectionStatus: {
    run: () => answer({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
  },

  cairnVerifyStore: {
    run: (_command, { store }) => answer({ ...store.verify() }),
  },
  cairnScrubStore: {
    run: (_command, { store }) => {
      store.scrub();
      return answer();
    },
  },
  cairnBackupStore: {
    run: ({ body }, { store }) => {
      const { file } = body;
      if (typeof file !== 'string' || !file.startsWith('/')) {
        refuse(BAD_VALUE, "'file' must be an absolute path that does not exist yet");
      }
      store.backup(file);
      return answer();
    },
  },
};
