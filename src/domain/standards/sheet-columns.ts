import { invalid } from '../../shared/errors.ts';
import { columnKey } from '../csv.ts';
import type { Warnings } from './warnings.ts';

export type Column =
  | 'identifier'
  | 'uri'
  | 'code'
  | 'statement'
  | 'abbreviated statement'
  | 'type'
  | 'education level'
  | 'parent'
  | 'sequence';

/** How sheets name their columns, in lower case with letters only; OpenSALT's names among them. */
const names: Readonly<Record<Column, readonly string[]>> = {
  identifier: ['identifier', 'id', 'guid'],
  uri: ['uri', 'url'],
  code: ['code', 'humancodingscheme'],
  statement: ['statement', 'fullstatement', 'standard'],
  'abbreviated statement': ['abbreviatedstatement', 'shortstatement'],
  type: ['type', 'cfitemtype', 'itemtype'],
  'education level': ['educationlevel', 'educationallevel', 'grade', 'grades'],
  parent: ['parent', 'parentcode', 'parents', 'parentcodes', 'ischildof'],
  sequence: ['sequence', 'sequencenumber', 'order'],
};

const columnOf = new Map(
  (Object.entries(names) as [Column, readonly string[]][]).flatMap(([column, all]) =>
    all.map((name) => [name, column] as const),
  ),
);

/** Which column is what; undefined for one that is not used. */
export function readColumns(
  header: readonly string[],
  warnings: Warnings,
): readonly (Column | undefined)[] {
  const columns = header.map((name) => columnOf.get(columnKey(name)));
  const used = columns.filter((column) => column !== undefined);
  const twice = used.find((column, place) => used.indexOf(column) !== place);
  if (twice !== undefined)
    throw invalid('sheet.column_twice', `The sheet has two columns for the ${twice}.`);
  if (!used.includes('statement'))
    throw invalid(
      'sheet.no_statements',
      'The sheet needs a column "statement" (or "fullStatement").',
    );
  if (!used.includes('code') && !used.includes('identifier')) {
    throw invalid(
      'sheet.no_codes',
      'The sheet needs a column "code" (or "Human Coding Scheme" or "Identifier").',
    );
  }
  const unused = header.filter((name, place) => columns[place] === undefined && name.trim() !== '');
  if (unused.length > 0) {
    warnings.add({
      code: 'sheet.column_not_used',
      path: 'row 1',
      message: `These columns are not used: ${unused.slice(0, 20).join(', ').slice(0, 500)}.`,
    });
  }
  return columns;
}
