import fc from 'fast-check';
import { rollUp, type Observation, type RollUpRule } from '../../../src/domain/roll-ups.ts';

const scale = ['Not yet', 'Nearly', 'Met', 'Beyond'];

/** One observation a day, oldest first, each by its rank on a scale of four: values 0, 1/3, 2/3, 1. */
function observed(ranks: string): Observation[] {
  return Array.from(ranks, (rank, day) => ({
    id: `o${day}`,
    source: 'review',
    achievement: 'a',
    at: new Date(Date.UTC(2026, 0, day + 1)),
    value: Number(rank) / 3,
    level: scale[Number(rank)] ?? '',
    scale,
  }));
}

const idsOf = (evidence: readonly Observation[] = []) => evidence.map(({ id }) => id).join(' ');

describe('a roll-up', () => {
  it.each<[RollUpRule, string, [string | undefined, number | undefined, string]]>([
    // [rule, ranks from the oldest, [level, value, evidence from the newest]]
    [{ rule: 'highest' }, '1', ['Nearly', 1 / 3, 'o0']],
    // Once Beyond, and later less: the highest stays.
    [{ rule: 'highest' }, '0312', ['Beyond', 1, 'o1']],
    // Reached on two days: both are evidence, the newer first.
    [{ rule: 'highest' }, '0212', ['Met', 2 / 3, 'o3 o1']],
    [{ rule: 'latest' }, '0312', ['Met', 2 / 3, 'o3']],
    // The last five are 1 2 2 3 1: Nearly twice, Met twice; Nearly was found more recently.
    [{ rule: 'mode', last: 5 }, '012231', ['Nearly', 1 / 3, 'o5 o4 o3 o2 o1']],
    // The last three are 2 2 3: Met twice.
    [{ rule: 'mode', last: 3 }, '1113223', ['Met', 2 / 3, 'o6 o5 o4']],
    // Fewer than N: of what there is.
    [{ rule: 'mode', last: 5 }, '22', ['Met', 2 / 3, 'o1 o0']],
    // One is itself.
    [{ rule: 'decaying-average', weight: 0.65 }, '2', ['Met', 2 / 3, 'o0']],
    // 0.65 × 1 + 0.35 × 1/3 = 0.7667: reaches Met (0.667), not Beyond (1).
    [{ rule: 'decaying-average', weight: 0.65 }, '13', ['Met', 0.65 + 0.35 / 3, 'o1 o0']],
    // After 1/3 and 1: 0.7667; then 0.65 × 2/3 + 0.35 × 0.7667 = 0.4333 + 0.2683 = 0.7017: Met.
    [{ rule: 'decaying-average', weight: 0.65 }, '132', ['Met', 0.701_666_666_7, 'o2 o1 o0']],
    // 0.65 × 2/3 + 0.35 × 1/3 = 0.55: reaches Nearly only.
    [{ rule: 'decaying-average', weight: 0.65 }, '12', ['Nearly', 0.55, 'o1 o0']],
    // Half and half: (0 + 1) / 2.
    [{ rule: 'decaying-average', weight: 0.5 }, '03', ['Nearly', 0.5, 'o1 o0']],
    // Always the same stays the same, whatever rounding does.
    [{ rule: 'decaying-average', weight: 0.65 }, '2222222', ['Met', 2 / 3, 'o6 o5 o4 o3 o2 o1 o0']],
    // Twice: 3 2 2 1 0 from the top, the second is Met.
    [{ rule: 'n-times', times: 2 }, '12032', ['Met', 2 / 3, 'o4 o3 o1']],
    [{ rule: 'n-times', times: 1 }, '12032', ['Beyond', 1, 'o3']],
    // Two of the three times that it takes: nothing is said yet.
    [{ rule: 'n-times', times: 3 }, '33', [undefined, undefined, 'o1 o0']],
  ])('by %j of %s', (rule, ranks, [level, value, evidence]) => {
    const found = rollUp(rule, observed(ranks));
    expect(found).toMatchObject({ rule, seen: ranks.length });
    expect(found?.level).toBe(level);
    if (value === undefined) expect(found?.value).toBeUndefined();
    else expect(found?.value).toBeCloseTo(value, 9);
    expect(idsOf(found?.evidence)).toBe(evidence);
    expect(found?.reason.kind).toBe(rule.rule);
  });

  it('explains a tie', () => {
    expect(rollUp({ rule: 'mode', last: 5 }, observed('012231'))?.reason).toEqual({
      ...{ kind: 'mode', of: 5, most: 2 },
      tied: ['Nearly', 'Met'],
    });
    const [one, other] = observed('13').map((it) => ({ ...it, at: new Date(0) }));
    const both = [one, other].filter((it) => it !== undefined);
    expect(rollUp({ rule: 'latest' }, both)).toMatchObject({
      level: 'Beyond',
      reason: { kind: 'latest', tie: true },
    });
  });

  it('compares rubrics by the place on their own scale', () => {
    const [four] = observed('2');
    const two: Observation = {
      id: 'two',
      source: 'award',
      achievement: 'b',
      at: new Date(0),
      value: 1,
      level: 'Yes',
      scale: ['No', 'Yes'],
    };
    const all = [four, two].filter((it) => it !== undefined);
    expect(rollUp({ rule: 'highest' }, all)).toMatchObject({ level: 'Yes', value: 1 });
    // 0.65 × 2/3 + 0.35 × 1 = 0.7833, on the scale of the newest: Met.
    expect(rollUp({ rule: 'decaying-average', weight: 0.65 }, all)?.level).toBe('Met');
  });

  it('of nothing is nothing', () => {
    expect(rollUp({ rule: 'highest' }, [])).toBeUndefined();
  });

  const rules = fc.oneof(
    fc.constant<RollUpRule>({ rule: 'highest' }),
    fc.constant<RollUpRule>({ rule: 'latest' }),
    fc.integer({ min: 2, max: 9 }).map((last): RollUpRule => ({ rule: 'mode', last })),
    fc
      .double({ min: 0.01, max: 0.99, noNaN: true })
      .map((weight): RollUpRule => ({ rule: 'decaying-average', weight })),
    fc.integer({ min: 1, max: 5 }).map((times): RollUpRule => ({ rule: 'n-times', times })),
  );
  const ranks = fc.stringMatching(/^[0-3]{1,12}$/);

  it('does not care in which order it is told', () => {
    fc.assert(
      fc.property(
        rules,
        ranks,
        fc.infiniteStream(fc.double({ noNaN: true })),
        (rule, all, draw) => {
          const shuffled = observed(all)
            .map((one) => [draw.next().value, one] as const)
            .sort(([a], [b]) => Number(a) - Number(b))
            .map(([, one]) => one);
          expect(rollUp(rule, shuffled)).toEqual(rollUp(rule, observed(all)));
        },
      ),
    );
  });

  it('lies between the lowest and the highest that was found', () => {
    fc.assert(
      fc.property(rules, ranks, (rule, all) => {
        const { value } = rollUp(rule, observed(all)) ?? {};
        if (value === undefined) return;
        const found = Array.from(all, (rank) => Number(rank) / 3);
        expect(value).toBeGreaterThan(Math.min(...found) - 1e-9);
        expect(value).toBeLessThan(Math.max(...found) + 1e-9);
      }),
    );
  });

  it('by the highest or by n times never falls by one more', () => {
    const rising = fc.constantFrom<RollUpRule>({ rule: 'highest' }, { rule: 'n-times', times: 2 });
    fc.assert(
      fc.property(rising, ranks, fc.constantFrom('0', '1', '2', '3'), (rule, all, more) => {
        const before = rollUp(rule, observed(all))?.value ?? 0;
        expect(rollUp(rule, observed(all + more))?.value ?? 0).toBeGreaterThan(before - 1e-9);
      }),
    );
  });
});
