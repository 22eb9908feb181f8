import { resolve } from 'node:path';
import { z } from 'zod';
import { isMailServer, parseMailbox } from '../shared/mail.ts';
import {
  optionalText,
  wholeNumber,
  list,
  roles,
  faults,
  baseUrl,
  keyEncryptionKey,
} from './values.ts';

/** One setting: the variable that holds it, what it means, and how its text becomes a value. */
export interface Setting<T> {
  readonly variable: string;
  readonly doc: string;
  /** Text used when the variable is not set; undefined: there is none. */
  readonly default?: string;
  /** Never printed; may also be given as a file in `<variable>_FILE`. */
  readonly secret?: boolean;
  /** A secret that only another thread is to hold: checked here, and not kept in the settings. */
  readonly apart?: boolean;
  readonly schema: z.ZodType<T, string | undefined>;
}

/** Every setting of Cairn. `cairn config` prints this table. */
export const table = {
  environment: {
    variable: 'NODE_ENV',
    doc: '`production` asks for https and a key encryption key',
    default: 'development',
    schema: z.enum(['development', 'test', 'production']),
  },
  url: {
    variable: 'CAIRN_URL',
    doc: 'public base address; in production it must be https (default: http://localhost:$PORT)',
    schema: baseUrl.optional(),
  },
  port: {
    variable: 'PORT',
    doc: 'port to listen on',
    default: '3000',
    schema: wholeNumber('a port number', 0, 65535),
  },
  host: {
    variable: 'HOST',
    doc: 'address to listen on',
    default: '127.0.0.1',
    schema: z.string().min(1, 'must not be empty'),
  },
  dataDir: {
    variable: 'CAIRN_DATA_DIR',
    doc: 'embedded store, files that learners hand in, local key file',
    default: './data',
    schema: z
      .string()
      .min(1, 'must not be empty')
      .transform((path) => resolve(path)),
  },
  erasureLog: {
    variable: 'CAIRN_ERASURE_LOG',
    doc: 'journal of erased people (ids and times), kept apart from backups; by default erasures.jsonl in the data folder',
    schema: optionalText,
  },
  roles: {
    variable: 'CAIRN_ROLES',
    doc: 'which roles this process runs',
    default: 'web,worker',
    schema: roles,
  },
  mongodbUri: {
    variable: 'MONGODB_URI',
    doc: 'MongoDB to use instead of the embedded store',
    secret: true,
    schema: optionalText.refine(
      (text) => text === undefined || /^mongodb(\+srv)?:\/\//.test(text),
      'must start with mongodb:// or mongodb+srv://',
    ),
  },
  redisUrl: {
    variable: 'REDIS_URL',
    doc: 'Redis for the queue of several processes, instead of the one inside the process; may have a password and end in a database number, for example redis://:secret@redis:6379/0',
    secret: true,
    schema: optionalText.refine(
      (text) => text === undefined || (/^rediss?:\/\/[^/]/.test(text) && URL.canParse(text)),
      'must be an address such as redis://localhost:6379 or rediss://redis.school.example:6380',
    ),
  },
  redisPrefix: {
    variable: 'CAIRN_REDIS_PREFIX',
    doc: 'in front of every key in Redis; another one for each installation that shares a Redis',
    default: 'cairn',
    schema: z.string().regex(/^[\w-]{1,60}$/, 'must be letters, digits, - and _ only'),
  },
  workerConcurrency: {
    variable: 'CAIRN_WORKER_CONCURRENCY',
    doc: 'how many awards a worker signs at the same time',
    default: '4',
    schema: wholeNumber('a whole number from 1 to 100', 1, 100),
  },
  workerRate: {
    variable: 'CAIRN_WORKER_RATE',
    doc: 'with Redis: how many awards all workers together sign in a second at most; 0 is as fast as they can',
    default: '0',
    schema: wholeNumber('a whole number up to 100000', 0, 100_000),
  },
  keyEncryptionKey: {
    variable: 'CAIRN_KEY_ENCRYPTION_KEY',
    doc: 'wraps every private key; 32 bytes as base64 or hex; without it one is made in the data folder (not in production)',
    secret: true,
    apart: true,
    schema: keyEncryptionKey.optional(),
  },
  keyDriver: {
    variable: 'CAIRN_KEY_DRIVER',
    doc: 'who keeps new private keys: file (wrapped, in our own store) or transit (HashiCorp Vault or OpenBao)',
    default: 'file',
    schema: z.enum(['file', 'transit'], 'must be file or transit'),
  },
  transitUrl: {
    variable: 'CAIRN_TRANSIT_URL',
    doc: 'address of Vault or OpenBao, for example https://vault.school.example:8200; may be in a private network',
    schema: baseUrl.optional(),
  },
  transitToken: {
    variable: 'CAIRN_TRANSIT_TOKEN',
    doc: 'token that may make, read and sign with keys named cairn-*; a file (CAIRN_TRANSIT_TOKEN_FILE) may be renewed while Cairn runs',
    secret: true,
    apart: true,
    schema: z
      .string()
      .regex(/^[\x21-\x7e]+$/, 'must be one word')
      .optional(),
  },
  transitMount: {
    variable: 'CAIRN_TRANSIT_MOUNT',
    doc: 'where the transit engine is mounted',
    default: 'transit',
    schema: z
      .string()
      .regex(/^[\w-]+(\/[\w-]+)*$/, 'must be a path such as transit or school/transit'),
  },
  transitNamespace: {
    variable: 'CAIRN_TRANSIT_NAMESPACE',
    doc: 'namespace of the transit engine, where there are namespaces',
    schema: z
      .string()
      .regex(/^[\w/-]+$/, 'must be a path such as school/badges')
      .optional(),
  },
  bootstrapAdminKey: {
    variable: 'CAIRN_BOOTSTRAP_ADMIN_KEY',
    doc: 'when no organization exists yet: make one and an owner API key with exactly this value',
    secret: true,
    schema: z
      .string()
      .min(32, 'must have at least 32 characters')
      .max(200, 'must have at most 200 characters')
      .optional(),
  },
  bootstrapOrganization: {
    variable: 'CAIRN_BOOTSTRAP_ORG',
    doc: 'name of that organization',
    default: 'My School',
    schema: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(200, 'must have at most 200 characters'),
  },
  fetchAllow: {
    variable: 'CAIRN_FETCH_ALLOW',
    doc: 'host:port list that Cairn may fetch from although it is not public https (tests, local network)',
    default: '',
    schema: list.pipe(
      z.array(z.string().regex(/^[^\s/:]+:\d{1,5}$/, 'must be host:port, with commas between')),
    ),
  },
  smtpUrl: {
    variable: 'SMTP_URL',
    doc: 'mail server that weekly letters go out by, for example smtps://user:password@mail.school.example; without it they are kept and not mailed',
    secret: true,
    schema: z
      .string()
      .refine(
        isMailServer,
        'must be an address such as smtps://user:password@mail.school.example:465',
      )
      .optional(),
  },
  smtpFrom: {
    variable: 'SMTP_FROM',
    doc: 'address that letters come from, alone or as Name <address>; needed with SMTP_URL',
    schema: z
      .string()
      .refine((text) => parseMailbox(text) !== undefined, 'must be one e-mail address')
      .optional(),
  },
  registries: {
    variable: 'CAIRN_REGISTRIES',
    doc: 'registries of issuers to trust, with commas between: files or https addresses (one DID per line, JSON, or a registry or list of registries of the DCC)',
    default: '',
    schema: list,
  },
  metricsPort: {
    variable: 'CAIRN_METRICS_PORT',
    doc: 'port of its own for /metrics, /livez and /readyz, without a key; works for every role',
    schema: wholeNumber('a port number', 0, 65535).optional(),
  },
  metricsHost: {
    variable: 'CAIRN_METRICS_HOST',
    doc: 'address to listen on for that; whoever reaches it may read the metrics',
    default: '127.0.0.1',
    schema: z.string().min(1, 'must not be empty'),
  },
  trustProxy: {
    variable: 'CAIRN_TRUST_PROXY',
    doc: 'number of reverse proxies in front of Cairn',
    default: '0',
    schema: wholeNumber('a small whole number', 0, 10),
  },
  stopNotice: {
    variable: 'CAIRN_STOP_NOTICE',
    doc: 'for how many seconds a process that is told to end says so in /readyz and still takes requests, so that a load balancer looks elsewhere',
    default: '0',
    schema: wholeNumber('a number of seconds from 0 to 60', 0, 60),
  },
  verifyLimit: {
    variable: 'CAIRN_VERIFY_LIMIT',
    doc: 'how often each address may verify something in a minute; 0 lets everybody',
    default: '120',
    schema: wholeNumber('a whole number up to 1000000', 0, 1_000_000),
  },
  maxFileMegabytes: {
    variable: 'CAIRN_MAX_FILE_MB',
    doc: 'largest file that a learner may hand in, in megabytes',
    default: '20',
    schema: wholeNumber('a number of megabytes from 1 to 500', 1, 500),
  },
  backupPassphrase: {
    variable: 'CAIRN_BACKUP_PASSPHRASE',
    doc: 'what `cairn backup` encrypts with and `cairn restore` opens with; without it they ask on the terminal',
    secret: true,
    apart: true,
    schema: z.string().min(12, 'must have at least 12 characters').optional(),
  },
  logLevel: {
    variable: 'CAIRN_LOG_LEVEL',
    doc: 'error, warn, info, debug or silent',
    default: 'info',
    schema: z.enum(
      ['error', 'warn', 'info', 'debug', 'silent'],
      'must be error, warn, info, debug or silent',
    ),
  },
  faults: {
    variable: 'FAULT',
    doc: 'for tests of Cairn itself, never in production: where the process dies, as point:probability with commas between',
    default: '',
    schema: faults,
  },
  faultSeed: {
    variable: 'FAULT_SEED',
    doc: 'the same number makes the same faults again (default: a random one)',
    schema: wholeNumber('a whole number', 0, 4_294_967_295).optional(),
  },
} as const satisfies Record<string, Setting<unknown>>;
