import type { Issue } from '../../shared/errors.ts';

/** A JSON object whose members nobody has looked at yet. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in an array (or the single one) under a name. */
export function nodesAt(node: Node, name: string): Node[] {
  const value = node[name];
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode);
}

export function textAt(node: Node, name: string): string | undefined {
  const value = node[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function issue(path: string, message: string): Issue {
  return { path, message };
}
