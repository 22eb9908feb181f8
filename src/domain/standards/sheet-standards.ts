import { defined } from '../../shared/defined.ts';
import type { Issue } from '../../shared/errors.ts';
import { namedId } from '../../shared/ids.ts';
import type { CaseUris, Standard, StandardContent } from '../standards.ts';
import { brokenRows, type SheetRow } from './sheet.ts';
import { assertTree } from './tree.ts';

interface Context {
  /** CASE identifier of the framework that the sheet belongs to. */
  readonly framework: string;
  /** The standards that the framework has now: a row with the code of one means that one. */
  readonly existing: readonly Standard[];
  readonly uris: CaseUris;
}

/**
 * The standards that a sheet tells of. A row without identifier keeps that of the standard with its code, or gets one
 * made from framework and code, so that the same sheet always means the same standards.
 */
export function resolveSheet(
  rows: readonly SheetRow[],
  { framework, existing, uris }: Context,
): readonly StandardContent[] {
  const byIdentifier = new Map(existing.map((standard) => [standard.identifier, standard]));
  const byCode = new Map(existing.map((standard) => [standard.code, standard.identifier]));
  const identified = rows.map((row) => ({ ...row, identifier: identify(row, byCode, framework) }));
  const parentOf = createParentFinder(identified);
  const issues: Issue[] = [];
  const standards = identified.map((row): StandardContent => {
    const { unknown, parents } = parentOf(row.parent);
    if (unknown !== undefined && issues.length < 100) {
      issues.push({
        path: `row ${row.row}, column parent`,
        message: `no row has the code "${unknown}"`,
      });
    }
    const { identifier, statement, educationLevel } = row;
    const { abbreviatedStatement, code, type } = row;
    return {
      identifier,
      uri: row.uri ?? byIdentifier.get(identifier)?.uri ?? uris.item(identifier),
      statement,
      ...defined({ code, abbreviatedStatement, type }),
      educationLevel,
      parents,
      sequence: row.sequence ?? row.row,
    };
  });
  if (issues.length > 0) throw brokenRows(issues);
  assertTree(standards);
  return standards;
}

function identify(
  { identifier, code = '' }: SheetRow,
  byCode: ReadonlyMap<string | undefined, string>,
  framework: string,
): string {
  return identifier ?? byCode.get(code) ?? namedId(`${framework} ${code}`);
}

/** Finds parents by code or identifier: the whole cell first, because codes may hold commas; then as a list. */
function createParentFinder(rows: readonly (SheetRow & { identifier: string })[]) {
  const known = new Map(rows.map(({ identifier }) => [identifier, identifier]));
  for (const { code, identifier } of rows) if (code !== undefined) known.set(code, identifier);

  return (cell: string): { parents: readonly string[]; unknown?: string } => {
    if (cell === '') return { parents: [] };
    const whole = known.get(cell);
    if (whole !== undefined) return { parents: [whole] };
    const codes = cell.split(/[;,|]/).map((code) => code.trim());
    const parents = codes.flatMap((code) => known.get(code) ?? []);
    const unknown = codes.find((code) => !known.has(code));
    return unknown === undefined ? { parents: [...new Set(parents)].sort() } : { parents, unknown };
  };
}
