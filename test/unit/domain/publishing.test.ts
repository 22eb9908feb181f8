import fc from 'fast-check';
import type { Achievement, AchievementContent } from '../../../src/domain/achievements.ts';
import {
  buildVersion,
  findPublishIssues,
  type KnownStandards,
} from '../../../src/domain/publishing.ts';
import type { Standard } from '../../../src/domain/standards.ts';
import { findTextFault, hasBalancedBraces } from '../../../src/domain/texts.ts';

const at = new Date('2026-11-22T09:00:00Z');

const standard = (id: string, changes: Partial<Standard> = {}): Standard => ({
  id,
  organization: 'school',
  framework: 'math',
  identifier: `case-${id}`,
  uri: `https://standards.example/${id}`,
  statement: `Knows ${id}`,
  educationLevel: [],
  parents: [],
  sequence: 1,
  state: 'current',
  ...changes,
});

const known: KnownStandards = {
  standards: [
    standard('a', { code: 'HSF.LE.1' }),
    standard('b'),
    standard('old', { state: 'retired' }),
    standard('foreign', { organization: 'elsewhere' }),
    standard('art', { framework: 'arts' }),
  ],
  frameworks: [
    {
      id: 'math',
      organization: 'school',
      identifier: 'case-math',
      imports: 0,
      uri: 'https://standards.example/math',
      title: 'Mathematics',
      levels: [
        { ordinal: 1, name: 'Foundations', description: 'First steps' },
        { ordinal: 2, name: 'Advanced', description: 'Further on' },
      ],
      createdAt: at,
      updatedAt: at,
    },
    {
      id: 'arts',
      organization: 'school',
      identifier: 'case-arts',
      imports: 0,
      uri: 'https://standards.example/arts',
      title: 'Arts',
      levels: [],
      createdAt: at,
      updatedAt: at,
    },
  ],
};

const good: AchievementContent = {
  kind: 'microcredential',
  name: 'Exponential models',
  description: 'Tells linear from exponential growth.',
  criteria: 'Show **two** models: $x^{2^{n}}$.',
  standards: ['a'],
  level: 2,
  rubric: [
    {
      id: 'c1',
      name: 'Reasoning',
      levels: [
        { id: 'l1', name: 'Not yet' },
        { id: 'l2', name: 'Met', description: 'Says why' },
      ],
      requiredLevel: 'l2',
    },
  ],
  evidencePolicy: { minItems: 1 },
  image: { kind: 'template', shape: 'circle', color: '#123456', icon: 'star' },
  language: 'en-US',
  tags: ['algebra'],
};

const unleveled = (({ level: _level, ...rest }: AchievementContent) => rest)(good);
const [criterion] = good.rubric;
if (criterion === undefined) throw new Error('the draft has a criterion');

const pathsOf = (draft: AchievementContent) =>
  findPublishIssues(draft, known).map(({ path }) => path);

describe('findPublishIssues', () => {
  it.each<[string, AchievementContent]>([
    ['a microcredential', good],
    ['a boss on two standards', { ...good, kind: 'boss', standards: ['a', 'b'] }],
    ['a boss across frameworks', { ...good, kind: 'boss', standards: ['a', 'art'] }],
    ['a level without a rubric', { ...good, kind: 'level', rubric: [] }],
    ['a credit without standards', { ...unleveled, kind: 'credit', standards: [], rubric: [] }],
  ])('lets %s pass', (_what, draft) => {
    expect(findPublishIssues(draft, known)).toEqual([]);
  });

  it.each<[string, AchievementContent, readonly string[]]>([
    ['no standard', { ...good, standards: [] }, ['standards']],
    ['an unknown standard', { ...good, standards: ['nowhere'] }, ['standards.0']],
    ['a retired standard', { ...good, standards: ['a', 'old'] }, ['standards.1']],
    ["another school's standard", { ...good, standards: ['a', 'foreign'] }, ['standards.1']],
    ['a standard twice', { ...good, standards: ['a', 'a'] }, ['standards.1']],
    ['a boss on one standard', { ...good, kind: 'boss' }, ['standards']],
    [
      'a boss on one standard named twice',
      { ...good, kind: 'boss', standards: ['a', 'a'] },
      ['standards.1', 'standards'],
    ],
    ['a level without standard', { ...good, kind: 'level', standards: [] }, ['standards']],
    ['no level', unleveled, ['level']],
    ['a level that the framework lacks', { ...good, level: 3 }, ['level']],
    ['a level of another framework', { ...good, standards: ['art', 'a'] }, ['level']],
    ['a credit with a level', { ...good, kind: 'credit' }, ['level']],
    ['no criterion', { ...good, rubric: [] }, ['rubric']],
    [
      'a boss without criterion',
      { ...good, kind: 'boss', standards: ['a', 'b'], rubric: [] },
      ['rubric'],
    ],
    [
      'one level in a criterion',
      { ...good, rubric: [{ ...criterion, levels: criterion.levels.slice(1) }] },
      ['rubric.0.levels'],
    ],
    [
      'a required level that is none',
      { ...good, rubric: [{ ...criterion, requiredLevel: 'l9' }] },
      ['rubric.0.requiredLevel'],
    ],
    [
      'criteria of one name',
      { ...good, rubric: [criterion, { ...criterion, id: 'c2' }] },
      ['rubric.1.name'],
    ],
    ['no description', { ...good, description: ' ' }, ['description']],
    ['no criteria', { ...good, criteria: '' }, ['criteria']],
    ['an open brace', { ...good, criteria: 'Solve {x' }, ['criteria']],
    ['a placeholder', { ...good, name: 'Badge of {{ student.name }}' }, ['name']],
    [
      'braces in the depths of a rubric',
      {
        ...good,
        rubric: [
          {
            ...criterion,
            levels: [{ id: 'l1', name: 'No', description: '}{' }, ...criterion.levels.slice(1)],
          },
        ],
      },
      ['rubric.0.levels.0.description'],
    ],
    [
      'a bell in the instructions',
      { ...good, evidencePolicy: { minItems: 1, instructions: 'Ring \u0007' } },
      ['evidencePolicy.instructions'],
    ],
    ['a wrong language code', { ...good, language: 'english' }, ['language']],
    ['a tag twice', { ...good, tags: ['x', 'x'] }, ['tags.1']],
  ])('refuses %s', (_what, draft, paths) => {
    expect(pathsOf(draft)).toEqual(paths);
  });

  it('tells everything at once', () => {
    expect(
      pathsOf({ ...unleveled, name: '}', criteria: '', standards: ['nowhere'], rubric: [] }),
    ).toEqual(['name', 'criteria', 'standards.0', 'level', 'rubric']);
  });
});

describe('buildVersion', () => {
  const achievement: Achievement = {
    id: 'achievement',
    organization: 'school',
    state: 'draft',
    draft: { ...good, standards: ['a', 'art'] },
    version: 3,
    createdAt: at,
    updatedAt: at,
  };
  const build = (previous?: ReturnType<typeof buildVersion>) => {
    let made = 0;
    const makeId = () => `made-${(made += 1)}`;
    return buildVersion(achievement, known, { previous, publishedAt: at, makeId });
  };

  it('freezes the standards and the name of the level', () => {
    expect(build()).toMatchObject({
      achievement: 'achievement',
      organization: 'school',
      number: 4,
      levelName: 'Advanced',
      levelCount: 2,
      publishedAt: at,
      criteria: good.criteria,
      alignments: [
        {
          id: 'made-1',
          standard: 'a',
          identifier: 'case-a',
          uri: 'https://standards.example/a',
          statement: 'Knows a',
          code: 'HSF.LE.1',
          framework: { id: 'math', title: 'Mathematics' },
        },
        { id: 'made-2', standard: 'art', framework: { id: 'arts', title: 'Arts' } },
      ],
    });
  });

  it('keeps the alignment ids of the version before', () => {
    const first = build();
    const before = { ...first, alignments: first.alignments.slice(1) };
    expect(build(before).alignments.map(({ id }) => id)).toEqual(['made-1', 'made-2']);
    expect(build({ ...before, alignments: first.alignments }).alignments).toEqual(first.alignments);
  });
});

describe('texts', () => {
  it('balances like a counter that must never fall below nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'x') }), (text) => {
        let rest = text.replaceAll('x', '');
        while (rest.includes('{}')) rest = rest.replaceAll('{}', '');
        expect(hasBalancedBraces(text)).toBe(rest === '');
      }),
    );
  });

  it('lets no control character or half character through', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.oneof(
          fc.constantFrom('\u0000', '\u000b', '\u001b', '\u007f', '\u0085', '\u009f'),
          fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => ` ${String.fromCharCode(unit)} `),
        ),
        (text, bad) => {
          expect(findTextFault(`${text}${bad}`)).toBeDefined();
        },
      ),
    );
  });

  it.each(['a\tb\r\nc', 'x^{2^{n}}', '{{1, 2}, {3, 4}}', '👩‍🏫', 'é'])('lets %j pass', (text) => {
    expect(findTextFault(text)).toBeUndefined();
  });
});
