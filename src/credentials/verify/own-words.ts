import { examplesUrl } from '../examples-context.ts';
import type { Json } from './types.ts';
import { isObject, typesOf } from './values.ts';

// VCDM 2.0 §4.3 lets a credential bring definitions of its own. No signature covers a context, so definitions could
// give the words of a specification a second spelling, which readers of JSON overlook. Here they may only name things
// that no specification knows, and badges, whose words are all defined, may not have any.

const badgeTypes = new Set([
  'OpenBadgeCredential',
  'AchievementCredential',
  'EndorsementCredential',
  'ClrCredential',
]);
const badgeVocabulary = 'https://purl.imsglobal.org/';

/** Whose words the known contexts define. */
const specified =
  /(?:^|\.)(?:w3\.org|w3id\.org|imsglobal\.org|1edtech\.org|schema\.org|purl\.org|iana\.org)$/i;
const maxWords = 100;

/** Whether words of its own are forbidden to it, because it is a badge or holds words of badges. */
export function isBadge(credential: Json, contexts: readonly unknown[]): boolean {
  return (
    typesOf(credential).some((type) => badgeTypes.has(String(type))) ||
    contexts.flat().some((part) => typeof part === 'string' && part.startsWith(badgeVocabulary))
  );
}

/** Whether this part of a context brings words that nobody has reviewed. */
export function bringsOwnWords(part: unknown): boolean {
  return typeof part !== 'string' || part === examplesUrl;
}

/** Whether it does no more than to name things that are in no specification. */
export function isHarmless(context: unknown): boolean {
  if (!isObject(context)) return false;
  const words = Object.entries(context);
  return (
    words.length <= maxWords &&
    words.every(([word, meaning]) => /^[A-Za-z][\w-]{0,99}$/.test(word) && isForeignName(meaning))
  );
}

/** A name that ends like a prefix (JSON-LD 1.1 §4.1.5) would shorten other names, too. */
function isForeignName(meaning: unknown): boolean {
  return (
    typeof meaning === 'string' &&
    /^https?:\/\/[^\s]{1,1000}$/.test(meaning) &&
    !/[:/?#[\]@]$/.test(meaning) &&
    URL.canParse(meaning) &&
    !specified.test(new URL(meaning).hostname)
  );
}
