import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectStore } from '../../src/storage/connect.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';

it('what is asked in the moment in which a connection ends is answered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-closing-'));
  const sockets: Socket[] = [];
  const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', note);
  const engine = await startEmbedded({ file: join(folder, 'store.db') });
  const connection = await connectStore(engine.uri);
  const things = connection.collection<{ _id: number }>('things');
  await things.insertOne({ _id: 1 });

  for (const socket of sockets) socket.destroy();
  expect(await things.countDocuments({})).toBe(1);

  await connection.close();
  await engine.close();
  unsubscribe('net.client.socket', note);
  await rm(folder, { recursive: true });
});
