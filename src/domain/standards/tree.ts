import { invalid } from '../../shared/errors.ts';
import type { StandardContent } from '../standards.ts';

type Node = Pick<StandardContent, 'identifier' | 'parents'> &
  Partial<Pick<StandardContent, 'code' | 'statement'>>;

/**
 * The identifiers of one circle of parents, first to last, when there is one. Visits every standard and every
 * parent link once, without recursion: trees from outside may be deep.
 */
export function findCycle(nodes: readonly Node[]): readonly string[] | undefined {
  const parents = new Map(nodes.map(({ identifier, parents }) => [identifier, parents]));
  const done = new Set<string>();
  for (const { identifier } of nodes) {
    const cycle = climb(identifier, parents, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function climb(
  start: string,
  parents: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): readonly string[] | undefined {
  const path: { identifier: string; next: number }[] = [{ identifier: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const parent = parents.get(top.identifier)?.[top.next];
    top.next += 1;
    if (parent === undefined) {
      done.add(top.identifier);
      onPath.delete(top.identifier);
      path.pop();
    } else if (onPath.has(parent)) {
      const identifiers = path.map(({ identifier }) => identifier);
      return identifiers.slice(identifiers.indexOf(parent));
    } else if (!done.has(parent)) {
      path.push({ identifier: parent, next: 0 });
      onPath.add(parent);
    }
  }
  return undefined;
}

/** @throws ServiceError that names the standards of the circle */
export function assertTree(nodes: readonly Node[]): void {
  const cycle = findCycle(nodes);
  if (cycle === undefined) return;
  const members = new Set(cycle);
  const byIdentifier = new Map(
    nodes.filter((node) => members.has(node.identifier)).map((node) => [node.identifier, node]),
  );
  const names = [...cycle, ...cycle.slice(0, 1)].map((identifier) =>
    nameOf(byIdentifier.get(identifier), identifier),
  );
  throw invalid(
    'framework.circle',
    `Some standards are children of each other in a circle: ${shorten(names).join(' → ')}.`,
    cycle.slice(0, 20).map((identifier) => ({
      path: identifier,
      message: `${nameOf(byIdentifier.get(identifier), identifier)} is part of the circle`,
    })),
  );
}

function nameOf(node: Node | undefined, identifier: string): string {
  return (node?.code ?? node?.statement ?? identifier).slice(0, 60);
}

function shorten(names: readonly string[]): readonly string[] {
  return names.length <= 8 ? names : [...names.slice(0, 6), '…', ...names.slice(-1)];
}
