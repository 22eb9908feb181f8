import { languages, describeStep, findLetters } from '../../../src/domain/letters/letters.ts';
import { composeLetter } from '../../../src/domain/letters/compose.ts';
import type { NextStep } from '../../../src/domain/level-rules.ts';
import type { EstimateReason } from '../../../src/domain/roll-ups.ts';
import { terms, type Vocabulary } from '../../../src/domain/vocabulary.ts';

/** In each language words that stand nowhere else: `«level»`, and `«level+»` for several. */
const own: Vocabulary = Object.fromEntries(
  languages.map((language) => [
    language,
    Object.fromEntries(terms.map((term) => [term, { one: `«${term}»`, other: `«${term}+»` }])),
  ]),
);
const names: Readonly<Record<string, string>> = { a: 'Graphs', b: 'Tables' };
const nameOf = (id: string) => names[id];

const steps: readonly (readonly [NextStep, string])[] = [
  [{ kind: 'previous-level', achievements: ['a'] }, '«level»'],
  [{ kind: 'must-have', achievements: ['a'] }, '«achievement»'],
  [{ kind: 'must-have', achievements: ['a', 'b'] }, '«achievement+»'],
  [{ kind: 'pool', achievements: ['a', 'b'], count: 1 }, '«achievement+»'],
  [{ kind: 'pool', achievements: ['a'], count: 1 }, '«achievement»'],
  [{ kind: 'boss', achievements: ['a'], count: 1 }, '«boss»'],
  [{ kind: 'boss', achievements: ['a', 'b'], count: 1 }, '«boss+»'],
];

const reasons: readonly EstimateReason[] = [
  { kind: 'highest', of: 3, times: 2 },
  { kind: 'latest', tie: true },
  { kind: 'latest', tie: false },
  { kind: 'mode', of: 5, most: 2, tied: ['Met', 'Beyond'] },
  { kind: 'mode', of: 5, most: 2, tied: ['Met'] },
  { kind: 'decaying-average', of: 1, percent: 65 },
  { kind: 'decaying-average', of: 4, percent: 65 },
  { kind: 'n-times', of: 2, times: 3, reached: false },
  { kind: 'n-times', of: 4, times: 3, reached: true },
];

describe.each(languages)('what is written in %s', (language) => {
  const letters = findLetters({ vocabulary: own }, language);

  it.each(steps)('calls things by the words of the school: %j', (step, word) => {
    const sentence = describeStep(letters, step, nameOf);
    expect(sentence).toContain(word);
    expect(sentence).toContain('Graphs');
    expect(sentence).toMatch(/^\p{Lu}.*\.$/u);
  });

  it('counts what is too long to be read, and says what has no name', () => {
    const achievements = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const sentence = describeStep(letters, { kind: 'must-have', achievements }, nameOf);
    expect(sentence).toContain('Graphs, Tables, ');
    expect(sentence).toMatch(/«achievement».* 2 \p{L}+\.$/u);
  });

  it('says why an estimate is what it is, each in its own way', () => {
    const sentences = reasons.map(letters.estimate);
    expect(new Set(sentences).size).toBe(reasons.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[\p{Lu}\d].*\.$/u);
  });

  it('has letters, flags, paces and charts in the same words', () => {
    const flag = { kind: 'missing-level', achievement: 'a', previous: 'b' } as const;
    const stuck = letters.flag(flag, { achievement: 'Graphs', previous: 'Belt 1' });
    expect(stuck).toContain('«level»');
    const words = { submitted: [], inReview: [], earned: ['Graphs'], returned: [], stuck: [stuck] };
    const weeks = [{ learner: 'x', name: 'Ada', words }];
    const letter = composeLetter(letters, { school: 'Alder', reader: 'Bo', weeks });
    for (const word of ['«achievement+»', '«level»', '«school»']) expect(letter).toContain(word);
    expect(letters.pace({ perMonth: 1.5, lastMonth: 2 })).toContain('«achievement+»');
    expect(letters.pace({ perMonth: 1, lastMonth: 1 })).toContain('«achievement»');
    expect(letters.chart.level(2, 'Red')).toBe('«level» 2: Red');
    const facts = { held: 1, all: 3, day: '2026-11-22' };
    expect(letters.chart.summary('Science', facts)).toContain('«achievement+»');
  });
});

describe('the language', () => {
  it.each([
    ['de-AT', undefined, 'de'],
    ['fr', ['es', 'fr'], 'es'],
    [undefined, ['fr'], 'en'],
    [undefined, undefined, 'en'],
  ])('for a reader of %s at a school of %j is %s', (reader, usual, language) => {
    const school = { vocabulary: own, ...(usual === undefined ? {} : { languages: usual }) };
    expect(findLetters(school, reader).language).toBe(language);
  });

  it('of the words is that of the sentences, in the reader’s own kind of it', () => {
    const belts = { de: { level: { one: 'Gurt', other: 'Gurte' } } };
    const austrian = { 'de-AT': { level: { one: 'Gürtel', other: 'Gürtel' } } };
    const step = { kind: 'previous-level', achievements: ['a'] } as const;
    const school = { vocabulary: { ...belts, ...austrian }, languages: ['en'] };
    expect(describeStep(findLetters(school, 'de-AT'), step, nameOf)).toContain('(Gürtel)');
    expect(describeStep(findLetters(school, 'de-CH'), step, nameOf)).toContain('(Gurt)');
    expect(describeStep(findLetters(school, 'fr'), step, nameOf)).toBe(
      'First comes the level before: Graphs.',
    );
  });
});
