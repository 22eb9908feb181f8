import type { FrameworkMetadata } from '../standards.ts';
import { isRaw, readFields, readLink, type Fields } from './fields.ts';
import type { Item } from './items.ts';
import type { Warnings } from './warnings.ts';

interface ParentLink {
  /** In the order of their identifiers, so that the order of the document does not matter. */
  readonly parents: readonly string[];
  readonly sequence: number | undefined;
}

export interface ParentLinks {
  /** Whether the document tells of any tree at all. */
  readonly some: boolean;
  /** Undefined for a standard that hangs on nothing, not even on the document. */
  readonly of: (identifier: string) => ParentLink | undefined;
}

interface Context {
  readonly items: readonly Item[];
  readonly framework: FrameworkMetadata;
  readonly warnings: Warnings;
}

// CASE §6.2: the origin isChildOf the destination; roots are children of the CFDocument.

/** Who is a child of whom. Associations of other types stay in the kept document. */
export function parseParents(value: unknown, { items, framework, warnings }: Context): ParentLinks {
  const known = new Set(items.map(({ content }) => content.identifier));
  const byUri = new Map(items.map(({ content }) => [content.uri, content.identifier]));
  byUri.set(framework.uri, framework.identifier);
  const links = new Map<string, { parents: Set<string>; sequence: number | undefined }>();
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  let some = false;
  for (const [index, raw] of list.entries()) {
    if (!isRaw(raw) || raw.associationType !== 'isChildOf') continue;
    some = true;
    const fields = readFields(raw, `CFAssociations.${index}`, warnings);
    const ends = readEnds(fields, { known, byUri, document: framework.identifier });
    if (ends === undefined) continue;
    const link = links.get(ends.child) ?? { parents: new Set(), sequence: undefined };
    links.set(ends.child, link);
    if (ends.parent !== framework.identifier) link.parents.add(ends.parent);
    link.sequence = least(link.sequence, fields.number('sequenceNumber'));
  }
  return {
    some,
    of: (identifier) => {
      const link = links.get(identifier);
      return link && { parents: [...link.parents].sort(), sequence: link.sequence };
    },
  };
}

function readEnds(
  fields: Fields,
  {
    known,
    byUri,
    document,
  }: { known: ReadonlySet<string>; byUri: ReadonlyMap<string, string>; document: string },
): { child: string; parent: string } | undefined {
  const child = readLink(fields, 'originNodeURI', byUri);
  const parent = readLink(fields, 'destinationNodeURI', byUri);
  if (child === undefined || parent === undefined) {
    fields.warn('association.incomplete', '', 'This link does not say what is a child of what.');
    return undefined;
  }
  if (!known.has(child)) {
    fields.warn(
      'association.outside',
      'originNodeURI',
      'This link speaks of a standard that is not in the package.',
    );
    return undefined;
  }
  if (parent !== document && !known.has(parent)) {
    fields.warn(
      'parent.outside',
      'destinationNodeURI',
      'The parent is not in this package; the standard is listed without it.',
    );
    return undefined;
  }
  return { child, parent };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
