import { isDeepStrictEqual } from 'node:util';
import { Problem } from './problem.ts';
import type { Json } from './types.ts';
import { isObject, list } from './values.ts';

const openBadges = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#';
const schemaName = 'https://schema.org/name';
/** What a badge is presented by. */
const shownTerms = [
  schemaName,
  'https://schema.org/description',
  `${openBadges}image`,
  `${openBadges}awardedDate`,
];

/**
 * Triples know no places and no number: what is said of a thing is signed wherever its id is mentioned (in an
 * endorsement, for one) and however often. Readers look in one place; so that is where it has to stand, once.
 */
export function assertPlaces(
  root: Json,
  { critical, issuer }: { critical: readonly string[]; issuer: unknown },
): void {
  for (const node of nodesOf(root)) {
    for (const [name, values] of Object.entries(node)) assertNoneTwice(name, list(values));
    if (isMention(node, root)) {
      assertNothingOf(node, critical);
      assertNothingOf(
        node,
        shownTerms.filter((term) => !(term in root)),
      );
    }
    // An issuer that is only named by its id leaves it to others to describe it.
    const isDescribed = isObject(issuer) && '@type' in issuer && !(schemaName in issuer);
    if (isDescribed && isMention(node, issuer)) assertNothingOf(node, [schemaName]);
  }
}

/** The node and every node below it in the same graph. */
function* nodesOf(node: Json): Generator<Json> {
  yield node;
  for (const [name, values] of Object.entries(node)) {
    if (name !== '@graph') for (const value of list(values).filter(isObject)) yield* nodesOf(value);
  }
}

function isMention(node: Json, original: Json): boolean {
  return node !== original && node['@id'] !== undefined && node['@id'] === original['@id'];
}

function assertNothingOf(node: Json, terms: readonly string[]): void {
  const term = terms.find((name) => name in node);
  if (term !== undefined) throw hidden(`What it says under "${nameOf(term)}" stands elsewhere.`);
}

/** One piece of evidence, written down twice or in two halves, would pass for two. */
function assertNoneTwice(name: string, values: readonly unknown[]): void {
  if (values.length < 2 || name.startsWith('@')) return;
  const known = new Map<unknown, Json[]>();
  for (const value of values.filter(isObject)) {
    const id = value['@id'];
    const twins = known.get(id) ?? [];
    if (id !== undefined && !twins.every((twin) => contradict(twin, value))) {
      throw hidden(`It says the same thing twice under "${nameOf(name)}".`);
    }
    known.set(id, [...twins, value]);
  }
}

function contradict(one: Json, other: Json): boolean {
  return Object.entries(one).some(
    ([name, value]) => name in other && !isDeepStrictEqual(value, other[name]),
  );
}

const nameOf = (iri: string): string => iri.split(/[#/]/).at(-1) ?? iri;

export function hidden(detail: string): Problem {
  return new Problem('format', 'invalid', 'MEMBER_HIDDEN', detail);
}
