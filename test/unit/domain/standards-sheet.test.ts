import { readFileSync } from 'node:fs';
import type { Standard } from '../../../src/domain/standards.ts';
import { resolveSheet } from '../../../src/domain/standards/sheet-standards.ts';
import { parseSheet } from '../../../src/domain/standards/sheet.ts';
import { ServiceError } from '../../../src/shared/errors.ts';
import { describeWithSharedData, sharedData } from '../../support/shared-data.ts';
import { ourUris } from '../../support/standards.ts';

const standardsOf = (text: string, existing: readonly Standard[] = []) =>
  resolveSheet(parseSheet(text).rows, { framework: 'framework', existing, uris: ourUris });

function refusalOf(text: string): ServiceError {
  try {
    standardsOf(text);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const sheet = `code,statement,parent code,type,education level
M,Mathematics,,Subject,
M.1,"Adds, and
subtracts",M,Standard,09; 10

M.2,Multiplies,M,Standard,11
`;

describe('a sheet of standards', () => {
  it('gives a tree in the order of the rows', () => {
    const [root, first, second] = standardsOf(sheet);
    expect(root).toMatchObject({ code: 'M', type: 'Subject', parents: [] });
    expect(first).toMatchObject({
      statement: 'Adds, and\nsubtracts',
      educationLevel: ['09', '10'],
      parents: [root?.identifier],
    });
    expect(second).toMatchObject({ code: 'M.2', parents: [root?.identifier] });
    expect(second?.sequence).toBeGreaterThan(first?.sequence ?? 0);
  });

  it('gives the same identifiers each time, and CASE takes them', () => {
    expect(standardsOf(sheet)).toEqual(standardsOf(sheet));
    for (const { identifier, uri } of standardsOf(sheet)) {
      expect(identifier).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
      expect(uri).toBe(ourUris.item(identifier));
    }
  });

  it('keeps identifier and uri of the standards that have its codes', () => {
    const existing: Standard = {
      id: 'our-id',
      organization: 'school',
      framework: 'framework',
      identifier: 'theirs',
      uri: 'https://case.example/theirs',
      code: 'M.1',
      statement: 'old',
      educationLevel: [],
      parents: [],
      sequence: 1,
      state: 'current',
    };
    expect(standardsOf(sheet, [existing])[1]).toMatchObject({
      identifier: 'theirs',
      uri: 'https://case.example/theirs',
    });
  });

  it('may be separated by semicolons or tabs, start with a byte order mark and have several parents', () => {
    const rows = ['code;statement;parent', 'A;one;', 'B;two;A', 'C;three;A, B'];
    const semicolons = standardsOf(`\uFEFF${rows.join('\r\n')}`);
    expect(semicolons[2]?.parents).toHaveLength(2);
    expect(standardsOf(rows.join('\n').replaceAll(';', '\t'))).toEqual(semicolons);
  });

  it.each([
    ['an empty statement', 'code,statement\nA,', 'row 2, column statement'],
    ['no code', 'code,statement\nA,x\n,y', 'row 3, column code'],
    ['an unknown parent', 'code,statement,parent\nA,x,Z', 'row 2, column parent'],
    ['a code twice', 'code,statement\nA,x\nA,y', 'row 3, column code'],
    ['too many cells', 'code,statement\nA,x,y', 'row 2, column statement'],
    ['too few cells', 'code,statement,parent\nA,x', 'row 2, column statement'],
    ['a bad number', 'code,statement,order\nA,x,first', 'row 2, column sequence'],
    ['a bad address', 'code,statement,uri\nA,x,javascript:1', 'row 2, column uri'],
    ['a gap before the broken row', 'code,statement\nA,x\n\nB,', 'row 4, column statement'],
  ])('with %s is refused by row and column', (_what, text, path) => {
    const error = refusalOf(text);
    expect(error.code).toBe('sheet.broken_rows');
    expect(error.issues).toEqual([{ path, message: expect.any(String) as string }]);
  });

  it.each([
    ['', 'sheet.no_statements'],
    ['code,text\nA,x', 'sheet.no_statements'],
    ['statement\nx', 'sheet.no_codes'],
    ['code,statement,standard\nA,x,y', 'sheet.column_twice'],
    ['code,statement', 'sheet.empty'],
    ['code,statement\nA,"open', 'sheet.malformed'],
    ['code,statement\nA,Caf\uFFFD', 'sheet.not_utf8'],
    ['code,statement,parent\nA,x,B\nB,y,A', 'framework.circle'],
  ])('like %j is refused', (text, code) => {
    expect(refusalOf(text).code).toBe(code);
  });

  it('tells what it does not use and what it took out', () => {
    const { warnings } = parseSheet('code,statement,colour\nA,x\u0007y,red');
    expect(warnings.map(({ code, path }) => [code, path])).toEqual([
      ['sheet.column_not_used', 'row 1'],
      ['text.control_characters', 'row 2, column statement'],
    ]);
  });
});

describeWithSharedData("OpenSALT's sheet", () => {
  it('is a tree by its codes, with its own identifiers', () => {
    const standards = standardsOf(
      readFileSync(sharedData('case/opensalt-sample_case.csv'), 'utf8'),
    );
    const byCode = new Map(standards.map((standard) => [standard.code, standard]));
    expect(standards).toHaveLength(10);
    expect(byCode.get('M.F.1-2.S1a')).toMatchObject({
      identifier: 'Math.Fractions.Cluster1.Standard1a',
      parents: ['Math.Fractions.Cluster1.Standard1'],
    });
    expect(standards.filter(({ parents }) => parents.length === 0)).toHaveLength(3);
  });
});
