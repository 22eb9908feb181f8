import fc from 'fast-check';
import {
  countDays,
  decideFlags,
  findGone,
  flagKey,
  noSupport,
  type LearnerFacts,
  type Pause,
  type SupportPolicy,
} from '../../../src/domain/support.ts';
import { findGates, readFacts } from '../../../src/domain/support-facts.ts';

const day = (number: number, hour = 0) => new Date(Date.UTC(2026, 0, number, hour));

const facts = (changes: Partial<LearnerFacts> = {}): LearnerFacts => ({
  joined: day(1),
  waiting: false,
  sentBack: new Map(),
  behind: 0,
  early: [],
  resolved: new Map(),
  ...changes,
});
const policy = (changes: Partial<SupportPolicy> = {}): SupportPolicy => ({
  ...noSupport,
  ...changes,
});

describe('days without progress', () => {
  const ten = policy({ daysWithoutProgress: 10 });

  it.each([
    ['nine days after joining', facts(), day(10), []],
    ['ten days after joining', facts(), day(11), [{ kind: 'no-progress', count: 10 }]],
    ['ten days, less an hour, after progress', facts({ lastProgress: day(5, 1) }), day(15), []],
    ['ten days after progress', facts({ lastProgress: day(5) }), day(15), [10]],
    ['while something is being read', facts({ waiting: true }), day(31), []],
    [
      'days after a flag about something else was resolved',
      facts({ resolved: new Map([['sent-back a', day(20)]]) }),
      day(29),
      [],
    ],
    [
      'ten days after a flag was resolved',
      facts({ resolved: new Map([['no-progress', day(20)]]) }),
      day(30),
      [10],
    ],
  ])('%s', (_, given, now, expected) => {
    const found = decideFlags(ten, given, now);
    const wanted = expected.map((one) =>
      typeof one === 'number' ? { kind: 'no-progress', count: one } : one,
    );
    expect(found).toEqual(wanted);
  });

  it('do not count in holidays, also where those overlap', () => {
    const pauses = [
      { from: '2026-01-03', to: '2026-01-06' },
      { from: '2026-01-05', to: '2026-01-08' },
    ];
    // The 1st, the 2nd, and then the 9th to the 11th: five days.
    expect(countDays(day(1), day(12), pauses)).toBe(5);
    // It begins in the middle of a pause.
    expect(countDays(day(4), day(10), pauses)).toBe(1);
    expect(countDays(day(4), day(6), pauses)).toBe(0);
  });
});

describe('the other rules', () => {
  const all = policy({ timesSentBack: 2, behindPace: true, missingLevel: true });

  it.each([
    ['sent back once', facts({ sentBack: new Map([['a', [day(2)]]]) }), []],
    [
      'sent back twice',
      facts({ sentBack: new Map([['a', [day(2), day(3)]]]) }),
      [{ kind: 'sent-back', achievement: 'a', count: 2 }],
    ],
    [
      'sent back twice, helped in between',
      facts({
        sentBack: new Map([['a', [day(2), day(4)]]]),
        resolved: new Map([['sent-back a', day(3)]]),
      }),
      [],
    ],
    ['a new pace', facts({ behind: 3, joined: day(10) }), []],
    ['behind', facts({ behind: 3 }), [{ kind: 'behind-pace', count: 3 }]],
    [
      'too early, twice for the same',
      facts({
        early: [
          { achievement: 'b', previous: 'l1', since: day(2) },
          { achievement: 'b', previous: 'l1', since: day(3) },
        ],
      }),
      [{ kind: 'missing-level', achievement: 'b', previous: 'l1' }],
    ],
    [
      'too early, and settled',
      facts({
        early: [{ achievement: 'b', previous: 'l1', since: day(2) }],
        resolved: new Map([['missing-level b', day(3)]]),
      }),
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(decideFlags(all, given, day(12))).toEqual(expected);
    expect(decideFlags(noSupport, given, day(12))).toEqual([]);
  });

  it('let a flag go whose fact is gone or whose rule is off, and never one that was raised by hand', () => {
    const open = [
      { kind: 'sent-back' as const, achievement: 'a' },
      { kind: 'missing-level' as const, achievement: 'b' },
      { kind: 'no-progress' as const },
      { kind: 'by-hand' as const },
    ];
    const still = [{ kind: 'missing-level' as const, achievement: 'b' }];
    expect(findGone(all, open, still).map(({ flag, reason }) => [flag.kind, reason])).toEqual([
      ['sent-back', 'fact-gone'],
      ['no-progress', 'rule-off'],
    ]);
  });
});

describe('facts', () => {
  const decision = (
    achievement: string,
    state: 'pending' | 'revise' | 'approved' | 'declined',
  ) => ({
    achievement,
    version: 1,
    state,
  });
  const review = (achievement: string, what: 'revise' | 'approve', at: Date) => ({
    id: 'r',
    achievement,
    version: 1,
    reviewer: 't',
    reviewerKind: 'person' as const,
    decision: what,
    results: [],
    at,
    round: 1,
  });

  it('are of what the learner is still at', () => {
    const gates = findGates([
      {
        pool: [{ achievement: 'b', retired: false }],
        mustHave: [],
        boss: { achievements: ['boss'], require: 'all' },
        previous: 'l1',
      },
    ]);
    const read = readFacts(
      {
        joined: day(1),
        work: [
          {
            state: 'decided',
            submittedAt: day(2),
            decisions: [decision('a', 'revise'), decision('x', 'declined')],
            reviews: [review('a', 'revise', day(3)), review('x', 'revise', day(3))],
          },
          {
            state: 'withdrawn',
            submittedAt: day(2),
            decisions: [decision('a', 'pending'), decision('b', 'pending')],
            reviews: [review('a', 'revise', day(2))],
          },
          {
            state: 'submitted',
            submittedAt: day(5),
            decisions: [decision('b', 'pending')],
            reviews: [],
          },
          { state: 'draft', decisions: [decision('boss', 'pending')], reviews: [] },
        ],
        held: [{ achievement: 'c', awardedAt: day(4) }],
        flags: [
          { kind: 'sent-back', achievement: 'a', resolvedAt: day(2) },
          { kind: 'sent-back', achievement: 'a', resolvedAt: day(1) },
          { kind: 'by-hand' },
        ],
      },
      gates,
      { now: day(6), pauses: [] },
    );
    expect(read.lastProgress).toEqual(day(5));
    expect(read.waiting).toBe(true);
    expect(read.sentBack.get('a')).toEqual([day(3)]);
    expect(read.sentBack.has('x')).toBe(false);
    expect(read.early).toEqual([{ achievement: 'b', previous: 'l1', since: day(5) }]);
    expect(read.resolved).toEqual(new Map([['sent-back a', day(2)]]));
  });
});

describe('behind the own pace', () => {
  // On 1 March; the last 30 days begin on 30 January.
  const now = new Date(Date.UTC(2026, 2, 1));
  const earnedOn = (...days: number[]) =>
    days.map((one) => ({ achievement: `a${one}`, awardedAt: day(one) }));
  const pace = (perMonth: number, setAt: Date) => ({ perMonth, setAt });
  const behind = (own: ReturnType<typeof pace>, days: number[], pauses: Pause[] = []) =>
    readFacts(
      { joined: day(1), work: [], held: earnedOn(...days), flags: [], pace: own },
      new Map(),
      { now, pauses },
    ).behind;

  it.each([
    ['three of four', pace(4, day(1)), [35, 40, 45], 1],
    ['four of four', pace(4, day(1)), [35, 40, 45, 50], 0],
    ['what was earned before does not count', pace(2, day(1)), [10, 20], 2],
    ['half an achievement is none', pace(0.5, day(1)), [], 0],
    ['a pace of last week', pace(4, day(55)), [], 0],
  ])('%s', (_, own, days, expected) => {
    expect(behind(own, days)).toBe(expected);
  });

  it('is not counted in holidays', () => {
    // 15 of the 30 days: half of four is asked for.
    expect(behind(pace(4, day(1)), [35, 36], [{ from: '2026-02-10', to: '2026-02-24' }])).toBe(0);
  });
});

describe('whatever the facts are', () => {
  const someDay = fc.integer({ min: 1, max: 90 }).map((number) => day(number));
  const someFacts: fc.Arbitrary<LearnerFacts> = fc.record({
    joined: someDay,
    lastProgress: fc.option(someDay, { nil: undefined }),
    waiting: fc.boolean(),
    sentBack: fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(someDay, { maxLength: 4 }))
      .map((entries) => new Map(Object.entries(entries))),
    behind: fc.integer({ min: 0, max: 5 }),
    early: fc.array(
      fc.record({
        achievement: fc.constantFrom('a', 'b'),
        previous: fc.constant('l1'),
        since: someDay,
      }),
    ),
    resolved: fc.constant(new Map()),
  });
  const somePolicy: fc.Arbitrary<SupportPolicy> = fc.record({
    daysWithoutProgress: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    timesSentBack: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    behindPace: fc.boolean(),
    missingLevel: fc.boolean(),
    visibleToFamily: fc.boolean(),
    pauses: fc.constant([]),
  });

  it('there is one flag of a kind and achievement at most, and none for a rule that is off', () => {
    fc.assert(
      fc.property(somePolicy, someFacts, someDay, (rules, given, now) => {
        const flags = decideFlags(rules, given, now);
        expect(new Set(flags.map(flagKey)).size).toBe(flags.length);
        const kinds = new Set(flags.map(({ kind }) => kind));
        if (rules.daysWithoutProgress === undefined) expect(kinds.has('no-progress')).toBe(false);
        if (rules.timesSentBack === undefined) expect(kinds.has('sent-back')).toBe(false);
        if (!rules.behindPace) expect(kinds.has('behind-pace')).toBe(false);
        if (!rules.missingLevel) expect(kinds.has('missing-level')).toBe(false);
      }),
    );
  });

  it('new progress never raises a flag, and nobody is flagged at once after help', () => {
    fc.assert(
      fc.property(somePolicy, someFacts, someDay, (rules, given, now) => {
        const keys = new Set(decideFlags(rules, given, now).map(flagKey));
        const moved = decideFlags(rules, { ...given, lastProgress: now }, now).map(flagKey);
        expect(moved.every((key) => keys.has(key))).toBe(true);
        const helped = new Map([...keys].map((key) => [key, now]));
        const recent = given.early.filter(({ since }) => since > now);
        const after = decideFlags(rules, { ...given, resolved: helped }, now);
        if (recent.length === 0) {
          const late = [...given.sentBack.values()].flat().some((at) => at > now);
          if (!late) expect(after).toEqual([]);
        }
      }),
    );
  });
});
