import fc from 'fast-check';
import {
  decidePathway,
  findPathwayIssues,
  findPrerequisites,
  type Pathway,
} from '../../../src/domain/pathways.ts';
import { findCycle, type Prerequisites } from '../../../src/domain/prerequisites.ts';
import { findCompositionFaults, findPathwayFaults } from '../../../src/domain/stack-faults.ts';

type Shape = Pick<Pathway, 'kind' | 'steps' | 'award' | 'state'>;

const pathway = (
  steps: Readonly<Record<string, readonly string[]>>,
  more: Partial<Shape> = {},
) => ({
  kind: 'free' as const,
  state: 'active' as const,
  steps: Object.entries(steps).map(([achievement, requires]) => ({ achievement, requires })),
  ...more,
});

/** Kahn's algorithm: takes away what waits for nothing until nothing is left. */
function isAcyclic(prerequisites: Prerequisites): boolean {
  const waiting = new Map([...prerequisites].map(([node, all]) => [node, new Set(all)] as const));
  for (;;) {
    const free = [...waiting].filter(([, all]) => [...all].every((one) => !waiting.has(one)));
    if (free.length === 0) return waiting.size === 0;
    for (const [node] of free) waiting.delete(node);
  }
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const name = fc.constantFrom(...names);
const graph = fc
  .array(fc.tuple(name, fc.uniqueArray(name, { maxLength: 3 })), { maxLength: 8 })
  .map((edges) => new Map<string, readonly string[]>(edges));

describe('circles', () => {
  it('are found when there is one, and then each really waits for the next', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const cycle = findCycle(edges);
        expect(cycle === undefined).toBe(isAcyclic(edges));
        for (const [index, node] of (cycle ?? []).entries()) {
          const after = cycle?.[(index + 1) % cycle.length];
          expect(edges.get(node)).toContain(after);
        }
      }),
    );
  });

  it.each<[string, Record<string, string[]>, string[] | undefined]>([
    ['nothing', {}, undefined],
    ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, undefined],
    ['itself', { a: ['a'] }, ['a']],
    ['a circle behind a tail', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, ['b', 'c', 'd']],
    ['what is not described', { a: ['x'] }, undefined],
  ])('in %s', (_what, edges, cycle) => {
    expect(findCycle(new Map(Object.entries(edges)))).toEqual(cycle);
  });

  it('are looked for without nesting as deep as the chain is long', () => {
    const long = new Map(
      Array.from({ length: 200_000 }, (_, index) => [`${index}`, [`${index + 1}`]] as const),
    );
    expect(findCycle(long)).toBeUndefined();
  });
});

describe('a pathway under any edits', () => {
  const edit = fc.oneof(
    fc.record({ step: name, requires: fc.uniqueArray(name, { maxLength: 3 }) }),
    fc.record({ kind: fc.constantFrom('ordered' as const, 'free' as const) }),
    fc.record({ drop: name }),
    fc.record({ first: name }),
  );

  function apply(before: Shape, change: object): Shape {
    if ('kind' in change) return { ...before, kind: change.kind as Shape['kind'] };
    const others = (id: unknown) => before.steps.filter(({ achievement }) => achievement !== id);
    if ('drop' in change) return { ...before, steps: others(change.drop) };
    if ('first' in change) {
      const moved = before.steps.filter(({ achievement }) => achievement === change.first);
      return { ...before, steps: [...moved, ...others(change.first)] };
    }
    const { step, requires } = change as { step: string; requires: readonly string[] };
    return { ...before, steps: [...others(step), { achievement: step, requires }] };
  }

  it('never holds a circle when those that would are refused, and can always be finished', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
        let current: Shape = pathway({ a: [] });
        for (const change of edits) {
          const after = apply(current, change);
          const refused =
            findPathwayIssues(after).length > 0 ||
            findCycle(findPrerequisites(after)) !== undefined;
          if (!refused) current = after;
          expect(isAcyclic(findPrerequisites(current))).toBe(true);
        }
        const held = new Set<string>();
        for (let left = current.steps.length; left > 0; left -= 1) {
          const next = decidePathway(current, held).steps.find(({ state }) => state === 'open');
          held.add(next?.achievement ?? '');
        }
        expect(decidePathway(current, held).steps.every(({ state }) => state === 'earned')).toBe(
          true,
        );
      }),
    );
  });
});

describe('where a learner stands', () => {
  const three = pathway({ a: [], b: [], c: ['a'] });

  it.each<[Shape['kind'], string[], string[]]>([
    ['free', [], ['open', 'open', 'locked:a']],
    ['free', ['a'], ['earned', 'open', 'open']],
    ['ordered', [], ['open', 'locked:a', 'locked:b,a']],
    ['ordered', ['a'], ['earned', 'open', 'locked:b']],
    ['ordered', ['c'], ['open', 'locked:a', 'earned']],
  ])('%s, holding %j', (kind, held, expected) => {
    const { steps } = decidePathway({ ...three, kind }, new Set(held));
    const shown = steps.map(({ state, missing }) =>
      missing.length === 0 ? state : `${state}:${missing.join(',')}`,
    );
    expect(shown).toEqual(expected);
  });

  it('counts what is still needed for the award', () => {
    const award = { achievement: 'x', need: 2 };
    const stand = (...held: string[]) => decidePathway({ ...three, award }, new Set(held)).award;
    expect(stand()).toEqual({ ...award, lacking: 2, held: false });
    expect(stand('b', 'other')).toEqual({ ...award, lacking: 1, held: false });
    expect(stand('a', 'b', 'c', 'x')).toEqual({ ...award, lacking: 0, held: true });
  });
});

describe('what is wrong with steps and award', () => {
  it.each<[string, Shape, string[]]>([
    ['a draft without steps', pathway({}, { state: 'draft' }), []],
    ['none in use', pathway({}), ['steps']],
    ['a step that is none', pathway({ a: ['z'] }), ['steps.0.requires.0']],
    [
      'too many needed',
      pathway({ a: [] }, { award: { achievement: 'x', need: 2 } }),
      ['award.need'],
    ],
    ['none needed', pathway({ a: [] }, { award: { achievement: 'x', need: 0 } }), ['award.need']],
    [
      'an award that is a step',
      pathway({ a: [] }, { award: { achievement: 'a', need: 1 } }),
      ['award.achievement'],
    ],
    [
      'a step twice',
      {
        ...pathway({}),
        steps: [
          { achievement: 'a', requires: [] },
          { achievement: 'a', requires: [] },
        ],
      },
      ['steps.1.achievement'],
    ],
  ])('%s', (_what, shape, paths) => {
    expect(findPathwayIssues(shape).map(({ path }) => path)).toEqual(paths);
  });
});

describe('what is retired', () => {
  const three = pathway({ a: [], b: ['a'], c: [] });
  const award = { achievement: 'x', need: 2 };

  it.each<[string, Shape, string[], string[]]>([
    ['nothing', three, [], []],
    ['something else', { ...three, award }, ['z'], []],
    ['a step on the way', three, ['c'], ['steps.2.achievement']],
    ['a step that an award can do without', { ...three, award }, ['c'], []],
    ['a step that another waits for', { ...three, award }, ['a'], ['steps.0.achievement']],
    ['too many steps', { ...three, award }, ['b', 'c'], ['award.need']],
    ['a step before another', { ...three, kind: 'ordered', award }, ['b'], ['steps.1.achievement']],
    ['the award', { ...three, award }, ['x'], ['award.achievement']],
    ['all of a pathway that has ended', { ...three, award, state: 'retired' }, ['a', 'x'], []],
  ])('of a pathway: %s', (_what, shape, retired, paths) => {
    expect(findPathwayFaults(shape, new Set(retired)).map(({ path }) => path)).toEqual(paths);
  });

  it.each<[string, string[], string[]]>([
    ['nothing', [], []],
    ['what nobody gets around', ['a'], ['all.0']],
    ['one of some', ['b'], []],
    ['too many of some', ['b', 'c'], ['any.count']],
    ['both', ['a', 'b', 'c'], ['all.0', 'any.count']],
    ['the credit itself, which has ended', ['a', 'credit'], []],
  ])('of a credit: %s', (_what, retired, paths) => {
    const any = { achievements: ['b', 'c'], count: 1 };
    const faults = findCompositionFaults({ id: 'credit', all: ['a'], any }, new Set(retired));
    expect(faults.map(({ path }) => path)).toEqual(paths);
  });
});
