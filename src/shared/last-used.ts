/** Keeps the `size` values used last; two that ask for the same at once wait for one making of it. */
export function createLastUsed<T>(size: number) {
  const entries = new Map<string, Promise<T>>();

  return (key: string, make: () => Promise<T>): Promise<T> => {
    const value = entries.get(key) ?? make();
    entries.delete(key);
    entries.set(key, value);
    value.catch(() => entries.delete(key));
    for (const oldest of entries.keys()) {
      if (entries.size <= size) break;
      entries.delete(oldest);
    }
    return value;
  };
}
