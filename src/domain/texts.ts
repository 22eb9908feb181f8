/** Control characters other than tab and line ends, and halves of characters: some verifiers refuse signatures over them. */
export const unsignable = /\p{Cs}|[^\P{Cc}\t\n\r]/u;

/** What is left when a template was not filled in, for example `{{ student.name }}`. */
const placeholder = /\{\{\s*[\p{L}_][\p{L}\p{N}_. -]*\}\}/u;

/** What is wrong with a text that is going to be signed, in words for the one who wrote it; undefined when nothing is. */
export function findTextFault(text: string): string | undefined {
  if (text.trim() === '') return 'must not be empty';
  if (unsignable.test(text)) return 'must not hold control characters';
  if (placeholder.test(text)) return 'holds a placeholder in {{ }} that was not filled in';
  if (!hasBalancedBraces(text)) return 'must have a closing } for every {, and no other }';
  return undefined;
}

/** Some wallets find the credential in a picture by counting braces, those in texts too. */
export function hasBalancedBraces(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/**
 * An address of the web as people paste it; undefined when it is none. What browsers bear and RFC 3987 does not is
 * encoded: the address may become an identifier in a credential.
 */
export function readWebAddress(text: string, max: number): string | undefined {
  const isOne = /^https?:/i.test(text) && URL.canParse(text);
  if (!isOne || text.length > max || unsignable.test(text)) return undefined;
  return encodeWebAddress(text);
}

export function encodeWebAddress(url: string): string {
  return url
    .replace(/^https?:/i, (scheme) => scheme.toLowerCase())
    .replace(/[\s<>"{}|\\^`]/g, encodeURIComponent);
}
