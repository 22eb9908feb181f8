/** Nothing that is kept is older than this, whatever its stamp says: clocks of processes differ. */
const maxAgeMs = 2_000;
/** From then on it is read anew while it still serves. */
const refreshAfterMs = 1_000;
const maxKept = 50;

interface Kept<T> {
  readonly stamp: string;
  readonly at: number;
  readonly value: T;
  refreshing: boolean;
}

/**
 * Keeps what costs much to read for as long as its stamp, which costs little, stays the same. A busy school does not
 * wait for it to be read again.
 */
export function createFresh<T>() {
  const kept = new Map<string, Kept<T>>();

  return async (key: string, stamp: string, load: () => Promise<T>): Promise<T> => {
    const known = kept.get(key);
    const age = performance.now() - (known?.at ?? -Infinity);
    if (known?.stamp !== stamp || age > maxAgeMs) return read(key, stamp, load);
    if (age > refreshAfterMs && !known.refreshing) {
      known.refreshing = true;
      read(key, stamp, load).catch(() => kept.delete(key));
    }
    return known.value;
  };

  async function read(key: string, stamp: string, load: () => Promise<T>): Promise<T> {
    const at = performance.now();
    const value = await load();
    kept.delete(key);
    kept.set(key, { stamp, at, value, refreshing: false });
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break;
      kept.delete(oldest);
    }
    return value;
  }
}
