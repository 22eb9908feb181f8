/** Something in an imported document that is not as it should be, and what was made of it. */
export interface ImportWarning {
  /** Stable name of the kind of fault. */
  readonly code: string;
  /** Where: `CFItems.12.fullStatement`, `row 7, column statement`. */
  readonly path: string;
  /** CASE identifier of the thing, when it has one. */
  readonly identifier?: string;
  readonly message: string;
  /** On the last one listed of a kind: how many more of that kind there are. */
  readonly more?: number;
}

const listedPerKind = 10;

export type Warnings = ReturnType<typeof createWarnings>;

/** Collects warnings; of each kind only the first few are listed, so that one noisy kind hides no other. */
export function createWarnings() {
  const kinds = new Map<string, { listed: ImportWarning[]; count: number }>();

  function add(warning: ImportWarning): void {
    const kind = kinds.get(warning.code) ?? { listed: [], count: 0 };
    kinds.set(warning.code, kind);
    kind.count += 1;
    if (kind.listed.length < listedPerKind) kind.listed.push(warning);
  }

  function list(): readonly ImportWarning[] {
    return [...kinds.values()].flatMap(({ listed, count }) =>
      listed.map((warning, place) =>
        place === listedPerKind - 1 && count > listedPerKind
          ? { ...warning, more: count - listedPerKind }
          : warning,
      ),
    );
  }

  return { add, list };
}
