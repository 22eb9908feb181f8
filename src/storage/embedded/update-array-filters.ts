import type { Document } from './document.ts';
import { refuse } from './error.ts';
import { compile } from './match.ts';
import type { Test } from './match-tests.ts';
import { filterIdentifier } from './update-paths.ts';

/** The conditions that `$[name]` in the paths stands for, by name. Each has to be used and each name to be known. */
export function compileArrayFilters(
  filters: readonly Document[],
  paths: readonly string[],
): ReadonlyMap<string, Test> {
  const compiled = new Map<string, Test>();
  for (const filter of filters) {
    const name = identifierOf(filter);
    if (compiled.has(name))
      refuse(9, `Found multiple array filters with the same top-level field name ${name}`);
    const matches = compile(filter);
    compiled.set(name, (element) => matches({ [name]: element }));
  }
  checkUse(compiled, paths);
  return compiled;
}

function identifierOf(filter: Document): string {
  const [name, ...others] = new Set(rootsOf(filter));
  if (name === undefined)
    return refuse(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (others.length > 0)
    refuse(
      9,
      `Error parsing array filter: expected a single top-level field name, found '${name}' and '${others.join("', '")}'`,
    );
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
    refuse(
      2,
      `The top-level field name in an array filter must begin with a lowercase letter, found '${name}'`,
    );
  return name;
}

function rootsOf(filter: Document): string[] {
  return Object.entries(filter).flatMap(([name, operand]) => {
    if (!name.startsWith('$')) return [name.split('.')[0] ?? ''];
    return Array.isArray(operand) ? (operand as Document[]).flatMap(rootsOf) : [];
  });
}

function checkUse(compiled: ReadonlyMap<string, Test>, paths: readonly string[]): void {
  const used = new Set<string>();
  for (const path of paths)
    for (const part of path.split('.')) {
      const identifier = filterIdentifier(part);
      if (identifier === undefined || identifier === '') continue;
      if (!compiled.has(identifier))
        refuse(2, `No array filter found for identifier '${identifier}' in path '${path}'`);
      used.add(identifier);
    }
  for (const name of compiled.keys())
    if (!used.has(name))
      refuse(9, `The array filter for identifier '${name}' was not used in the update`);
}
