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

function parseStatusEntry(value: unknown): StatusEntry {
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
 * The entry, and the entry for suspension that one for revocation may point to: an address on the host of its list with
 * an index as fragment (docs/adr/0013). Other references are for people to read.
 */
export function parseStatusEntries(value: unknown): readonly StatusEntry[] {
  const entry = parseStatusEntry(value);
  const { statusReference = [] } = value as { readonly statusReference?: unknown };
  const references: unknown[] = [statusReference].flat();
  const suspensions = references.flatMap((reference) => {
    // The same triples as an object: a holder could have written it so to keep it from being read.
    if (typeof reference !== 'string') throw malformed('statusReference is not an address');
    const [list = '', index = '', ...rest] = reference.split('#');
    const isEntry = rest.length === 0 && indexText.test(index) && haveOneOrigin(list, entry.list);
    if (!isEntry || entry.purpose !== 'revocation') return [];
    return [{ id: reference, purpose: 'suspension', index: Number(index), list, size: 1 }];
  });
  return [entry, ...suspensions];
}

function haveOneOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}
