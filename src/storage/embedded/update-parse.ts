import { type Document, isIndex, isObj, show } from './document.ts';
import { refuse } from './error.ts';
import { OPERATORS } from './update-operators.ts';
import { checkUpdatePath, conflicts } from './update-paths.ts';
import type { Apply, Reach } from './update-types.ts';
import { typeName } from './value-types.ts';

export interface ChangeAction {
  kind: 'change';
  path: string;
  reach: Reach;
  onInsertOnly: boolean;
  apply: Apply;
}

export interface RenameAction {
  kind: 'rename';
  from: string;
  path: string;
}

export type Action = ChangeAction | RenameAction;

/** Checks a whole update before any document is touched and puts its actions into MongoDB's order, that of paths. */
export function parseUpdate(update: Document, now: Date): Action[] {
  const taken: string[] = [];
  const actions: Action[] = [];
  for (const name of Object.keys(update)) {
    const fields = fieldsOf(name, update[name]);
    for (const [path, operand] of Object.entries(fields)) {
      const target = name === '$rename' ? renameTarget(path, operand) : undefined;
      for (const used of target === undefined ? [path] : [path, target]) claim(used, taken);
      actions.push(
        target === undefined
          ? change(name, path, { operand, now })
          : { kind: 'rename', from: path, path: target },
      );
    }
  }
  return actions.sort((a, b) => comparePaths(a.path, b.path));
}

function fieldsOf(name: string, fields: unknown): Document {
  if (name !== '$rename' && !Object.hasOwn(OPERATORS, name))
    refuse(9, `Unknown modifier: ${name}. Expected a valid update modifier`);
  if (isObj(fields)) return fields;
  return refuse(
    9,
    `Modifiers operate on fields but we found type ${typeName(fields)} instead of a document: {${name}: ${show(fields)}}`,
  );
}

function claim(path: string, taken: string[]): void {
  checkUpdatePath(path);
  const parts = path.split('.');
  for (const other of taken)
    if (conflicts(parts, other.split('.')))
      refuse(
        40,
        `Updating the path '${path}' would create a conflict at '${path.length < other.length ? path : other}'`,
      );
  taken.push(path);
}

function change(
  name: string,
  path: string,
  { operand, now }: { operand: unknown; now: Date },
): ChangeAction {
  const operator = OPERATORS[name] ?? refuse(9, `Unknown modifier: ${name}`);
  return {
    kind: 'change',
    path,
    reach: operator.reach,
    onInsertOnly: name === '$setOnInsert',
    apply: operator.compile(operand, path, now),
  };
}

function renameTarget(from: string, to: unknown): string {
  if (typeof to !== 'string')
    return refuse(2, `The 'to' field for $rename must be a string: ${from}: ${show(to)}`);
  if (/(^|\.)\$/.test(from) || /(^|\.)\$/.test(to))
    refuse(2, `The fields of $rename may not be dynamic: ${from}, ${to}`);
  if (conflicts(from.split('.'), to.split('.')))
    refuse(
      2,
      `The source and target field for $rename must not be on the same path: ${from}, ${to}`,
    );
  return to;
}

function comparePaths(a: string, b: string): number {
  const parts = a.split('.');
  const others = b.split('.');
  for (const [i, part] of parts.entries()) {
    const other = others[i];
    if (other === undefined) return 1;
    if (part !== other) return compareParts(part, other);
  }
  return parts.length - others.length;
}

function compareParts(a: string, b: string): number {
  if (isIndex(a) && isIndex(b)) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}
