import {
  buildNodes,
  createLogCheck,
  hashLeaf,
  hashNode,
  hashRange,
  listAuditPath,
  type FindNode,
  type LogEntry,
} from '../../../src/domain/issuance-log.ts';
import { sha256 } from '../../../src/shared/ids.ts';

function buildLog(size: number): LogEntry[] {
  const entries: LogEntry[] = [];
  for (let index = 0; index < size; index += 1) {
    const logged = {
      organization: 'school',
      credential: `credential-${index}`,
      document: sha256(`document ${index}`),
      jwt: sha256(`jwt ${index}`),
      at: new Date(1_795_000_000_000 + index),
    };
    const nodes = buildNodes(hashLeaf(logged), index, findIn(entries));
    entries.push({ ...logged, index, nodes });
  }
  return entries;
}

const findIn =
  (entries: readonly LogEntry[]): FindNode =>
  ({ end, level }) =>
    entries[end]?.nodes[level] ?? 'gap';

/** MTH of RFC 6962 §2.1, word for word. */
function hashTree(leaves: readonly string[]): string {
  if (leaves.length === 1) return leaves[0] ?? '';
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hashNode(hashTree(leaves.slice(0, half)), hashTree(leaves.slice(half)));
}

/** PATH of RFC 6962 §2.1.1, word for word. */
function pathTo(index: number, leaves: readonly string[]): string[] {
  if (leaves.length === 1) return [];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...pathTo(index, left), hashTree(right)]
    : [...pathTo(index - half, right), hashTree(left)];
}

it('root and audit paths are those of RFC 6962, at every size and place', () => {
  const log = buildLog(70);
  for (let size = 1; size <= log.length; size += 1) {
    const leaves = log.slice(0, size).map(hashLeaf);
    expect(hashRange({ start: 0, size }, findIn(log))).toBe(hashTree(leaves));
    for (let index = 0; index < size; index += 1) {
      const path = listAuditPath(index, size).map((range) => hashRange(range, findIn(log)));
      expect(path).toEqual(pathTo(index, leaves));
    }
  }
});

it('the root of nothing is the hash of nothing', () => {
  expect(hashRange({ start: 0, size: 0 }, findIn([]))).toBe(sha256(''));
});

describe('a log that somebody laid hands on', () => {
  const firstFault = (log: readonly LogEntry[]) =>
    log.map(createLogCheck()).find((fault) => fault !== undefined);

  function changed(place: number, change: Partial<LogEntry>): LogEntry[] {
    return buildLog(21).map((entry, index) => (index === place ? { ...entry, ...change } : entry));
  }

  it('is in order when nobody did', () => {
    expect(firstFault(buildLog(70))).toBeUndefined();
  });

  it.each<[string, Partial<LogEntry>]>([
    ['another document', { document: sha256('forged') }],
    ['another token', { jwt: sha256('forged') }],
    ['an earlier time', { at: new Date(0) }],
    ['another credential', { credential: 'forged' }],
  ])('shows %s', (_what, change) => {
    expect(firstFault(changed(12, change))).toBe('log entry 12 was changed');
  });

  it('shows an entry that was changed together with its own hash, by what follows', () => {
    const log = buildLog(21);
    const forged = { ...log[12], document: sha256('forged') } as LogEntry;
    const nodes = buildNodes(hashLeaf(forged), 12, findIn(log));
    expect(firstFault(changed(12, { ...forged, nodes }))).toBe('log entry 13 was changed');
  });

  it('shows an entry that is missing', () => {
    expect(firstFault(buildLog(21).filter(({ index }) => index !== 7))).toBe(
      'log entry 7 is missing',
    );
  });
});
