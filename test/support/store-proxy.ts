import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { parseMessage } from '../../src/storage/embedded/messages.ts';

/** `gone`: nobody listens. `frozen`: connections stay and nothing moves. `deaf`: done, but the answers are lost. */
export type ProxyMode = 'open' | 'gone' | 'frozen' | 'deaf';

export interface StoreProxy {
  /** The same store, over TCP and through here. */
  readonly uri: string;
  readonly set: (mode: ProxyMode) => Promise<void>;
  /** Turns deaf when something is inserted there. */
  readonly deafenAt: (collection: string) => void;
  /** Everything that comes back is so much later. */
  readonly delay: (ms: number) => void;
  /** The commands that went through since the last look, as they were sent. */
  readonly takeCommands: () => readonly Sent[];
  readonly close: () => Promise<void>;
}

export interface Sent {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Stands between Cairn and an engine on a unix socket, as a network does that fails in every way. */
export async function startStoreProxy(engineUri: string): Promise<StoreProxy> {
  const [, host = ''] = /^mongodb:\/\/([^/]+)/.exec(engineUri) ?? [];
  const path = decodeURIComponent(host);
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'open';
  let delayMs = 0;
  let sent: Sent[] = [];
  let deafenAt: string | undefined;

  const server = createServer((client) => {
    const engine = connect(path);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    const watch = createWatch((command) => {
      sent.push(command);
      if (deafenAt === undefined || command.body.insert !== deafenAt) return;
      mode = 'deaf';
      deafenAt = undefined;
    });
    client.on('data', (chunk) => {
      watch(chunk);
      if (mode !== 'frozen') engine.write(chunk);
    });
    engine.on('data', (chunk) => {
      if (mode === 'deaf') {
        client.destroy();
        return;
      }
      if (mode === 'frozen') return;
      if (delayMs === 0) client.write(chunk);
      else setTimeout(() => client.destroyed || client.write(chunk), delayMs);
    });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => {
        resolve();
      });
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    uri: `mongodb://127.0.0.1:${port}/cairn?directConnection=true`,
    set: async (next) => {
      const last = mode;
      mode = next;
      if (next === 'gone' && last !== 'gone') await stop();
      if (next !== 'gone' && last === 'gone') await listen(port);
      // What was frozen is lost, as after a reset.
      if (last === 'frozen') for (const socket of sockets) socket.destroy();
    },
    delay: (ms) => {
      delayMs = ms;
    },
    deafenAt: (collection) => {
      deafenAt = collection;
    },
    takeCommands: () => {
      const taken = sent;
      sent = [];
      return taken;
    },
    close: stop,
  };
}

/** Reads the commands out of a stream of messages. */
function createWatch(onCommand: (command: Sent) => void): (chunk: Buffer) => void {
  let bytes = Buffer.alloc(0);
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 16 && bytes.length >= bytes.readInt32LE(0)) {
      const { name, body } = parseMessage(bytes.subarray(0, bytes.readInt32LE(0))).command;
      onCommand({ name, body });
      bytes = bytes.subarray(bytes.readInt32LE(0));
    }
  };
}
