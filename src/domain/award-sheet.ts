import { invalid } from '../shared/errors.ts';
import { columnKey, isEmptyRow, readCsv } from './csv.ts';
import { findTextFault, readWebAddress } from './texts.ts';

/** One thing wrong with a row: in which column, a stable code, and a sentence. */
export interface RowIssue {
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}

/** A row of a sheet of awards, as far as it can be understood without the school's data. */
export interface AwardRow {
  /** As the spreadsheet counts: the header is line 1. */
  readonly line: number;
  /** An id, an e-mail address or a sourcedId. */
  readonly learner: string;
  /** An id, or the exact name of what is published. */
  readonly achievement: string;
  readonly narrative?: string;
  readonly evidence?: { readonly name: string; readonly url: string };
  /** Names as written, of criteria and their levels. */
  readonly results: readonly { readonly criterion: string; readonly level: string }[];
  readonly issues: readonly RowIssue[];
}

export interface AwardSheet {
  readonly rows: readonly AwardRow[];
  /** Names of columns that mean nothing here. */
  readonly notUsed: readonly string[];
}

export const awardSheetLimits = { rows: 10_000, columns: 200, bytes: 10 * 1_048_576 } as const;

/** The first name of each is the one that is told to people. */
const columnNames = {
  learner: ['learner', 'student', 'email', 'sourcedid', 'learnerid'],
  achievement: ['achievement', 'badge', 'achievementid'],
  narrative: ['narrative', 'why', 'note', 'notes', 'comment', 'reason'],
  'evidence url': ['evidenceurl', 'evidence', 'evidencelink', 'url', 'link'],
  'evidence name': ['evidencename', 'evidencetitle'],
} as const;

type Column = keyof typeof columnNames;

const columnOf = new Map(
  (Object.entries(columnNames) as [Column, readonly string[]][]).flatMap(([column, names]) =>
    names.map((name) => [name, column] as const),
  ),
);

const criterionColumn = /^\s*criterion\s*:\s*(\S.*)$/iu;
const maxTextLength = { narrative: 16_000, 'evidence name': 200, 'evidence url': 2_000 } as const;
const maxKeyLength = 255;

interface Header {
  readonly width: number;
  readonly columns: ReadonlyMap<Column, number>;
  readonly criteria: readonly { readonly name: string; readonly place: number }[];
}

/**
 * Reads a sheet of awards: one row, one learner who earned one achievement.
 * @throws ServiceError when it is no such sheet; what is wrong with single rows stands in those rows
 */
export function parseAwardSheet(text: string): AwardSheet {
  const [names = [], ...records] = readCsv(text, {
    maxRows: awardSheetLimits.rows,
    noun: 'awards',
  });
  const header = readHeader(names);
  const rows = records.flatMap((cells, index) =>
    isEmptyRow(cells) ? [] : [readRow(index + 2, cells, header)],
  );
  if (rows.length === 0) throw invalid('sheet.empty', 'This sheet has a header but no awards.');
  const used = new Set([...header.columns.values(), ...header.criteria.map(({ place }) => place)]);
  return {
    rows,
    notUsed: names.filter((name, place) => name.trim() !== '' && !used.has(place)),
  };
}

function readHeader(names: readonly string[]): Header {
  assertNotTooWide(names.length);
  const columns = new Map<Column, number>();
  const criteria = new Map<string, { name: string; place: number }>();
  for (const [place, name] of names.entries()) {
    const criterion = criterionColumn.exec(name)?.[1]?.trim();
    const column = columnOf.get(columnKey(name));
    if (criterion !== undefined) {
      if (criteria.has(nameKey(criterion))) throw columnTwice(`criterion: ${criterion}`);
      criteria.set(nameKey(criterion), { name: criterion, place });
    } else if (column !== undefined) {
      if (columns.has(column)) throw columnTwice(column);
      columns.set(column, place);
    }
  }
  for (const column of ['learner', 'achievement'] as const) {
    if (columns.has(column)) continue;
    throw invalid(`sheet.no_${column}s`, `The sheet needs a column "${column}".`);
  }
  return { width: names.length, columns, criteria: [...criteria.values()] };
}

function assertNotTooWide(columns: number): void {
  const { columns: most } = awardSheetLimits;
  if (columns <= most) return;
  const message = `This sheet has ${columns} columns; ${most} is the most that is read.`;
  throw invalid('sheet.too_many_columns', message);
}

function columnTwice(name: string) {
  return invalid('sheet.column_twice', `The sheet has two columns for the ${name}.`);
}

/** People do not tell `Met` from `met`. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

function readRow(line: number, cells: readonly string[], header: Header): AwardRow {
  const issues: RowIssue[] = [];
  const fault = (column: string, code: string, message: string) => {
    issues.push({ column, code, message });
  };
  if (cells.length !== header.width) {
    const message = `the row has ${cells.length} cells, the header ${header.width}; is a separator not inside quotes?`;
    return {
      line,
      learner: '',
      achievement: '',
      results: [],
      issues: [{ code: 'row.cells', message }],
    };
  }
  const cell = (column: Column) => cells[header.columns.get(column) ?? -1]?.trim() ?? '';
  for (const column of ['learner', 'achievement'] as const) {
    if (cell(column) === '') fault(column, `${column}.missing`, 'must not be empty');
    if (cell(column).length > maxKeyLength) fault(column, 'text.too_long', tooLong(maxKeyLength));
  }
  const narrative = readText(cell('narrative'), 'narrative', fault);
  const evidence = readEvidence(cell('evidence name'), cell('evidence url'), fault);
  const results = header.criteria.flatMap(({ name, place }) => {
    const level = cells[place]?.trim() ?? '';
    return level === '' ? [] : [{ criterion: name, level }];
  });
  return {
    line,
    learner: cell('learner'),
    achievement: cell('achievement'),
    ...(narrative === '' ? {} : { narrative }),
    ...(evidence === undefined ? {} : { evidence }),
    results,
    issues,
  };
}

type Fault = (column: string, code: string, message: string) => void;

function readText(text: string, column: keyof typeof maxTextLength, fault: Fault): string {
  const max = maxTextLength[column];
  if (text.length > max) fault(column, 'text.too_long', tooLong(max));
  const unusable = text === '' ? undefined : findTextFault(text);
  if (unusable !== undefined) fault(column, 'text.unusable', unusable);
  return text;
}

function readEvidence(name: string, address: string, fault: Fault): AwardRow['evidence'] {
  readText(name, 'evidence name', fault);
  if (address === '') {
    if (name !== '')
      fault('evidence url', 'evidence.no_address', 'must not be empty where evidence is named');
    return undefined;
  }
  const url = readWebAddress(address, maxTextLength['evidence url']);
  if (url === undefined)
    fault('evidence url', 'evidence.bad_address', 'must be a web address (https://…)');
  return url === undefined ? undefined : { name: name === '' ? 'Evidence' : name, url };
}

const tooLong = (max: number) => `must have at most ${max} characters`;
