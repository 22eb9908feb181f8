import { parseCasePackage } from '../../../src/domain/standards/package.ts';
import { findCycle } from '../../../src/domain/standards/tree.ts';
import { unnumbered } from '../../../src/domain/standards.ts';
import { ServiceError } from '../../../src/shared/errors.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { casePackage, childOf, item, ourUris, uuid } from '../../support/standards.ts';

const parse = (value: unknown) => parseCasePackage(value, ourUris);

function refusalOf(act: () => unknown): ServiceError {
  try {
    act();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a CASE package', () => {
  it('gives the framework and its standards with identifier and uri verbatim', () => {
    const { framework, standards, warnings } = parse(
      casePackage({
        items: [item(1, { humanCodingScheme: 'A', educationLevel: ['09', '10'] }), item(2)],
        associations: [childOf(1, 'document', 1), childOf(2, 1, 3)],
      }),
    );

    expect(framework).toMatchObject({ identifier: uuid(0), title: 'Fixture framework' });
    expect(standards).toEqual([
      {
        identifier: uuid(1),
        uri: `https://case.example/items/${uuid(1)}`,
        statement: 'Statement 1',
        code: 'A',
        educationLevel: ['09', '10'],
        parents: [],
        sequence: 1,
      },
      {
        identifier: uuid(2),
        uri: `https://case.example/items/${uuid(2)}`,
        statement: 'Statement 2',
        educationLevel: [],
        parents: [uuid(1)],
        sequence: 3,
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('may come inside {CFPackage: …}', () => {
    const bare = casePackage({ items: [item(1)] });
    expect(parse({ CFPackage: bare })).toEqual(parse(bare));
  });

  it('may give a standard several parents', () => {
    const { standards } = parse(
      casePackage({
        items: [item(1), item(2), item(3)],
        associations: [childOf(3, 2, 9), childOf(3, 1, 4)],
      }),
    );
    expect(standards[2]).toMatchObject({ parents: [uuid(1), uuid(2)], sequence: 4 });
    expect(standards[0]).toMatchObject({ parents: [], sequence: unnumbered });
  });

  it.each([
    ['nothing', null, 'package.not_case'],
    ['a list', [], 'package.not_case'],
    ['no document', { CFItems: [] }, 'package.not_case'],
    ['no items', casePackage({ items: [] }), 'package.no_standards'],
    ['only items that say nothing', casePackage({ items: [{}, 7] }), 'package.no_standards'],
    [
      'a document without identifier',
      { ...casePackage({ items: [item(1)] }), CFDocument: { title: 'x' } },
      'package.no_identifier',
    ],
  ])('with %s is refused', (_what, value, code) => {
    expect(refusalOf(() => parse(value))).toMatchObject({ kind: 'invalid', code });
  });

  it.each([
    ['item.incomplete', { items: [item(1), { identifier: uuid(2) }] }],
    ['item.incomplete', { items: [item(1), item(2, { fullStatement: 'x'.repeat(20_001) })] }],
    ['item.duplicate', { items: [item(1), item(1)] }],
    ['identifier.not_uuid', { items: [item(1, { identifier: 'Math.1' })] }],
    ['uri.unusable', { items: [item(1, { uri: 'javascript:alert(1)' })] }],
    ['text.control_characters', { items: [item(1, { fullStatement: 'a\u0007b' })] }],
    ['date.no_zone', { items: [item(1, { lastChangeDateTime: '2017-05-25T18:05:33' })] }],
    ['field.misspelt', { items: [item(1, { educationalLevel: '06' })] }],
    ['parent.none', { items: [item(1), item(2)], associations: [childOf(1, 'document')] }],
    ['parent.outside', { items: [item(1)], associations: [childOf(1, 99)] }],
    ['association.outside', { items: [item(1)], associations: [childOf(99, 1)] }],
    [
      'association.incomplete',
      { items: [item(1)], associations: [{ associationType: 'isChildOf' }] },
    ],
    ['number.as_text', { items: [item(1)], associations: [childOf(1, 'document', '2')] }],
  ])('warns of %s and goes on', (code, content) => {
    const { standards, warnings } = parse(casePackage(content));
    expect(standards.length).toBeGreaterThan(0);
    expect(warnings.map((warning) => warning.code)).toContain(code);
  });

  it('takes control characters and broken characters out, keeps tabs and line ends', () => {
    const { standards } = parse(
      casePackage({ items: [item(1, { fullStatement: 'a\u0000\tb\r\nc\u0085\ud800' })] }),
    );
    expect(standards[0]?.statement).toBe('a\tb\r\nc');
  });

  it.each(['javascript:alert(1)', 'javascript://x%0aalert(1)', 'data:text/html,x', '//x', 'x y'])(
    'never turns %s into a link',
    (uri) => {
      const { standards } = parse(casePackage({ items: [item(1, { uri })] }));
      expect(standards[0]?.uri).toBe(ourUris.item(uuid(1)));
    },
  );

  it('lists only the first warnings of a kind, with the count of the others', () => {
    const items = Array.from({ length: 25 }, (_, n) => item(n + 1, { lastChangeDateTime: null }));
    const { warnings } = parse(casePackage({ items: [...items, item(30, { identifier: 'odd' })] }));
    const dates = warnings.filter(({ code }) => code === 'date.missing');
    expect(dates).toHaveLength(10);
    expect(dates.at(-1)).toMatchObject({ more: 15 });
    expect(warnings.map(({ code }) => code)).toContain('identifier.not_uuid');
  });

  it('with a circle of parents is refused, and the circle is named', () => {
    const error = refusalOf(() =>
      parse(
        casePackage({
          items: [
            item(1, { humanCodingScheme: 'A' }),
            item(2, { humanCodingScheme: 'B' }),
            item(3),
          ],
          associations: [childOf(1, 2), childOf(2, 1), childOf(3, 1)],
        }),
      ),
    );
    expect(error.code).toBe('framework.circle');
    expect(error.message).toMatch(/A → B → A|B → A → B/);
    expect(error.issues.map(({ path }) => path).sort()).toEqual([uuid(1), uuid(2)]);
  });
});

describe('circles of parents', () => {
  const node = (identifier: string, ...parents: string[]) => ({ identifier, parents });

  it.each([
    ['a tree', [node('a'), node('b', 'a'), node('c', 'a')], undefined],
    ['a diamond', [node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')], undefined],
    [
      'a diamond from below',
      [node('d', 'b', 'c'), node('b', 'a'), node('c', 'a'), node('a')],
      undefined,
    ],
    ['a parent that is not there', [node('a', 'x')], undefined],
    ['its own parent', [node('a', 'a')], ['a']],
    [
      'a long circle',
      [node('r', 'a'), node('a', 'b'), node('b', 'c'), node('c', 'a')],
      ['a', 'b', 'c'],
    ],
    ['a second parent', [node('a'), node('b', 'a', 'c'), node('c', 'b')], ['b', 'c']],
  ])('in %s', (_what, nodes, cycle) => {
    expect(findCycle(nodes)).toEqual(cycle);
  });

  it('are looked for in a chain of 50,000 without recursion', () => {
    const chain = Array.from({ length: 50_000 }, (_, n) => node(`${n}`, `${n + 1}`));
    expect(findCycle(chain)).toBeUndefined();
    expect(findCycle([...chain, node('50000', '0')])).toHaveLength(50_001);
  });
});

describeWithSharedData('published CASE packages', () => {
  it.each([
    ['smarterbalanced-mockMATH.json', 585, 23],
    ['smarterbalanced-mockHSMATH.json', 86, 4],
    ['opensalt-framework-20c5134f.json', 16, 2],
    ['compeito-opencase_round_trip_baseline.json', 36, 5],
  ])('%s', (file, count, roots) => {
    const { standards, warnings } = parse(readSharedJson(`case/${file}`));
    expect(standards).toHaveLength(count);
    expect(standards.filter(({ parents }) => parents.length === 0)).toHaveLength(roots);
    expect(warnings.length).toBeGreaterThan(0);
    for (const warning of warnings) expect(warning.message).toMatch(/\.$/);
  });

  it('with rubrics keeps them, criteria and levels in order', () => {
    const { rubrics } = parse(readSharedJson('case/compeito-opencase_round_trip_baseline.json'));
    expect(rubrics).toHaveLength(2);
    for (const { criteria } of rubrics) {
      expect(criteria.length).toBeGreaterThan(0);
      for (const { levels } of criteria) {
        const positions = levels.map(({ position }) => position ?? 0);
        expect(levels.length).toBeGreaterThan(0);
        expect(positions).toEqual([...positions].sort((a, b) => a - b));
      }
    }
  });
});
