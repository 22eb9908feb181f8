import { Redis, type RedisOptions } from 'ioredis';
import { invalid, ServiceError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

/** Doubles from 50 ms; a Redis that is back is noticed within a second. */
const reconnectAfter = (times: number) => Math.min(50 * 2 ** Math.min(times, 10), 1_000);

export interface RedisConnections {
  /** Fails at once when Redis is away, and soon when it does not answer: for those whom somebody waits for. */
  connectImpatient(): Redis;
  /** Waits for Redis as long as it takes: for workers. */
  connectPatient(): Redis;
  /** Ends all connections, also those that others made from these. */
  disconnect(): void;
}

/** All connections of this process to one Redis. What goes wrong with them is told once per outage. */
export function createRedisConnections(url: string, log: Log): RedisConnections {
  const clients = new Set<Redis>();
  let isAway = false;
  let isOver = false;

  return {
    connectImpatient: () =>
      connect({
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: 2_000,
      }),
    // Not lazily: BullMQ gives up for good when the first attempt of such a connection fails. A dead connection that nobody closed shows by its silence: workers hear something every few seconds.
    connectPatient: () => connect({ maxRetriesPerRequest: null, socketTimeout: 15_000 }),
    disconnect: () => {
      isOver = true;
      for (const client of clients) client.disconnect();
    },
  };

  function connect(options: Omit<RedisOptions, 'replyMapping'>): Redis {
    const client = new Redis(url, {
      connectTimeout: 5_000,
      retryStrategy: reconnectAfter,
      ...options,
    });
    // BullMQ makes the connection on which a worker waits from the one that it is given.
    client.duplicate = (changes) =>
      connect({ ...options, connectionName: changes?.connectionName });
    client.on('error', (error: Error) => {
      if (!isAway) log.warn({ error }, 'Redis cannot be reached; trying again and again');
      isAway = true;
    });
    client.on('ready', () => {
      if (isAway) log.info({}, 'Redis is back');
      isAway = false;
    });
    clients.add(client);
    // BullMQ lets a connection go and takes it up again, on its way out as well.
    client.on('connecting', () => {
      if (isOver) client.disconnect();
      else clients.add(client);
    });
    client.on('end', () => clients.delete(client));
    // Whoever gives up while the client is between two attempts hears of no end.
    const disconnect = client.disconnect.bind(client);
    client.disconnect = (reconnect) => {
      disconnect(reconnect);
      if (reconnect !== true) clients.delete(client);
    };
    return client;
  }
}

/** What no waiting will help with: those who start Cairn have to set something right. */
const refusals = [
  {
    pattern: /^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password)/,
    code: 'queue.wrong_password',
    text: 'Redis refuses the user or password in REDIS_URL.',
  },
  {
    pattern: /^NOPERM/,
    code: 'queue.no_permission',
    text: 'The user in REDIS_URL may not do in Redis what the queue needs.',
  },
  {
    pattern: /DB index is out of range|invalid DB index/,
    code: 'queue.no_database',
    text: 'Redis has no database with the number at the end of REDIS_URL.',
  },
  {
    pattern: /^(Protocol error|Unknown RESP type)/,
    code: 'queue.not_redis',
    text: 'What answers at the address in REDIS_URL is not a Redis.',
  },
] as const;

/** In a sentence, what an error of Redis means for the queue; `invalid` when a setting is wrong. */
export function explainRedis(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const known = refusals.find(({ pattern }) => pattern.test(reason));
  if (known) return invalid(known.code, known.text);
  const text = `Redis (REDIS_URL) does not answer: ${reason}. Awards are kept and signed once it does.`;
  return new ServiceError('unavailable', 'queue.unreachable', text, { cause: error });
}

/** Asks on a connection of its own, which says what is wrong with the address or the password. */
export async function askRedis(url: string): Promise<readonly string[]> {
  let reason: unknown;
  const client = new Redis(url, {
    connectTimeout: 1_500,
    commandTimeout: 1_500,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  // The first error has the reason; that the connection is closed then is no news.
  client.on('error', (error: Error) => (reason ??= error));
  try {
    await client.connect();
    // Said nowhere else: the client would go on with database 0.
    await client.select(client.options.db ?? 0);
    return judge(parseInfo(await client.info()));
  } catch (error) {
    throw explainRedis(reason ?? error);
  } finally {
    if (client.status !== 'end') client.disconnect();
  }
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)] as const;
    }),
  );
}

/** By INFO and not by CONFIG GET, which hosted services forbid. */
function judge(info: ReadonlyMap<string, string>): readonly string[] {
  const version = info.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) < 6) {
    throw invalid('queue.too_old', `Redis ${version} is too old; the queue needs 6.2 or newer.`);
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw invalid(
      'queue.eviction',
      `Redis may throw away waiting work when its memory is full (maxmemory-policy ${policy}); set maxmemory-policy to noeviction.`,
    );
  }
  if (info.get('aof_enabled') !== '0') return [];
  return [
    'Redis keeps no append-only file (appendonly no): when it stops, what is waiting has to be rung again from the store, which takes a moment.',
  ];
}
