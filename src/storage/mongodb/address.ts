import { ServiceError } from '../../shared/errors.ts';

/**
 * What every path relies on. An address that asks for less is refused, because the driver would obey it: an approval
 * that only one server has heard of, or a revoked badge read from a server that lags behind, helps nobody.
 */
const relied: readonly (readonly [option: RegExp, value: RegExp, needed: string])[] = [
  [/^w$/i, /^majority$/, 'w=majority'],
  [/^(j|journal)$/i, /^true$/, 'journal=true'],
  [/^readConcernLevel$/i, /^majority$/, 'readConcernLevel=majority'],
  [/^readPreference$/i, /^primary$/, 'readPreference=primary'],
];

/** The database in which Cairn keeps everything, unless the address names another. */
export const databaseName = 'cairn';

/**
 * The database that MONGODB_URI names.
 * @throws ServiceError `store.bad_address`, `store.weak_address`
 */
export function readDatabase(uri: string): string {
  const parts = /^[^:]+:\/\/[^/?]*(?:\/([^?]*))?(?:\?(.*))?$/s.exec(uri);
  const [, path = '', query = ''] = parts ?? [];
  for (const [name, value] of new URLSearchParams(query)) {
    const rule = relied.find(([option]) => option.test(name));
    if (rule !== undefined && !rule[1].test(value)) throw weakAddress(name, rule[2]);
  }
  try {
    return decodeURIComponent(path) || databaseName;
  } catch (error) {
    throw badAddress(error);
  }
}

/** Without a word of the address: it may hold a password, also in the wrong place. */
export function badAddress(cause: unknown): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.bad_address',
    'MONGODB_URI is no address that MongoDB understands; it looks like mongodb://user:password@host:27017/cairn, with special characters of the password percent-encoded.',
    { cause },
  );
}

function weakAddress(option: string, needed: string): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.weak_address',
    `MONGODB_URI changes ${option}, but Cairn loses nothing only with ${needed}: take that option out of the address.`,
  );
}
