import { sha256 } from '../shared/ids.ts';

/** SHA-256 of a JSON value in canonical form (RFC 8785): the same however its text was laid out. */
export function digestDocument(document: unknown): string {
  return sha256(canonicalize(document));
}

/** RFC 8785 §3.2 is what JSON.stringify writes, with the members in the order of their UTF-16 code units. */
function canonicalize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalize(member)}`);
  return `{${members.join(',')}}`;
}
