import type { Issuance } from './awards.ts';
import type { Actor } from './roles.ts';

/** Why somebody is erased; a choice, so that no data of theirs is kept as the reason. */
export const erasureReasons = ['requested', 'left', 'mistake'] as const;
export type ErasureReason = (typeof erasureReasons)[number];

/** What is kept of an erased credential: enough for its status to stay honest, nothing of what it said. */
export interface ErasedCredential {
  readonly id: string;
  readonly status: Issuance['status'];
  readonly keys: Issuance['keys'];
  /** When it was issued or, where it never was, asked for. */
  readonly at: Date;
}

/** The tombstone of a person. It is written before anything is deleted, and says whether everything was. */
export interface Erasure {
  /** Id of the person. */
  readonly id: string;
  readonly organization: string;
  readonly at: Date;
  readonly by: Pick<Actor, 'kind' | 'id'>;
  readonly reason: ErasureReason;
  readonly credentials: readonly ErasedCredential[];
  /** How often everything of theirs was looked for and deleted. */
  readonly passes: number;
  readonly state: 'erasing' | 'erased';
}

/** A line of the journal: what a restore of an older backup needs to erase the same person again. Ids and times only. */
export interface ErasureEntry {
  readonly person: string;
  readonly organization: string;
  readonly at: Date;
  readonly credentials: readonly ErasedCredential[];
}

/**
 * Everything is deleted twice: what was being written while the first pass went on, an upload or a signature, is found
 * by the second one.
 */
export const erasurePasses = 2;
export const secondPassMs = 120_000;

export function formatErasure({ id, organization, at, credentials }: Erasure): string {
  return JSON.stringify({ person: id, organization, at, credentials });
}

/** Reads a journal. A line that a crash or a full disk cut short is counted, and its successors are read. */
export function parseErasures(text: string): {
  readonly entries: readonly ErasureEntry[];
  readonly unreadable: number;
} {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.flatMap((line) => parseLine(line) ?? []);
  return { entries, unreadable: lines.length - entries.length };
}

function parseLine(line: string): ErasureEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { person, organization, at, credentials } = (value ?? {}) as Record<string, unknown>;
  if (typeof person !== 'string' || typeof organization !== 'string') return undefined;
  const when = readDate(at);
  const read = Array.isArray(credentials) ? credentials.map(parseCredential) : [undefined];
  const whole = read.filter((one) => one !== undefined);
  if (when === undefined || whole.length < read.length) return undefined;
  return { person, organization, at: when, credentials: whole };
}

function parseCredential(value: unknown): ErasedCredential | undefined {
  const { id, status, keys, at } = (value ?? {}) as Partial<
    Record<keyof ErasedCredential, unknown>
  >;
  const when = readDate(at);
  const isWhole =
    typeof id === 'string' && isPlace(status) && typeof keys === 'object' && keys !== null;
  if (!isWhole || when === undefined) return undefined;
  return { id, status, keys: keys as ErasedCredential['keys'], at: when };
}

function isPlace(value: unknown): value is ErasedCredential['status'] {
  const { list, index } = (value ?? {}) as Record<string, unknown>;
  return typeof list === 'string' && Number.isInteger(index);
}

function readDate(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
