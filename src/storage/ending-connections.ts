import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const channel = 'net.client.socket';

/**
 * mongodb 7.8.0 waits for `drain` when a write returns false, and a socket that is being closed returns false without
 * ever draining: what is asked in that moment would never be answered. Told that the wait is over, the driver looks
 * at its connection, sees that it has ended, and asks again or fails. (Node.js tells here of TCP and pipes, which the
 * embedded store has; on connections with TLS that moment stays, until the driver is mended.)
 * @returns what ends it
 */
export function wakeWritersOfEndingConnections(): () => void {
  const guard = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once('close', () => socket.emit('drain'));
  };
  subscribe(channel, guard);
  return () => unsubscribe(channel, guard);
}
