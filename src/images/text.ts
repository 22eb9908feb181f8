export interface FittedText {
  readonly lines: readonly string[];
  readonly size: number;
}

const ellipsis = '…';

/** Widths of Inter Bold in parts of the font size, by kind of letter: close enough to break lines. */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[\s.,:;'’!|ijlIftr()[\]]/, 0.34],
  [/[mwMW@%&…—]/, 0.92],
  [/[A-Z\p{Lu}0-9]/u, 0.69],
  [/[\u3000-\u9fff\uac00-\ud7af]/, 1],
];

export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const letter of text) width += widths.find(([kind]) => kind.test(letter))?.[1] ?? 0.6;
  return width * size;
}

/** Breaks a title into lines of the largest size at which it fits; what is still too long ends in an ellipsis. */
export function fitText(text: string, width: number, sizes: readonly number[]): FittedText {
  const words = text.trim().split(/\s+/);
  const maxLines = 3;
  let smallest: FittedText = { lines: [], size: 0 };
  for (const size of sizes) {
    const lines = wrap(words, width, size);
    smallest = { lines, size };
    const whole = words.every((word) => widthOf(word, size) <= width);
    if (whole && lines.length <= maxLines) return balance(words, smallest, width);
  }
  return shorten(smallest, width, maxLines);
}

function wrap(words: readonly string[], width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of words.flatMap((long) => split(long, width, size))) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Lines of about the same length look calmer than a full one and a rest. */
function balance(words: readonly string[], fitted: FittedText, width: number): FittedText {
  const { size } = fitted;
  for (let share = 0.5; share < 1; share += 0.05) {
    const lines = wrap(words, width * share, size);
    const intact = lines.join(' ') === words.join(' ');
    if (intact && lines.length === fitted.lines.length) return { lines, size };
  }
  return fitted;
}

/** A word that is wider than a line is cut into pieces. */
function split(word: string, width: number, size: number): string[] {
  const pieces = [''];
  for (const letter of word) {
    const longer = `${pieces.at(-1) ?? ''}${letter}`;
    if (longer.length > letter.length && widthOf(longer, size) > width) pieces.push(letter);
    else pieces[pieces.length - 1] = longer;
  }
  return pieces;
}

function shorten({ lines, size }: FittedText, width: number, maxLines: number): FittedText {
  if (lines.length <= maxLines) return { lines, size };
  const kept = lines.slice(0, maxLines);
  let last = Array.from(kept.at(-1) ?? '');
  while (last.length > 0 && widthOf(last.join('') + ellipsis, size) > width)
    last = last.slice(0, -1);
  kept[maxLines - 1] = last.join('').trimEnd() + ellipsis;
  return { lines: kept, size };
}
