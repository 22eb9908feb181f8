/** Tabs become spaces; other control characters than line ends, and halves of surrogate pairs, break foreign signature checks. */
export function cleanText(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n\r]/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD');
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  );
}

function tidyValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') {
    // RDF writes numbers in a form of its own: OB 3.0 has text wherever we have a number.
    throw new TypeError('A credential holds text, not numbers.');
  }
  if (Array.isArray(value)) return value.map(tidyValue).filter((item) => !isNothing(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, tidyValue(member)] as const)
      .filter(([, member]) => !isNothing(member)),
  );
}

/** Cleans every text, and leaves out what is absent or empty: OB 3.0 serialisation knows neither null nor `[]`. */
export function tidy<T extends object>(document: T): T {
  return tidyValue(document) as T;
}
