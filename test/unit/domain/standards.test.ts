import fc from 'fast-check';
import { assertLevelsKept, parseLevels } from '../../../src/domain/standards/levels.ts';
import { orderKey, parseSearch, searchWords } from '../../../src/domain/standards/search.ts';

const level = (ordinal: number, name = `Level ${ordinal}`) => ({ ordinal, name, description: '' });

describe('levels', () => {
  it('come in the order of their ordinals', () => {
    expect(parseLevels([level(2), level(1)])).toEqual([level(1), level(2)]);
    expect(parseLevels([])).toEqual([]);
  });

  it.each([
    ['a gap', [level(1), level(3)]],
    ['a start at 2', [level(2)]],
    ['an ordinal twice', [level(1), level(1, 'Other')]],
    ['a name twice', [level(1, 'Novice'), level(2, 'novice')]],
  ])('with %s are refused', (_what, levels) => {
    expect(() => parseLevels(levels)).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'level.invalid' }) as Error,
    );
  });

  it('that are in use cannot go', () => {
    expect(() => {
      assertLevelsKept([level(1)], [1, 2]);
    }).toThrow(expect.objectContaining({ kind: 'conflict', code: 'level.in_use' }) as Error);
    expect(() => {
      assertLevelsKept([level(1)], [1]);
    }).not.toThrow();
  });
});

/** As the store does it: every term by every word's beginning, or by the beginning of a code. */
function finds(
  question: string,
  standard: { code?: string; statement: string; abbreviatedStatement?: string },
): boolean {
  const words = searchWords(standard);
  const has = (start: string) => words.some((word) => word.startsWith(start));
  const terms = parseSearch(question);
  return (
    terms.length > 0 &&
    terms.every((term) => term.words.every(has) || (term.code !== undefined && has(term.code)))
  );
}

describe('the search for standards', () => {
  const standard = {
    code: 'CCSS.Math.Content.6.RP.A.2-d',
    statement: 'Résoudre une **équation** with real-world ratios.',
  };

  it.each([
    ['the beginning of a word', 'equat'],
    ['other accents and capitals', 'RESOUDRE ÉQU'],
    ['the beginning of the code', 'ccss.math'],
    ['the middle of the code', '6.rp'],
    ['the end of the code', 'A.2-d'],
    ['words and code together', '6.RP ratio'],
    ['a word with a hyphen', 'real-world'],
    ['a word in Markdown', '**équation**'],
  ])('finds by %s', (_what, question) => {
    expect(finds(question, standard)).toBe(true);
  });

  it.each([
    ['a word that is not there', 'geometry'],
    ['the middle of a word', 'quation'],
    ['one word of two', 'ratios geometry'],
    ['a neighbouring code', '6.RP.B'],
    ['nothing but punctuation', '.*'],
  ])('does not find by %s', (_what, question) => {
    expect(finds(question, standard)).toBe(false);
  });

  it.each(['計算', '算機科', '基礎', '科学の基礎', '礎'])(
    'finds %s inside a sentence without spaces',
    (question) => {
      expect(finds(question, { statement: '計算機科学の基礎' })).toBe(true);
    },
  );

  it('finds every standard by its code and by every word', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Z]{1,3}(\.[A-Z0-9]{1,3}){0,4}$/),
        fc.array(fc.stringMatching(/^[a-zA-Zé]{1,10}$/), { minLength: 1, maxLength: 8 }),
        (code, words) => {
          const one = { code, statement: words.join(' ') };
          expect(finds(code, one)).toBe(true);
          expect(finds(words.join(', '), one)).toBe(true);
        },
      ),
    );
  });
});

describe('the order of standards', () => {
  const sorted = (standards: { sequence: number; code?: string; statement: string }[]) =>
    standards
      .map((one) => ({ key: orderKey(one), name: one.code ?? one.statement }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ name }) => name);

  it('is by number first, then by code with its numbers as numbers', () => {
    expect(
      sorted([
        { sequence: 2, code: 'B', statement: '' },
        { sequence: 999_999_999, code: 'G10', statement: '' },
        { sequence: 999_999_999, code: 'G9', statement: '' },
        { sequence: 10, code: 'A', statement: '' },
        { sequence: -1, statement: 'first' },
      ]),
    ).toEqual(['first', 'B', 'A', 'G9', 'G10']);
  });
});
