import { FetchError } from '../../shared/safe-fetch.ts';
import { ServiceError } from '../../shared/errors.ts';
import { decodeBitstring, getBit, minimumBits } from '../status/bitstring.ts';
import { parseStatusEntries, type StatusEntry } from '../status/entry.ts';
import { asProblem, pass, Problem, skip } from './problem.ts';
import { readCredential } from './read.ts';
import { checkRevocationList, revocationListType } from './revocation-list.ts';
import type { Session } from './session.ts';
import type { Finding, Json, Secured } from './types.ts';
import { idOf, isObject, list, typesOf } from './values.ts';

const maxEntries = 4;

/** Verifies the list credential itself: everything but its own status. */
export type VerifyList = (list: Secured) => Promise<readonly Finding[]>;

/** Bitstring Status List 1.0 §3.2. A list that cannot be read or trusted is never taken for "not revoked". */
export async function checkStatus(
  credential: Json,
  session: Session,
  verifyList: VerifyList,
): Promise<Finding> {
  const values = list(credential.credentialStatus);
  if (values.length === 0)
    return skip('status', 'The issuer keeps no list in which it could withdraw it.');
  const problems: Problem[] = [];
  const note = (error: unknown) => {
    problems.push(asProblem('status', error));
  };
  for (const value of assertFew(values)) {
    try {
      if (isObject(value) && value.type === revocationListType) {
        await checkRevocationList(value, credential, session);
        continue;
      }
      for (const entry of assertFew(readEntries(value)))
        await checkEntry(entry, credential, session, verifyList).catch(note);
    } catch (error) {
      note(error);
    }
  }
  const [worst] = weights.flatMap((weight) => problems.filter(({ verdict }) => verdict === weight));
  if (worst) throw worst;
  return pass('status', 'The issuer’s list was looked up and says nothing against it.');
}

/** From what weighs most to what weighs least: what is known for sure comes before what is not. */
const weights = ['revoked', 'suspended', 'invalid', 'unverifiable'];

function assertFew<T>(items: readonly T[]): readonly T[] {
  if (items.length > maxEntries) throw unsure('STATUS_MALFORMED', 'It names too many lists.');
  return items;
}

function readEntries(value: unknown): readonly StatusEntry[] {
  if (!isObject(value) || value.type !== 'BitstringStatusListEntry') {
    throw unsure('STATUS_NOT_SUPPORTED', 'It names a kind of list that is not known here.');
  }
  try {
    return parseStatusEntries(value);
  } catch (error) {
    const detail =
      error instanceof ServiceError ? error.message : 'The status entry cannot be read.';
    throw new Problem('status', 'invalid', 'STATUS_MALFORMED', detail);
  }
}

async function checkEntry(
  entry: StatusEntry,
  credential: Json,
  session: Session,
  verifyList: VerifyList,
): Promise<void> {
  const secured = await loadList(entry, session);
  const [problem] = (await verifyList(secured)).filter(({ verdict }) => verdict !== undefined);
  if (problem) {
    throw unsure(
      'STATUS_VERIFICATION_ERROR',
      `The issuer’s list does not hold itself: ${problem.detail}`,
    );
  }
  const subject = assertList(secured.credential, entry, credential);
  const bits = await unpack(subject, entry);
  if (isSet(bits, entry)) throw withdrawn(entry.purpose);
}

async function loadList({ list: url }: StatusEntry, session: Session): Promise<Secured> {
  try {
    const found = await session.load(url);
    return readCredential(isObject(found) || typeof found === 'string' ? found : '');
  } catch (error) {
    if (error instanceof FetchError && error.code === 'fetch.blocked') {
      throw unsure(
        'FETCH_BLOCKED',
        `The issuer’s list is at an address that is not looked up. ${error.message}`,
      );
    }
    const reason = error instanceof Error ? error.message : '';
    throw unsure('STATUS_RETRIEVAL_ERROR', `The issuer’s list could not be looked up. ${reason}`);
  }
}

/** The list is the one that was asked for, of the same issuer, and for this purpose. */
function assertList(list: Json, entry: StatusEntry, credential: Json): Json {
  const { credentialSubject: subject, id } = list;
  const isList =
    typesOf(list).includes('BitstringStatusListCredential') &&
    isObject(subject) &&
    typesOf(subject).includes('BitstringStatusList') &&
    (id === undefined || id === entry.list);
  if (!isList) {
    throw unsure('STATUS_VERIFICATION_ERROR', 'What is at the list’s address is not that list.');
  }
  if (idOf(list.issuer) !== idOf(credential.issuer)) {
    throw unsure(
      'STATUS_VERIFICATION_ERROR',
      'The list is signed by somebody else than the badge.',
    );
  }
  const purposes = Array.isArray(subject.statusPurpose)
    ? subject.statusPurpose
    : [subject.statusPurpose];
  if (!purposes.includes(entry.purpose)) {
    throw unsure('STATUS_VERIFICATION_ERROR', 'The list is kept for another purpose.');
  }
  return subject;
}

async function unpack({ encodedList }: Json, { size, index }: StatusEntry): Promise<Uint8Array> {
  const bits = await decodeBitstring(typeof encodedList === 'string' ? encodedList : '').catch(
    (error: unknown) => {
      const short = error instanceof ServiceError && error.code === 'status_list.too_short';
      const code = short ? 'STATUS_LIST_LENGTH_ERROR' : 'STATUS_VERIFICATION_ERROR';
      throw unsure(code, 'The issuer’s list cannot be unpacked or is too short.');
    },
  );
  const entries = Math.floor((bits.length * 8) / size);
  if (entries < minimumBits)
    throw unsure('STATUS_LIST_LENGTH_ERROR', 'The issuer’s list is too short.');
  if (index >= entries)
    throw unsure('RANGE_ERROR', 'The badge’s place is not in the issuer’s list.');
  return bits;
}

function isSet(bits: Uint8Array, { index, size }: StatusEntry): boolean {
  return Array.from({ length: size }, (_, bit) => getBit(bits, index * size + bit)).includes(true);
}

function withdrawn(purpose: string): Problem {
  if (purpose === 'revocation') {
    return new Problem('status', 'revoked', 'REVOKED', 'The issuer has revoked it.');
  }
  if (purpose === 'suspension') {
    return new Problem(
      'status',
      'suspended',
      'SUSPENDED',
      'The issuer has suspended it for the time being.',
    );
  }
  return unsure(
    'STATUS_NOT_SUPPORTED',
    'The issuer’s list says something about it that is not known here.',
  );
}

function unsure(code: string, detail: string): Problem {
  return new Problem('status', 'unverifiable', code, detail);
}
