import { chooseLanguage } from '../../../src/shared/negotiate.ts';

const rows: readonly [header: string | undefined, available: string, chosen: string][] = [
  [undefined, 'en es', 'en'],
  ['', 'es en', 'es'],
  ['de', 'en es', 'en'],
  ['es', 'en es', 'es'],
  ['es-MX,es;q=0.9,en;q=0.8', 'en es', 'es'],
  ['en;q=0.5, es;q=0.9', 'en es', 'es'],
  ['es;q=0.5, en;q=0.5', 'de en es', 'es'],
  ['ES', 'en es', 'es'],
  ['es', 'en es-MX', 'es-MX'],
  ['es-AR', 'en es-MX', 'es-MX'],
  ['zh-Hant-TW', 'en zh-Hans zh-Hant', 'zh-Hant'],
  ['es;q=0, de', 'en es de', 'de'],
  ['fr, *', 'en es', 'en'],
  ['*;q=0.1, es', 'en es', 'es'],
  ['es;q=x', 'en es', 'en'],
  [';;;,,q=1', 'en es', 'en'],
  ['es; q=0.7', 'en es', 'es'],
];

it.each(rows)('Accept-Language: %s, of %s, is %s', (header, available, chosen) => {
  expect(chooseLanguage(header, available.split(' '))).toBe(chosen);
});

it('of nothing is nothing', () => {
  expect(chooseLanguage('en', [])).toBeUndefined();
});
