import { randomInt } from 'node:crypto';
import { invalid } from '../../shared/errors.ts';

/** A BitstringStatusListEntry (Bitstring Status List 1.0 §2.1), read. */
export interface StatusEntry {
  readonly id?: string;
  readonly purpose: string;
  readonly index: number;
  /** Address of the list credential. */
  readonly list: string;
  /** How many bits the entry takes. */
  readonly size: number;
}

const indexText = /^(?:0|[1-9]\d{0,9})$/;
const attempts = 64;

function malformed(what: string): Error {
  return invalid('status_entry.malformed', `The status entry cannot be read: ${what}.`);
}

/** The specification wants a string; some issuers write the number. Nothing else passes (`5abc`, `1e5`, ` 5`). */
function parseIndex(value: unknown): number {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !indexText.test(text)) {
    throw malformed('statusListIndex is not a whole number');
  }
  return Number(text);
}

function parseSize(value: unknown): number {
  if (value === undefined) return 1;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 8) {
    throw malformed('statusSize is not a whole number from 1 to 8');
  }
  return value;
}

function parseText(entry: Record<string, unknown>, name: string): string {
  const value = entry[name];
  if (typeof value !== 'string' || value === '') throw malformed(`${name} is missing`);
  return value;
}

export function parseStatusEntry(value: unknown): StatusEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('it is not an object');
  }
  const entry: Record<string, unknown> = { ...value };
  if (entry.type !== 'BitstringStatusListEntry') {
    throw malformed('its type is not BitstringStatusListEntry');
  }
  const list = parseText(entry, 'statusListCredential');
  if (entry.id !== undefined && (typeof entry.id !== 'string' || entry.id === list)) {
    throw malformed('its id is not a text of its own');
  }
  return {
    ...(entry.id !== undefined && { id: entry.id }),
    purpose: parseText(entry, 'statusPurpose'),
    index: parseIndex(entry.statusListIndex),
    list,
    size: parseSize(entry.statusSize),
  };
}

/**
 * An index that nobody can guess from the order of issuing (§6.1). Undefined when the list is so full that
 * drawing is no longer quick: time for a new list.
 */
export function chooseIndex(
  length: number,
  isTaken: (index: number) => boolean,
  draw: (below: number) => number = randomInt,
): number | undefined {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const index = draw(length);
    if (!isTaken(index)) return index;
  }
  return undefined;
}
