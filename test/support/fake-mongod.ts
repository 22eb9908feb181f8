import { createServer, type AddressInfo, type Socket } from 'node:net';
import { encodeAnswer, HEADER_BYTES, parseMessage } from '../../src/storage/embedded/messages.ts';

type Answer = Readonly<Record<string, unknown>>;

export interface FakeMongod {
  readonly host: string;
  readonly close: () => Promise<void>;
}

const modern = {
  ok: 1,
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  minWireVersion: 0,
  maxWireVersion: 21,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
};

/** Speaks the protocol on a port of its own and answers each command as told; without a word where it is told nothing. */
export async function startFakeMongod(
  answers: Readonly<Record<string, Answer>> | 'silent',
): Promise<FakeMongod> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (answers !== 'silent') answerEach(socket, answers);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function answerEach(socket: Socket, answers: Readonly<Record<string, Answer>>): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= HEADER_BYTES && bytes.length >= bytes.readInt32LE(0)) {
      const request = parseMessage(bytes.subarray(0, bytes.readInt32LE(0)));
      bytes = bytes.subarray(bytes.readInt32LE(0));
      const { name } = request.command;
      const isHello = /^(hello|ismaster)$/i.test(name);
      const fields = isHello ? { ...modern, ...answers.hello } : (answers[name] ?? { ok: 1 });
      socket.write(encodeAnswer(request, { fields }));
    }
  });
}
