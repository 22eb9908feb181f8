import fc from 'fast-check';
import type { Standard, StandardContent } from '../../../src/domain/standards.ts';
import { planImport, type ImportPlan } from '../../../src/domain/standards/plan.ts';

const content = (identifier: string, changes: Partial<StandardContent> = {}): StandardContent => ({
  identifier,
  uri: `https://case.example/${identifier}`,
  statement: `Statement ${identifier}`,
  educationLevel: [],
  parents: [],
  sequence: 1,
  ...changes,
});

const standard = (
  identifier: string,
  changes: Partial<StandardContent> = {},
  state: Standard['state'] = 'current',
): Standard => ({
  id: `id-${identifier}`,
  organization: 'school',
  framework: 'framework',
  ...content(identifier, changes),
  state,
});

/** What the framework looks like once the plan is carried out. */
function carryOut(existing: readonly Standard[], plan: ImportPlan): readonly Standard[] {
  const after = new Map(existing.map((one) => [one.identifier, one]));
  for (const one of plan.created)
    after.set(one.identifier, { ...standard(one.identifier), ...one });
  for (const update of plan.updated) after.set(update.after.identifier, update.after);
  for (const one of plan.retired) after.set(one.identifier, { ...one, state: 'retired' });
  return [...after.values()];
}

const identifiers = (list: readonly { identifier: string }[]) =>
  list.map(({ identifier }) => identifier).sort();

const outline = (plan: ImportPlan) => ({
  created: identifiers(plan.created),
  updated: identifiers(plan.updated.map(({ after }) => after)),
  retired: identifiers(plan.retired),
  unchanged: identifiers(plan.unchanged),
});

const identifier = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const someContent = fc
  .record({
    identifier,
    statement: fc.constantFrom('one', 'two'),
    parents: fc.uniqueArray(identifier, { maxLength: 2 }),
    sequence: fc.integer({ min: 1, max: 2 }),
    code: fc.option(fc.constantFrom('X', 'Y'), { nil: undefined }),
  })
  .map(({ code, ...fields }) =>
    content(fields.identifier, { ...fields, ...(code === undefined ? {} : { code }) }),
  );
const incoming = fc.uniqueArray(someContent, { selector: (one) => one.identifier });
const existing = fc.uniqueArray(
  fc
    .tuple(someContent, fc.constantFrom('current' as const, 'retired' as const))
    .map(([one, state]) => standard(one.identifier, one, state)),
  { selector: (one) => one.identifier },
);

describe('the plan of an import', () => {
  it('sorts standards into created, updated, retired and unchanged', () => {
    const plan = planImport(
      [
        standard('same'),
        standard('changed'),
        standard('gone'),
        standard('long gone', {}, 'retired'),
      ],
      [content('same'), content('changed', { statement: 'new' }), content('new')],
    );
    expect(outline(plan)).toEqual({
      created: ['new'],
      updated: ['changed'],
      retired: ['gone'],
      unchanged: ['same'],
    });
    expect(plan.updated[0]?.after).toEqual(standard('changed', { statement: 'new' }));
  });

  it('brings a retired standard back under its id', () => {
    const plan = planImport([standard('a', {}, 'retired')], [content('a')]);
    expect(plan.updated[0]?.after).toEqual(standard('a'));
  });

  it.each([
    ['uri', { uri: 'https://other.example/' }],
    ['statement', { statement: 'new' }],
    ['code', { code: 'X' }],
    ['short statement', { abbreviatedStatement: 'short' }],
    ['type', { type: 'Cluster' }],
    ['education level', { educationLevel: ['09'] }],
    ['parents', { parents: ['b'] }],
    ['sequence', { sequence: 2 }],
  ])('sees a change of the %s, and its undoing', (_what, changes) => {
    const forth = planImport([standard('a')], [content('a', changes)]);
    expect(forth.updated).toHaveLength(1);
    const back = planImport(carryOut([standard('a')], forth), [content('a')]);
    expect(back.updated[0]?.after).toEqual(standard('a'));
  });

  it('leaves nothing to do the second time', () => {
    fc.assert(
      fc.property(existing, incoming, (before, wanted) => {
        const after = carryOut(before, planImport(before, wanted));
        expect(outline(planImport(after, wanted))).toEqual({
          created: [],
          updated: [],
          retired: [],
          unchanged: identifiers(wanted),
        });
      }),
    );
  });

  it('loses no standard, and current afterwards is exactly what came in', () => {
    fc.assert(
      fc.property(existing, incoming, (before, wanted) => {
        const after = carryOut(before, planImport(before, wanted));
        const ids = new Set(after.map(({ id }) => id));
        expect(before.every(({ id }) => ids.has(id))).toBe(true);
        expect(identifiers(after.filter(({ state }) => state === 'current'))).toEqual(
          identifiers(wanted),
        );
      }),
    );
  });

  it('does not depend on the order of either side', () => {
    fc.assert(
      fc.property(
        existing.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        incoming.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([before, beforeShuffled], [wanted, wantedShuffled]) => {
          expect(outline(planImport(beforeShuffled, wantedShuffled))).toEqual(
            outline(planImport(before, wanted)),
          );
        },
      ),
    );
  });
});
