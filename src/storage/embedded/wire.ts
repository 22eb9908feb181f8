// Serves the wire protocol on a socket. Reads are answered at once, writes through the queue.
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Command, Engine, Reply } from './command.ts';
import { answerWithoutLock, handlerOf } from './commands.ts';
import { LARGEST_MESSAGE } from './commands-server.ts';
import { DbError } from './error.ts';
import type { Request } from './messages.ts';
import { HEADER_BYTES, encodeAnswer, parseMessage } from './messages.ts';
import { isDiskFull } from './sqlite.ts';
import { createWriteQueue } from './write-queue.ts';

export interface WireServer {
  readonly listen: (socketPath: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const INTERNAL_ERROR = 1;
const OUT_OF_DISK_SPACE = 14031;
const CURSOR_LOST = 175;

export function createWireServer(engine: Engine): WireServer {
  const sockets = new Set<Socket>();
  const queue = createWriteQueue(engine.store);

  const accept = (socket: Socket, message: Buffer): void => {
    const request = parseMessage(message);
    const reply = (result: Reply): void => {
      if (!request.silent && !socket.destroyed) socket.write(encodeAnswer(request, result));
    };
    const failed = (error: unknown): void => {
      reply(failure(error));
    };
    serve(request, reply, failed);
  };

  const serve = (
    { command }: Request,
    reply: (result: Reply) => void,
    failed: (error: unknown) => void,
  ): void => {
    try {
      const result = answerWithoutLock(command, engine, queue.isEmpty());
      if (result) reply(result);
      else queue.add({ run: () => runLocked(command), done: reply, failed });
    } catch (error) {
      failed(error);
    }
  };

  const runLocked = (command: Command): Reply => handlerOf(command).run(command, engine);

  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle is no event here.
    socket.on('error', () => socket.destroy());
    readMessages(socket, accept);
  });

  return {
    listen: (socketPath) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(socketPath, resolve);
      }),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

function readMessages(socket: Socket, accept: (socket: Socket, message: Buffer) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = HEADER_BYTES;

  const takeMessages = (): void => {
    let bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    wanted = HEADER_BYTES;
    while (bytes.length >= HEADER_BYTES) {
      const length = bytes.readInt32LE(0);
      if (length < HEADER_BYTES || length > LARGEST_MESSAGE) throw new Error('Not a message');
      wanted = length;
      if (bytes.length < length) break;
      accept(socket, bytes.subarray(0, length));
      bytes = bytes.subarray(length);
      wanted = HEADER_BYTES;
    }
    chunks = bytes.length ? [bytes] : [];
    size = bytes.length;
  };

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    try {
      takeMessages();
    } catch {
      socket.destroy();
    }
  });
}

function failure(error: unknown): Reply {
  const { code, codeName, message, extra } = toDbError(error);
  return { fields: { ok: 0, errmsg: message, code, codeName, ...extra } };
}

function toDbError(error: unknown): DbError {
  if (error instanceof DbError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isDiskFull(error)) return new DbError(OUT_OF_DISK_SPACE, 'The disk is full');
  if (message.startsWith('no such table')) {
    return new DbError(CURSOR_LOST, 'The collection or index was dropped meanwhile');
  }
  return new DbError(INTERNAL_ERROR, message);
}
