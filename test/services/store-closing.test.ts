import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore } from '../../src/storage/connect.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';

const name = 'net.client.socket';

/** How many wait for the end of a connection that is being made. */
function countGuards(): number {
  const socket = new EventEmitter();
  channel(name).publish({ socket });
  return socket.listenerCount('close');
}

it('what is asked in the moment in which a connection ends is answered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-closing-'));
  const guards = countGuards();
  const sockets: Socket[] = [];
  const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
  subscribe(name, note);
  const engine = await startEmbedded({ file: join(folder, 'store.db') });
  const connection = await connectStore(engine.uri);
  const things = connection.collection<{ _id: number }>('things');
  await things.insertOne({ _id: 1 });

  for (const socket of sockets) socket.destroy();
  expect(await things.countDocuments({})).toBe(1);

  unsubscribe(name, note);
  await connection.close();
  await engine.close();
  expect(countGuards()).toBe(guards);
  await rm(folder, { recursive: true });
});

it('nothing is left of a connection that could not be made', async () => {
  const guards = countGuards();
  await expect(connectStore('mongodb://127.0.0.1:1/')).rejects.toThrow();
  expect(countGuards()).toBe(guards);
});
