/** So many faults are told one by one; the others are counted. */
const maxTold = 10;

const sentences = {
  I1: 'every approval is one award, and every award one credential, or waiting, or failed where staff see it',
  I2: 'whatever was signed has its award and stands in the issuance log as it is',
  I3: 'no two credentials share a place on a status list, and each names its own',
  I4: 'every credential verifies in both forms, with its status',
  I5: 'the bits that are set are those of what was revoked or suspended',
  I6: 'audit chain and issuance log have no gap and no change',
  I7: 'every row belongs to an organization',
  I8: 'every file that is older than a day belongs to a record',
} as const;

export type InvariantId = keyof typeof sentences;

/** One thing that must be so, and what was found of it. */
export interface Invariant {
  readonly id: InvariantId;
  readonly what: string;
  readonly ok: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly faultCount: number;
  /** The first of them, each a sentence. */
  readonly faults: readonly string[];
}

export type Notes = ReturnType<typeof createNotes>;

/** Collects what was found, invariant by invariant. */
export function createNotes() {
  const ids = Object.keys(sentences) as InvariantId[];
  const noted = new Map(
    ids.map((id) => [
      id,
      { counts: new Map<string, number>(), faults: [] as string[], faultCount: 0 },
    ]),
  );
  const of = (id: InvariantId) => {
    const note = noted.get(id);
    if (note === undefined) throw new Error(`no invariant ${id}`);
    return note;
  };
  return {
    count: (id: InvariantId, what: string, by = 1) => {
      const { counts } = of(id);
      counts.set(what, (counts.get(what) ?? 0) + by);
    },
    fault: (id: InvariantId, sentence: string | undefined) => {
      if (sentence === undefined) return;
      const note = of(id);
      note.faultCount += 1;
      if (note.faults.length < maxTold) note.faults.push(sentence);
    },
    report: (): readonly Invariant[] =>
      ids.map((id) => {
        const { counts, faults, faultCount } = of(id);
        return {
          id,
          what: sentences[id],
          ok: faultCount === 0,
          counts: Object.fromEntries(counts),
          faultCount,
          faults,
        };
      }),
  };
}

/** Others work on the same records: what looks wrong is read once more before it is said. */
export async function lookTwice<T>(
  look: () => Promise<T>,
  faultsOf: (seen: T) => number,
): Promise<T> {
  const seen = await look();
  return faultsOf(seen) === 0 ? seen : look();
}
