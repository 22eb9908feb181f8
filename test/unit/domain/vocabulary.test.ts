import {
  capitalize,
  fallbacks,
  findUnknownTerms,
  languagesOf,
  terms,
  termsOf,
  type TermCount,
  type Vocabulary,
} from '../../../src/domain/vocabulary.ts';

const school = (vocabulary: Vocabulary, languages?: readonly string[]) =>
  languages === undefined ? { vocabulary } : { vocabulary, languages };

describe('termsOf', () => {
  const rows: readonly [language: string, count: TermCount | undefined, said: string][] = [
    ['en', undefined, 'achievement'],
    ['en', 1, 'achievement'],
    ['en', 0, 'achievements'],
    ['en', 2, 'achievements'],
    ['en', 'several', 'achievements'],
    ['es', undefined, 'logro'],
    ['es', 3, 'logros'],
    ['es-MX', 3, 'logros'],
    ['de', 'several', 'Lernziele'],
    ['de-AT', 1, 'Lernziel'],
    // No words built in, and none of the school's own.
    ['fr', 2, 'achievements'],
  ];
  it.each(rows)('of a school without words of its own: %s, %s', (language, count, said) => {
    expect(termsOf(school({}), language)('achievement', count)).toBe(said);
  });

  it('says every term in every built-in language', () => {
    for (const language of ['en', 'es', 'de']) {
      const say = termsOf(school({}), language);
      for (const term of terms) {
        expect(say(term)).toMatch(/\p{L}/u);
        expect(say(term, 'several')).toMatch(/\p{L}/u);
      }
    }
  });

  it('takes the nearest: language, without its region, the usual language, English', () => {
    const words = (word: string) => ({ one: word, other: `${word}s` });
    const own = school(
      {
        'es-MX': { level: words('escalón') },
        es: { level: words('peldaño'), boss: words('cumbre') },
        fr: { boss: words('sommet'), mentor: words('parrain') },
      },
      ['fr', 'es'],
    );
    const say = termsOf(own, 'es-MX');
    expect([say('level'), say('boss', 2), say('mentor'), say('teacher')]).toEqual([
      'escalón',
      'cumbres',
      'mentor',
      'docente',
    ]);
    const inItalian = termsOf(own, 'it');
    expect([inItalian('boss'), inItalian('mentor', 2), inItalian('level')]).toEqual([
      'sommet',
      'parrains',
      'level',
    ]);
  });

  it('counts as the language counts', () => {
    const polish = { one: 'poziom', few: 'poziomy', many: 'poziomów', other: 'poziomu' };
    const say = termsOf(school({ pl: { level: polish } }), 'pl');
    expect([1, 2, 5, 22, 1.5].map((count) => say('level', count))).toEqual([
      'poziom',
      'poziomy',
      'poziomów',
      'poziomy',
      'poziomu',
    ]);
  });
});

it('languagesOf: the usual one first, then all in which something was said', () => {
  expect(languagesOf(school({}))).toEqual(['en']);
  const own = { ...school({ es: {}, de: { boss: { one: 'a', other: 'b' } } }, ['fr', 'de']) };
  expect(languagesOf({ ...own, masteryPolicy: { it: 'Ciao.' } })).toEqual(['fr', 'de', 'it']);
});

it('fallbacks names none twice', () => {
  expect(fallbacks('de-AT', 'de')).toEqual(['de-AT', 'de', 'en']);
});

it('findUnknownTerms finds each once, names of objects too', () => {
  const word = { one: 'x', other: 'x' };
  const unknown = { boss: word, grade: word };
  expect(
    findUnknownTerms({ en: unknown, de: { grade: null, constructor: null }, es: null }),
  ).toEqual(['grade', 'constructor']);
});

it('capitalize', () => {
  expect(['level', 'índice', '𝒶b', ''].map(capitalize)).toEqual(['Level', 'Índice', '𝒶b', '']);
});
