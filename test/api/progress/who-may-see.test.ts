import { startCairn, type TestCairn } from '../../support/cairn.ts';
import {
  openMasterySchool,
  type MasterySchool,
  type Member,
} from '../../support/mastery-school.ts';

let cairn: TestCairn;
let school: MasterySchool;
let learner: Member;
let keys: Readonly<Record<string, string>>;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openMasterySchool(cairn);
  learner = await cairn.as('learner', { name: '=HYPERLINK("x")' });
  const other = await cairn.as('learner');
  keys = {
    owner: cairn.owner,
    lead: (await cairn.as('lead')).key,
    teacher: (await cairn.as('teacher')).key,
    self: learner.key,
    other: other.key,
    guardian: (await school.guardianOf(learner)).key,
    'other guardian': (await school.guardianOf(other)).key,
    mentor: (await cairn.as('mentor')).key,
    elsewhere: await school.stranger(),
  };
  await school.publish({ name: '+1, "sums"' });
  const made = await school
    .call('post', '/classes')
    .send({ name: '4b', learners: [learner.id, other.id] });
  const { id } = made.body as { id: string };
  ids = { learner: learner.id, class: id, framework: school.framework };
});
afterAll(async () => {
  await cairn.close();
});

const everybody = [
  'owner',
  'lead',
  'teacher',
  'self',
  'other',
  'guardian',
  'other guardian',
  'mentor',
  'elsewhere',
];
const own = 'owner lead teacher self guardian';
const staff = 'owner lead teacher';

describe('who may see', () => {
  it.each([
    // [call, who is answered; all others hear 403 or 404]
    ['/learners/{learner}/progress', own],
    ['/learners/{learner}/history', own],
    ['/learners/{learner}/history?by=month', own],
    ['/learners/{learner}/overrides', own],
    ['/learners/{learner}/chart.svg?framework={framework}', own],
    ['/learners/{learner}/chart.pdf?framework={framework}&kind=stickers', own],
    ['/classes', `${staff} elsewhere`],
    ['/classes/{class}', staff],
    ['/classes/{class}/history', staff],
    ['/frameworks/{framework}/matrix', staff],
    ['/frameworks/{framework}/matrix?class={class}&level=1', staff],
    ['/frameworks/{framework}/matrix.csv', staff],
    ['/frameworks/{framework}/standards-matrix', staff],
    ['/frameworks/{framework}/standards-matrix.csv?class={class}', staff],
    ['/reports/standards-without-achievements?framework={framework}', 'owner lead'],
    ['/reports/achievements-nobody-earns', 'owner lead elsewhere'],
    ['/reports/review-times', 'owner lead elsewhere'],
    ['/reports/resubmissions', 'owner lead elsewhere'],
  ])('GET %s: %s', async (path, allowed) => {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
    const found: string[] = [];
    for (const who of everybody) {
      const { status } = await school.call('get', address, keys[who] ?? '');
      expect([who, [200, 403, 404].includes(status)]).toEqual([who, true]);
      if (status === 200) found.push(who);
    }
    expect(found.join(' ')).toBe(allowed);
  });

  it.each([
    ['put', 'pace', 'owner lead teacher self'],
    ['post', 'overrides', staff],
  ] as const)('%s %s of a learner: %s', async (method, what, allowed) => {
    const [standard = ''] = school.standards;
    const body = what === 'pace' ? { perMonth: 3 } : { standard, level: 'Met', reason: 'Seen.' };
    const found: string[] = [];
    for (const who of everybody) {
      const path = `/learners/${learner.id}/${what}`;
      const { status } = await school.call(method, path, keys[who] ?? '').send(body);
      expect([who, [200, 201, 403, 404, 409].includes(status)]).toEqual([who, true]);
      if (status < 300 || status === 409) found.push(who);
    }
    expect(found.join(' ')).toBe(allowed);
  });
});

describe('a sheet', () => {
  it('has nothing that a spreadsheet would run', async () => {
    const { text, type } = await school.call('get', `/frameworks/${school.framework}/matrix.csv`);
    expect(type).toBe('text/csv');
    const [head = '', ...rows] = text.split('\r\n');
    expect(head).toBe(`\uFEFFLearner,Id,"'+1, ""sums"""`);
    expect(rows).toContain(`"'=HYPERLINK(""x"")",${learner.id},open`);
  });
});

describe('a matrix', () => {
  it('comes page by page, and everybody stands in it once', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page: { items: { learner: { id: string } }[]; next?: string } = await school.bodyOf(
        `/frameworks/${school.framework}/matrix?class=${ids.class}&limit=1${cursor}`,
      );
      seen.push(...page.items.map((row) => row.learner.id));
      cursor = page.next === undefined ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(2);
    expect(seen).toHaveLength(2);
  });
});

describe('a class', () => {
  it('has only people of the school who are that there', async () => {
    const guardian = await cairn.as('guardian');
    const refused = await school
      .call('post', '/classes')
      .send({ name: 'X', learners: [guardian.id], teachers: [learner.id] });
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { code: 'class.wrong_member', errors: [{ path: 'teachers.0' }, { path: 'learners.0' }] },
    ]);
  });
});
