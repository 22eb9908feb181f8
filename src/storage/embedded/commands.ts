// The table of commands and what is checked of every one of them.
import type { Command, Engine, Handler, Reply } from './command.ts';
import { readCommands } from './commands-read.ts';
import { schemaCommands } from './commands-schema.ts';
import { serverCommands } from './commands-server.ts';
import { writeCommands } from './commands-write.ts';
import { refuse } from './error.ts';

const ILLEGAL_OPERATION = 20;
const COMMAND_NOT_FOUND = 59;
const BAD_VALUE = 2;

const handlers = new Map(
  Object.entries({ ...readCommands, ...writeCommands, ...schemaCommands, ...serverCommands }),
);
/** The driver and the shell write some names in another case. */
const byLowerCase = new Map([...handlers].map(([name, one]) => [name.toLowerCase(), one]));

export function handlerOf({ name, body }: Command): Handler {
  const handler = handlers.get(name) ?? byLowerCase.get(name.toLowerCase());
  if (!handler) return refuse(COMMAND_NOT_FOUND, `no such command: '${name}'`);
  if (body.startTransaction === true || body.autocommit === false) {
    refuse(
      ILLEGAL_OPERATION,
      'Transaction numbers are only allowed on a replica set member or mongos',
    );
  }
  checkWriteConcern(body.writeConcern);
  return handler;
}

/**
 * Answers what does not write; undefined when the command needs the write lock. With `lookFirst` also what would write
 * nothing, which does not pay when the lock will be taken for others anyway.
 */
export function answerWithoutLock(
  command: Command,
  engine: Engine,
  lookFirst: boolean,
): Reply | undefined {
  const handler = handlerOf(command);
  const { store } = engine;
  if (!handler.writes) return store.read(() => handler.run(command, engine));
  if (!lookFirst || !handler.isIdle) return undefined;
  return store.snapshot(() =>
    handler.isIdle?.(command, engine) === true ? handler.run(command, engine) : undefined,
  );
}

function checkWriteConcern(concern: unknown): void {
  if (typeof concern !== 'object' || concern === null || !('w' in concern)) return;
  if (typeof concern.w === 'number' && concern.w > 1) {
    refuse(BAD_VALUE, "cannot use 'w' > 1 when a host is not replicated");
  }
}
