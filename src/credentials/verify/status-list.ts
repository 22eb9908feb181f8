import { ServiceError } from '../../shared/errors.ts';
import { decodeBitstring } from '../status/bitstring.ts';
import { pass, Problem } from './problem.ts';
import type { Finding, Json } from './types.ts';
import { isObject, list, typesOf } from './values.ts';

/** Bitstring Status List 1.0 §2.2, §3.2: a list that was itself handed in. */
export async function checkStatusList({ credentialSubject: subject }: Json): Promise<Finding> {
  if (!isObject(subject) || !typesOf(subject).includes('BitstringStatusList')) {
    throw wrong('STATUS_MALFORMED', 'It says that it is a status list, and holds none.');
  }
  const purposes = list(subject.statusPurpose);
  if (purposes.length === 0 || !purposes.every((purpose) => typeof purpose === 'string')) {
    throw wrong('STATUS_MALFORMED', 'The status list does not say what it is kept for.');
  }
  const { encodedList } = subject;
  const bits = await decodeBitstring(typeof encodedList === 'string' ? encodedList : '').catch(
    (error: unknown) => {
      throw error instanceof ServiceError ? problemOf(error) : error;
    },
  );
  const detail =
    `In its ${bits.length * 8} places an issuer marks what it has withdrawn or put on hold ` +
    `(${purposes.join(', ').slice(0, 200)}). It says nothing of whom it is about.`;
  return { ...pass('schema', detail), title: 'It is a status list, not a badge' };
}

function problemOf({ code }: ServiceError): Problem {
  switch (code) {
    case 'status_list.too_short':
      return wrong(
        'STATUS_LIST_LENGTH_ERROR',
        'The status list has fewer places than are needed to hide one badge among others.',
      );
    case 'status_list.too_long': {
      const detail = 'The status list is larger than those that are unpacked here.';
      return new Problem('schema', 'unverifiable', 'STATUS_LIST_LENGTH_ERROR', detail);
    }
    default:
      return wrong('STATUS_MALFORMED', 'The status list cannot be unpacked.');
  }
}

function wrong(code: string, detail: string): Problem {
  return new Problem('schema', 'invalid', code, detail);
}
