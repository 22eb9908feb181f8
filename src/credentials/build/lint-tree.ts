import type { Issue } from '../../shared/errors.ts';
import { isNode, issue, type Node } from './nodes.ts';
import { cleanText } from './tidy.ts';

// Rules for every object of a credential, wherever it stands.

/** OB 3.0 terms are type-scoped: without this type, in an array or by itself as given, a node has no terms. */
const typedInArray: Readonly<Record<string, string>> = {
  issuer: 'Profile',
  creator: 'Profile',
  credentialSubject: 'AchievementSubject',
  achievement: 'Achievement',
  alignment: 'Alignment',
  resultDescription: 'ResultDescription',
  rubricCriterionLevel: 'RubricCriterionLevel',
  result: 'Result',
  evidence: 'Evidence',
};
const typedByText: Readonly<Record<string, string>> = {
  image: 'Image',
  identifier: 'IdentityObject',
  otherIdentifier: 'IdentifierEntry',
  credentialStatus: 'BitstringStatusListEntry',
};
const arrays: ReadonlySet<string> = new Set([
  'identifier',
  'otherIdentifier',
  'alignment',
  'rubricCriterionLevel',
  'result',
  'evidence',
  'tag',
]);
/** The only members that OB 3.0 writes as numbers. */
const numbers: ReadonlySet<string> = new Set([
  'creditsAvailable',
  'creditsEarned',
  'latitude',
  'longitude',
]);
/** Nodes that may not be described twice under one id. */
const unique: ReadonlySet<string> = new Set([
  'alignment',
  'resultDescription',
  'rubricCriterionLevel',
  'result',
  'evidence',
]);
const languageCode = /^[a-z]{2,4}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/;

interface Place {
  readonly path: string;
  /** The member that leads here; array positions do not count. */
  readonly name: string;
}

function isIdentifier(value: unknown): boolean {
  return typeof value === 'string' && /^(?:https?|urn|did):\S+$/.test(value) && URL.canParse(value);
}

function lintType(node: Node, { path, name }: Place): Issue[] {
  const many = typedInArray[name];
  if (many && !(Array.isArray(node.type) && node.type.includes(many))) {
    return [issue(`${path}.type`, `must be a list that names ${many}.`)];
  }
  const one = typedByText[name];
  return one && node.type !== one ? [issue(`${path}.type`, `must be "${one}".`)] : [];
}

type Rule = (name: string, value: unknown, path: string) => string | false;

const memberRules: readonly Rule[] = [
  (name, _, path) =>
    ((name.startsWith('@') && path !== '@context') || name.includes(':')) &&
    'is not a plain term of the contexts.',
  (name) =>
    (name === 'jti' || name === 'endorsementJwt') &&
    'is unknown to the first revision of the context: signatures would not verify everywhere.',
  (name, value) =>
    name === 'id' && !isIdentifier(value) && 'must be an absolute https, urn or did identifier.',
  (name, value) =>
    name === 'inLanguage' &&
    !(typeof value === 'string' && languageCode.test(value)) &&
    'must be a language code like en or en-US.',
  (name, value) => arrays.has(name) && !Array.isArray(value) && 'must be a list.',
  // In a Result the same term holds an id.
  (name, value) => name === 'resultDescription' && isNode(value) && 'must be a list.',
];

function lintMember(name: string, value: unknown, path: string): Issue[] {
  return memberRules
    .map((rule) => rule(name, value, path))
    .filter((message) => message !== false)
    .map((message) => issue(path, message));
}

function lintScalar(value: unknown, { path, name }: Place): Issue[] {
  if (value === null) return [issue(path, 'is null: leave it out.')];
  if (value === '') return [issue(path, 'is empty: leave it out.')];
  if (typeof value === 'string' && cleanText(value) !== value) {
    return [issue(path, 'holds characters that cannot be signed.')];
  }
  if (typeof value !== 'number') return [];
  // 1e-7 would be signed as 0.
  return numbers.has(name) && /^-?\d+(?:\.\d+)?$/.test(String(value))
    ? []
    : [issue(path, 'is a number where text is needed.')];
}

function lintValue(value: unknown, place: Place): Issue[] {
  const { path, name } = place;
  if (Array.isArray(value)) {
    const items = value as unknown[];
    if (items.length === 0) return [issue(path, 'is an empty list: leave it out.')];
    return items.flatMap((item, index) => lintValue(item, { path: `${path}.${index}`, name }));
  }
  return isNode(value) ? lintNode(value, place) : lintScalar(value, place);
}

function lintNode(node: Node, place: Place): Issue[] {
  return [
    ...lintType(node, place),
    ...Object.entries(node).flatMap(([name, value]) => {
      const path = place.path === '' ? name : `${place.path}.${name}`;
      return [...lintMember(name, value, path), ...lintValue(value, { path, name })];
    }),
  ];
}

function idsIn(value: unknown, { path, name }: Place): { id: unknown; path: string }[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => idsIn(item, { path: `${path}.${index}`, name }));
  }
  if (!isNode(value)) return [];
  const own = unique.has(name) && value.id !== undefined ? [{ id: value.id, path }] : [];
  const nested = Object.entries(value).flatMap(([member, inner]) =>
    idsIn(inner, { path: path === '' ? member : `${path}.${member}`, name: member }),
  );
  return [...own, ...nested];
}

function lintUniqueIds(credential: Node): Issue[] {
  const seen = new Set<unknown>();
  return idsIn(credential, { path: '', name: '' }).flatMap(({ id, path }) => {
    if (seen.has(id))
      return [issue(`${path}.id`, 'is the id of something else in this credential.')];
    seen.add(id);
    return [];
  });
}

export function lintTree(credential: Node): Issue[] {
  return [...lintNode(credential, { path: '', name: '' }), ...lintUniqueIds(credential)];
}
