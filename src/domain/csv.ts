import { parse } from 'csv-parse/sync';
import { invalid } from '../shared/errors.ts';

/**
 * The cells of a sheet as spreadsheets save it: with or without a byte order mark, separated by comma, semicolon or
 * tab, quoted where needed. Empty rows are kept, so that rows are counted as the spreadsheet counts them.
 * @throws ServiceError when it cannot be read, or has more rows than `maxRows` below its header
 */
export function readCsv(
  text: string,
  { maxRows, noun }: { maxRows: number; noun: string },
): readonly (readonly string[])[] {
  if (text.includes('\uFFFD')) {
    throw invalid(
      'sheet.not_utf8',
      'Some letters of the sheet cannot be read. Save it as "CSV UTF-8" and try again.',
    );
  }
  try {
    const records: string[][] = parse(text, {
      bom: true,
      delimiter: findDelimiter(text),
      relax_column_count: true,
      skip_empty_lines: false,
      to: maxRows + 2,
    });
    if (records.length <= maxRows + 1) return records;
  } catch (error) {
    throw invalid('sheet.malformed', 'This cannot be read as a CSV sheet.', [
      {
        path: placeOf(error),
        message: 'a quotation mark is not closed or stands in the wrong place',
      },
    ]);
  }
  throw invalid('sheet.too_many_rows', `A sheet can have at most ${maxRows} ${noun}.`);
}

/** A name of a column for comparison: spreadsheets and people write it in many ways. */
export function columnKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

function placeOf(error: unknown): string {
  const { lines } = (error ?? {}) as { lines?: unknown };
  return typeof lines === 'number' ? `line ${lines}` : 'sheet';
}

/** Spreadsheets of many countries separate by semicolon or tab. */
function findDelimiter(text: string): string {
  const [line = ''] = text.split(/\r?\n|\r/, 1);
  const count = (delimiter: string) => line.split(delimiter).length;
  return [';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best), ',');
}

/** What a spreadsheet would take for a formula, and run. */
const formula = /^[\s]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** One row of a sheet (RFC 4180). An apostrophe keeps names and statements from being run as formulas. */
export function formatCsvRow(cells: readonly string[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

function formatCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
