import { statfs } from 'node:fs/promises';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Registry, type Histogram } from 'prom-client';
import { withDeadline } from '../shared/deadline.ts';
import type { Log } from '../shared/log.ts';
import { createInstruments } from './instruments.ts';
import type { HttpRequest } from './requests.ts';

export type Metrics = ReturnType<typeof createMetrics>;

const readMs = 2_000;

/**
 * What this process counts, in Prometheus' words. No label has a value that a stranger or the data chooses: no ids, no
 * addresses, nobody's name. What the store knows (outbox, queue) is the same in every process that is asked.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const watched: (() => Promise<void>)[] = [];

  const { requests, events, issued, signatures, verifications, storeCommands } =
    createInstruments(registers);

  const handler: RequestHandler = async (_request, response) => {
    await Promise.all(watched.map((read) => read()));
    response.set('Cache-Control', 'no-store').type(registry.contentType);
    response.send(await registry.metrics());
  };

  return {
    handler,
    countEvents: (log: Log) => countEvents(log, { events, issued }),
    watch,
    /** CPU, memory, garbage and the event loop of this process, from now on. */
    watchProcess: () => {
      collectDefaultMetrics({ register: registry });
    },
    watchDisk: (folder: string) => {
      watch(
        {
          cairn_data_free_bytes: 'Room left where the data folder is',
          cairn_data_size_bytes: 'Size of the disk where the data folder is',
        },
        async () => {
          const { bavail, blocks, bsize } = await statfs(folder);
          return { cairn_data_free_bytes: bavail * bsize, cairn_data_size_bytes: blocks * bsize };
        },
      );
    },
    request: ({ method, route = 'none', status, ms }: HttpRequest) => {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000);
    },
    /** `command`: the driver's own name for it, of which there are few. */
    storeCommand: ({ command, ok, ms }: { command: string; ok: boolean; ms: number }) => {
      storeCommands.observe({ command, outcome: ok ? 'ok' : 'failed' }, ms / 1_000);
    },
    signing: <T>(work: Promise<T>) => timed(signatures, work, () => 'ok'),
    verification: <T>(work: Promise<T>, outcomeOf: (result: T) => string) =>
      timed(verifications, work, outcomeOf),
  };

  /** Values that are looked up when somebody asks. What cannot be looked up is NaN: nobody knows it now. */
  function watch<N extends string>(
    names: Readonly<Record<N, string>>,
    read: () => Promise<Readonly<Record<N, number>>>,
  ): void {
    const gauges = Object.entries<string>(names).map(
      ([name, help]) => [name as N, new Gauge({ name, help, registers })] as const,
    );
    watched.push(async () => {
      const values = await withDeadline(read(), readMs).catch(() => undefined);
      for (const [name, gauge] of gauges) gauge.set(values?.[name] ?? NaN);
    });
  }
}

/** The same log, with its events counted. */
function countEvents(
  log: Log,
  { events, issued }: Pick<ReturnType<typeof createInstruments>, 'events' | 'issued'>,
): Log {
  const counted =
    (level: keyof Log) =>
    (fields: { readonly event?: string; readonly ms?: number }, message: string) => {
      const { event, ms } = fields;
      if (event !== undefined) events.inc({ event });
      if (event === 'credential.issued' && ms !== undefined) issued.observe(ms / 1_000);
      log[level](fields, message);
    };
  return {
    debug: counted('debug'),
    info: counted('info'),
    warn: counted('warn'),
    error: counted('error'),
  };
}

async function timed<T>(
  histogram: Histogram<'outcome'>,
  work: Promise<T>,
  outcomeOf: (value: T) => string,
): Promise<T> {
  const end = histogram.startTimer();
  try {
    const value = await work;
    end({ outcome: outcomeOf(value) });
    return value;
  } catch (error) {
    end({ outcome: 'failed' });
    throw error;
  }
}
