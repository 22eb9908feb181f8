import type { CaseUris } from '../../src/domain/standards.ts';

export const ourUris: CaseUris = {
  document: (identifier) => `https://cairn.example/documents/${identifier}`,
  item: (identifier) => `https://cairn.example/items/${identifier}`,
};

/** A CASE identifier that is easy to read in a failing test; 0 is the document. */
export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const date = '2026-01-02T03:04:05Z';
const target = (n: number | 'document') => ({
  title: `Node ${n}`,
  identifier: uuid(n === 'document' ? 0 : n),
  uri: `https://case.example/items/${uuid(n === 'document' ? 0 : n)}`,
});

export function item(n: number, fields: object = {}) {
  return {
    identifier: uuid(n),
    uri: `https://case.example/items/${uuid(n)}`,
    fullStatement: `Statement ${n}`,
    lastChangeDateTime: date,
    ...fields,
  };
}

export function childOf(child: number, parent: number | 'document', sequenceNumber?: unknown) {
  return {
    identifier: uuid(1000 + child),
    uri: `https://case.example/associations/${child}`,
    associationType: 'isChildOf',
    originNodeURI: target(child),
    destinationNodeURI: target(parent),
    lastChangeDateTime: date,
    ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
  };
}

/** A small valid CASE 1.1 package. */
export function casePackage({
  items,
  associations = [],
  document = {},
}: {
  items: readonly unknown[];
  associations?: readonly unknown[];
  document?: object;
}) {
  return {
    CFDocument: {
      identifier: uuid(0),
      uri: `https://case.example/documents/${uuid(0)}`,
      title: 'Fixture framework',
      creator: 'Fixture school',
      lastChangeDateTime: date,
      ...document,
    },
    CFItems: items,
    CFAssociations: associations,
  };
}
