/** Pages are for those who ask for them by name: `Accept` must say `text/html`; anything else gets the machine form. */
export function namesHtml(accept: string | undefined): boolean {
  return /(^|,)\s*text\/html\s*(;|,|$)/i.test(accept ?? '');
}

/** The one of `available` that a reader asks for with `Accept-Language` (RFC 4647 §3.4, lookup), else the first. */
export function chooseLanguage(
  acceptLanguage: string | undefined,
  available: readonly string[],
): string | undefined {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map(readRange)
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { tag } of wanted) {
    const found = lookUp(tag, available);
    if (found !== undefined) return found;
  }
  return available[0];
}

function readRange(text: string): { readonly tag: string; readonly weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { tag, weight: tag === '' || Number.isNaN(weight) ? 0 : weight };
}

/** The language itself, then without its last parts, then any kind of it. */
function lookUp(tag: string, available: readonly string[]): string | undefined {
  const parts = tag.split('-');
  for (let count = parts.length; count > 0; count -= 1) {
    const range = parts.slice(0, count).join('-');
    const found = available.find((one) => one.toLowerCase() === range);
    if (found !== undefined) return found;
  }
  return available.find((one) => one.toLowerCase().split('-')[0] === parts[0]);
}
