import fc from 'fast-check';
import { isSampled, measureAgreement, pairUp } from '../../../src/domain/calibration.ts';

/** `12 12 01`: what the first and the second reader found, pair by pair. */
const pairs = (text: string) =>
  text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => ({ first: Number(one[0]), second: Number(one[1]) }));

describe('agreement', () => {
  it.each([
    // All the same, on two levels: po = 1, pe = ½·½ + ½·½ = ½, kappa = (1 - ½) / ½ = 1.
    ['00 11', { exact: 1, adjacent: 1, kappa: 1 }],
    // po = ½. First: 0 twice, 1 twice; second: 0 twice, 1 twice: pe = ½. kappa = 0: as good as chance.
    ['00 01 10 11', { exact: 0.5, adjacent: 1, kappa: 0 }],
    // Never the same, on two levels: po = 0, pe = ½·½ + ½·½ = ½, kappa = -½ / ½ = -1.
    ['01 10', { exact: 0, adjacent: 1, kappa: -1 }],
    // The textbook's table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no of 50.
    // po = 35/50 = 0.7; pe = 25/50·30/50 + 25/50·20/50 = 0.3 + 0.2 = 0.5; kappa = 0.2 / 0.5 = 0.4.
    [
      `${'11 '.repeat(20)}${'10 '.repeat(5)}${'01 '.repeat(10)}${'00 '.repeat(15)}`,
      { exact: 0.7, adjacent: 1, kappa: 0.4 },
    ],
    // Three levels; 00, 11, 22 and 02: po = 3/4. First: 0 ½, 1 ¼, 2 ¼; second: 0 ¼, 1 ¼, 2 ½.
    // pe = ½·¼ + ¼·¼ + ¼·½ = 5/16; kappa = (12/16 - 5/16) / (11/16) = 7/11. 02 is two levels apart: adjacent ¾.
    ['00 11 22 02', { exact: 0.75, adjacent: 0.75, kappa: 7 / 11 }],
  ])('%s', (text, expected) => {
    const found = measureAgreement(pairs(text));
    expect(found.pairs).toBe(pairs(text).length);
    for (const [name, value] of Object.entries(expected))
      expect(found[name as 'kappa']).toBeCloseTo(value, 12);
    expect(found.kappaUndefined).toBeUndefined();
  });

  it('has no kappa where there is nothing to agree about, and says why', () => {
    expect(measureAgreement([])).toEqual({ pairs: 0, kappaUndefined: 'no-pairs' });
    // pe = 1: (1 - 1) / (1 - 1).
    expect(measureAgreement(pairs('11 11 11'))).toEqual({
      pairs: 3,
      exact: 1,
      adjacent: 1,
      kappaUndefined: 'one-level',
    });
  });

  it('is of the criteria that both judged', () => {
    const found = pairUp(
      [
        { criterion: 'a', level: 'x', rank: 1 },
        { criterion: 'b', level: 'x', rank: 0 },
      ],
      [{ criterion: 'a', level: 'y', rank: 2 }],
    );
    expect(found).toEqual([{ criterion: 'a', first: 1, second: 2 }]);
  });

  it('is the same whoever is called the first, in whatever order, and 1 at most', () => {
    const pair = fc.record({ first: fc.nat({ max: 4 }), second: fc.nat({ max: 4 }) });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1 }), (given) => {
        const { kappa, exact = 0, adjacent = 0 } = measureAgreement(given);
        const turned = given
          .map(({ first, second }) => ({ first: second, second: first }))
          .reverse();
        const other = measureAgreement(turned);
        expect(other.exact).toBeCloseTo(exact, 12);
        expect(adjacent).toBeGreaterThanOrEqual(exact);
        expect(kappa === undefined).toBe(other.kappa === undefined);
        if (kappa === undefined) return;
        expect(other.kappa).toBeCloseTo(kappa, 10);
        expect(kappa).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('the sample', () => {
  const reviews = Array.from({ length: 4_000 }, (_, index) => `review-${index}`);
  const drawn = (share: number) =>
    reviews.filter((review) => isSampled({ share }, { review, kind: 'microcredential' }));

  it('is the same every time, none for 0, all for 1, and about its share between', () => {
    expect(drawn(0)).toEqual([]);
    expect(drawn(1)).toEqual(reviews);
    expect(drawn(0.25)).toEqual(drawn(0.25));
    // 4,000 draws at ¼: 1,000, give or take 27; six times that is never seen.
    expect(Math.abs(drawn(0.25).length - 1_000)).toBeLessThan(165);
    // A larger share takes more, and never lets go of one.
    expect(drawn(0.5)).toEqual(expect.arrayContaining(drawn(0.25)));
  });

  it('is of the kinds that are asked for', () => {
    const policy = { share: 1, kinds: ['boss'] as const };
    expect(isSampled(policy, { review: 'r', kind: 'boss' })).toBe(true);
    expect(isSampled(policy, { review: 'r', kind: 'microcredential' })).toBe(false);
  });
});
