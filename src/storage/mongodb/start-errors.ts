import { ServiceError } from '../../shared/errors.ts';
import { badAddress } from './address.ts';

/** What is read of the driver's errors. Their messages are not: they may hold the address, or somebody's data. */
interface DriverError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly reason?: { readonly servers?: ReadonlyMap<string, { readonly error?: unknown }> };
}

type Test = (error: DriverError) => boolean;

const hasCode = (...codes: readonly number[]): Test => {
  return ({ code }) => codes.some((one) => one === code);
};
const hasName = (pattern: RegExp): Test => {
  return ({ name }) => typeof name === 'string' && pattern.test(name);
};
/** Of the system (ECONNREFUSED, ENOTFOUND) or of TLS (SELF_SIGNED_CERT_IN_CHAIN): a word that tells nothing private. */
const isSystemError: Test = ({ code }) => typeof code === 'string' && /^[A-Z][A-Z_]+$/.test(code);

const isAboutAddress: Test = ({ name, code }) =>
  code === 'ERR_INVALID_URL' ||
  hasName(/^Mongo(Parse|InvalidArgument|API|MissingCredentials)Error|^URIError/)({ name });

/** The first that applies; codes are MongoDB's own. */
const refusals: readonly (readonly [applies: Test, code: string, sentence: string])[] = [
  [
    hasCode(18, 334, 8000),
    'store.sign_in_refused',
    'MongoDB refuses the user name or the password in MONGODB_URI (a user of another database needs authSource=… there).',
  ],
  [
    hasCode(13, 31),
    'store.not_allowed',
    'The user in MONGODB_URI may not use the database: it needs the role readWrite there.',
  ],
  [
    hasName(/^MongoCompatibility/),
    'store.too_old',
    'The MongoDB at MONGODB_URI is too old: Cairn needs 7.0 or later.',
  ],
  [
    hasCode(11000),
    'store.not_unique',
    'The database holds records twice that may be there only once, so its indexes cannot be built: something else wrote into it, or it was restored in part.',
  ],
  [
    hasCode(85, 86),
    'store.other_index',
    'The database has an index of the name of one of ours that is another one: something else made it, or another version of Cairn.',
  ],
  [
    hasCode(10107, 13435, 13436, 189, 91, 11600, 11602),
    'store.read_only',
    'The MongoDB at MONGODB_URI takes no writes: name all members of the replica set in the address, without directConnection.',
  ],
  [
    hasCode(14031),
    'store.full',
    'The disk of the database is full: make room, then start Cairn again.',
  ],
];

/** One sentence for whoever starts Cairn; the error itself goes along as `cause`, which nobody prints. */
export function explainStart(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const chain = listCauses(error);
  const known = refusals.find(([applies]) => chain.some(applies));
  if (known !== undefined) return refuse(known[1], known[2], error);
  if (chain.some(isAboutAddress)) return badAddress(error);
  const word = chain.find(isSystemError)?.code;
  if (word !== undefined || chain.some(hasName(/^Mongo(ose)?(Network|ServerSelection|Topology)/))) {
    const why = typeof word === 'string' ? ` (${word})` : '';
    return refuse(
      'store.unreachable',
      `The MongoDB at MONGODB_URI does not answer${why}: the address may be wrong, the server may not run, or this machine may not reach it.`,
      error,
    );
  }
  const kind = chain.flatMap(({ name, code }) => [name, code]).filter(isWord);
  return refuse(
    'store.unusable',
    `The MongoDB at MONGODB_URI cannot be used (${kind.join(', ')}).`,
    error,
  );
}

export function refuse(code: string, sentence: string, cause?: unknown): ServiceError {
  return new ServiceError('unavailable', code, sentence, { cause });
}

/** The error, what it came from, and what the driver last saw of each server. */
function listCauses(error: unknown): readonly DriverError[] {
  if (typeof error !== 'object' || error === null) return [];
  const { cause, reason } = error as DriverError;
  const seen = [...(reason?.servers?.values() ?? [])].map((server) => server.error);
  return [error, ...[cause, ...seen].flatMap(listCauses)];
}

function isWord(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\w+$/.test(value));
}
