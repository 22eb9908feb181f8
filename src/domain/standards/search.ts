import type { StandardContent } from '../standards.ts';

const maxWords = 300;
/** Scripts that write without spaces are cut into overlapping pieces, so that any part of a sentence is found. */
const unspacedCharacter = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}ー]`;
const unspaced = new RegExp(`^${unspacedCharacter}`, 'u');
const runs = new RegExp(
  String.raw`${unspacedCharacter}+|(?:(?!${unspacedCharacter})[\p{L}\p{N}])+`,
  'gu',
);
const pieceLength = 3;

/** Lower case, without accents: `Équation` and `equation` are the same word. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFC');
}

/** Every word under which a standard is found: those of its statements, its code and the ends of its code. */
export function searchWords({
  code = '',
  statement,
  abbreviatedStatement = '',
}: Pick<StandardContent, 'code' | 'statement' | 'abbreviatedStatement'>): readonly string[] {
  const words = new Set<string>(codeWords(code));
  for (const run of runsOf(`${abbreviatedStatement} ${statement}`)) {
    for (const piece of piecesOf(run)) words.add(piece);
    if (words.size >= maxWords) break;
  }
  return [...words].slice(0, maxWords);
}

/** `A.B.2` is found by `a.b`, `b.2` and `2`: people leave the front of a code away. */
function codeWords(code: string): readonly string[] {
  const parts = joinCode(code).split('.').slice(0, 12);
  if (parts[0] === '') return [];
  return parts.map((_, place) => parts.slice(place).join('.').slice(0, 100));
}

function joinCode(text: string): string {
  return runsOf(text).join('.');
}

function runsOf(text: string): readonly string[] {
  return fold(text).match(runs) ?? [];
}

/** What stands in the index for a run: itself, or from each place the next few characters. */
function piecesOf(run: string): readonly string[] {
  if (!unspaced.test(run)) return [run.slice(0, 60)];
  const characters = Array.from(run).slice(0, 200);
  return characters.map((_, place) => characters.slice(place, place + pieceLength).join(''));
}

/** One word of a question: found are the standards with every one of `words`, or with a code that goes on like `code`. */
export interface SearchTerm {
  readonly words: readonly string[];
  readonly code?: string;
}

const maxTerms = 8;

/** The terms of a question; all are the beginnings of words, and all have to be met. */
export function parseSearch(question: string): readonly SearchTerm[] {
  return question
    .split(/\s+/)
    .map((term) => {
      const words = runsOf(term).flatMap(queryPieces).slice(0, 12);
      return words.length > 1 ? { words, code: joinCode(term).slice(0, 100) } : { words };
    })
    .filter(({ words }) => words.length > 0)
    .slice(0, maxTerms);
}

/** Only whole pieces: the last, shorter ones are the beginnings of pieces in any longer run. */
function queryPieces(run: string): readonly string[] {
  const pieces = piecesOf(run);
  const whole = pieces.filter((piece) => Array.from(piece).length === pieceLength);
  return unspaced.test(run) && whole.length > 0 ? whole : pieces.slice(0, 1);
}

const maxOrderText = 60;

/** Sorts standards as people read them: by number, then code (`3.2` before `3.10`), then statement. */
export function orderKey({
  sequence,
  code,
  statement,
}: Pick<StandardContent, 'sequence' | 'code' | 'statement'>): string {
  // Shifted so that negative numbers sort as text, too.
  const number = String(Math.round(sequence + 1e9)).padStart(10, '0');
  const text = fold((code ?? statement).slice(0, 200))
    .replace(/\d+/g, (digits) => digits.slice(0, 9).padStart(9, '0'))
    .slice(0, maxOrderText);
  return `${number} ${text}`;
}
