import { readdirSync, readFileSync } from 'node:fs';
import { adviseOn, advisedCodes } from '../../../src/web/advice.ts';

const folders = ['credentials', 'services'].map(
  (name) => new URL(`../../../src/${name}/`, import.meta.url),
);
const sources = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8')),
);
const codes = new Set(
  sources.flatMap((source) =>
    [...source.matchAll(/'([A-Z][A-Z\d]+(?:_[A-Z\d]+)*)'/g)].map(([, code = '']) => code),
  ),
);
const ids = [
  'format',
  'schema',
  'proof',
  'issuer',
  'validity',
  'status',
  'endorsements',
  'nested',
] as const;

describe('what to do', () => {
  it('is said for every code that verification knows, whatever the check', () => {
    expect(codes.size).toBeGreaterThan(40);
    for (const code of codes) {
      for (const id of ids) {
        for (const outcome of ['fail', 'warn'] as const) {
          const advice = adviseOn({ id, outcome, title: '', detail: '', code });
          expect(advice).toMatch(/^[A-Z].{15,}\.$/);
          expect(advice).not.toMatch(/JSON|JWT|DID|proof|cryptograph|fake|fraud|forge/i);
        }
      }
    }
  });

  it('is not said where nothing is to be done', () => {
    for (const outcome of ['pass', 'skip'] as const) {
      expect(adviseOn({ id: 'proof', outcome, title: '', detail: '' })).toBeUndefined();
    }
  });

  it('is written for codes that exist', () => {
    expect(advisedCodes.filter((code) => !codes.has(code))).toEqual([]);
  });
});
