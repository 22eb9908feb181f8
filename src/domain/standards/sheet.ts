import { defined } from '../../shared/defined.ts';
import { invalid, type Issue } from '../../shared/errors.ts';
import { isEmptyRow, readCsv } from '../csv.ts';
import { splitList, stripUnreadable } from './fields.ts';
import { maxStandards, maxStatement } from './items.ts';
import { readColumns, type Column } from './sheet-columns.ts';
import { createWarnings, type ImportWarning, type Warnings } from './warnings.ts';

/** One row of a sheet of standards. */
export interface SheetRow {
  /** As the spreadsheet counts: the header is row 1. */
  readonly row: number;
  readonly identifier?: string;
  readonly uri?: string;
  readonly code?: string;
  readonly statement: string;
  readonly abbreviatedStatement?: string;
  readonly type?: string;
  readonly educationLevel: readonly string[];
  /** As written: codes or identifiers of other rows. */
  readonly parent: string;
  readonly sequence?: number;
}

export interface Sheet {
  readonly rows: readonly SheetRow[];
  readonly warnings: readonly ImportWarning[];
}

const maxIssues = 100;

type Cells = ReadonlyMap<Column, string>;
type Fault = (column: Column, message: string) => void;

/**
 * Reads a sheet of standards: OpenSALT's simple shape (`Identifier`, `fullStatement`, `Human Coding Scheme`, `Is Child
 * Of` …) or our own (`code`, `statement`, `parent code`, `type`, `education level`).
 * @throws ServiceError with row, column and reason for everything wrong: nothing of a broken sheet is used
 */
export function parseSheet(text: string): Sheet {
  const [header = [], ...records] = readCsv(text, { maxRows: maxStandards, noun: 'standards' });
  const warnings = createWarnings();
  const columns = readColumns(header, warnings);
  const issues: Issue[] = [];
  const rows: SheetRow[] = [];
  for (const [index, record] of records.entries()) {
    if (isEmptyRow(record)) continue;
    const row = index + 2;
    const fault = (column: string, message: string) => {
      if (issues.length < maxIssues) issues.push({ path: `row ${row}, column ${column}`, message });
    };
    if (record.length !== header.length) {
      fault(
        header[Math.min(record.length, header.length) - 1] ?? '',
        `the row has ${record.length} cells, the header ${header.length}; is a comma not inside quotes?`,
      );
      continue;
    }
    rows.push(readRow(row, cellsOf(record, columns, { row, warnings }), fault));
  }
  checkKeys(rows, issues);
  if (issues.length > 0) throw brokenRows(issues);
  if (rows.length === 0) throw invalid('sheet.empty', 'This sheet has a header but no standards.');
  return { rows, warnings: warnings.list() };
}

export function brokenRows(issues: readonly Issue[]) {
  return invalid(
    'sheet.broken_rows',
    'Some rows of the sheet are not right, so nothing was imported.',
    issues,
  );
}

function cellsOf(
  record: readonly string[],
  columns: readonly (Column | undefined)[],
  { row, warnings }: { row: number; warnings: Warnings },
): Cells {
  const cells = new Map<Column, string>();
  for (const [index, column] of columns.entries()) {
    if (column === undefined) continue;
    const cell = record[index] ?? '';
    const clean = stripUnreadable(cell);
    if (clean !== cell) {
      warnings.add({
        code: 'text.control_characters',
        path: `row ${row}, column ${column}`,
        message: 'Characters that cannot be shown were taken out.',
      });
    }
    cells.set(column, clean.trim());
  }
  return cells;
}

function readRow(row: number, cells: Cells, fault: Fault): SheetRow {
  const cell = (column: Column) => cells.get(column) ?? '';
  const optional = (column: Column) => cell(column) || undefined;
  const statement = cell('statement');
  if (statement === '') fault('statement', 'must not be empty');
  if (statement.length > maxStatement)
    fault('statement', `must have at most ${maxStatement} characters`);
  for (const column of ['code', 'identifier', 'type'] as const) {
    if (cell(column).length > 200) fault(column, 'must have at most 200 characters');
  }
  if (cell('code') === '' && cell('identifier') === '')
    fault('code', 'must not be empty: a later import finds the standard by it');
  return {
    row,
    statement,
    ...defined({
      identifier: optional('identifier'),
      uri: readWebAddress(cell('uri'), fault),
      code: optional('code'),
      abbreviatedStatement: optional('abbreviated statement'),
      type: optional('type'),
      sequence: readSequence(cell('sequence'), fault),
    }),
    educationLevel: splitList(cell('education level')),
    parent: cell('parent'),
  };
}

function readWebAddress(text: string, fault: Fault): string | undefined {
  if (text === '') return undefined;
  if (!/^https?:\/\/[^\s<>"]{1,2000}$/i.test(text)) fault('uri', 'must be a web address');
  return text;
}

function readSequence(text: string, fault: Fault): number | undefined {
  if (text === '') return undefined;
  if (!/^-?\d{1,8}$/.test(text)) fault('sequence', 'must be a whole number');
  return Number(text);
}

/** Two rows with one code or one identifier: which is meant could not be told. */
function checkKeys(rows: readonly SheetRow[], issues: Issue[]): void {
  for (const column of ['identifier', 'code'] as const) {
    const first = new Map<string, number>();
    for (const { row, [column]: key } of rows) {
      if (key === undefined) continue;
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, row);
      else if (issues.length < maxIssues)
        issues.push({
          path: `row ${row}, column ${column}`,
          message: `"${key}" is in row ${earlier} already`,
        });
    }
  }
}
