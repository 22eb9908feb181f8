import fc from 'fast-check';
import { formatCsvRow, readCsv } from '../../../src/domain/csv.ts';

const read = (row: string) => readCsv(row, { maxRows: 5, noun: 'rows' })[0] ?? [];

describe('a cell that a spreadsheet would run', () => {
  it.each([
    ['an equals sign', '=1+1'],
    ['a plus', '+1'],
    ['a minus', '-2+3'],
    ['an at', '@SUM(A1)'],
    ['a tab', '\tx'],
    ['a carriage return', '\rx'],
    ['a line feed before it', '\n=1'],
    ['spaces before it', '  =1'],
    ['a space that does not break before it', '\u00A0=1'],
    ['a byte order mark before it', '\uFEFF=1'],
    ['an equals sign of full width', '\uFF1D1'],
    ['a plus of full width', '\uFF0B1'],
    ['a minus of full width', '\uFF0D1'],
    ['an at of full width', '\uFF20SUM(A1)'],
    ['a separator after it', '=1,"2"'],
  ])('has an apostrophe in front: %s', (_what, text) => {
    expect(read(formatCsvRow(['Ada', text, 'b']))).toEqual(['Ada', `'${text}`, 'b']);
  });

  it.each(['', 'Ada', '1', 'a=b', 'x@y.example', 'Jean-Luc', 'née', '"quoted"', 'a;b', 'a\tb'])(
    'is no other one: %j',
    (text) => {
      expect(read(formatCsvRow(['a', text, 'b']))).toEqual(['a', text, 'b']);
    },
  );
});

it('comes back as it was, but for the apostrophe, whatever it holds', () => {
  const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('�'));
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), (cells) => {
      const back = read(formatCsvRow(['Ada', ...cells])).slice(1);
      expect(back.map((cell, index) => (cell === cells[index] ? cell : cell.slice(1)))).toEqual(
        cells,
      );
      for (const cell of back) expect(cell).not.toMatch(/^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u);
    }),
  );
});
