import { last, isNode, members, name, nodes, strings, take, withNode } from './edit-places.ts';
import type { Path, Rules } from './edit-places.ts';
import { placesOf, valueAt, withChange, type Json } from './json-places.ts';

function* renamed(credential: Json, namesFor: (key: string) => readonly string[]) {
  for (const path of members(credential)) {
    for (const other of namesFor(last(path))) {
      const edited = withNode(credential, path.slice(0, -1), (node) => {
        node[other] = take(node, last(path));
      });
      yield { what: `${name(path)} -> ${other}`, edited };
    }
  }
}

function* moved(credential: Json, wrap: (node: Json, key: string, value: unknown) => void) {
  for (const path of members(credential)) {
    const edited = withNode(credential, path.slice(0, -1), (node) => {
      wrap(node, last(path), take(node, last(path)));
    });
    yield { what: name(path), edited };
  }
}

function mentionOf(value: unknown): readonly Json[] {
  if (!isNode(value) || value.id === undefined) return [];
  return [{ id: value.id, ...(value.type !== undefined && { type: value.type }) }];
}

const contextsOf = (credential: Json): unknown[] => [credential['@context']].flat();

/** Edits that leave every value and write it down in another way or at another place. */
export const shapeRules: Rules = {
  'rename to IRI': (credential, { iris }) => renamed(credential, (key) => iris.get(key) ?? []),
  'rename to another term': (credential, { iris, terms }) =>
    renamed(credential, (key) => [
      ...(iris.get(key) ?? [])
        .flatMap((iri) => terms.get(iri) ?? [])
        .filter((term) => term !== key),
      key.charAt(0).toUpperCase() + key.slice(1),
      `${key} `,
    ]),
  '@nest': (credential) =>
    moved(credential, (node, key, value) => {
      node['@nest'] = { [key]: value };
    }),
  '@included': (credential) =>
    moved(credential, (node, key, value) => {
      node['@included'] = [{ ...(node.id !== undefined && { id: node.id }), [key]: value }];
    }),
  alias: (credential, { iris }) =>
    moved(credential, (node, key, value) => {
      const [iri = `urn:${key}`] = iris.get(key) ?? [];
      node['@context'] = [node['@context'] ?? [], { other: iri }].flat();
      node.other = value;
    }),
  '@graph': function* graph(credential) {
    for (const [path, node] of nodes(credential)) {
      const { '@context': context, ...rest } = node;
      const inner = { ...(context !== undefined && { '@context': context }), '@graph': [rest] };
      const edited = path.length === 0 ? inner : withChange(credential, path, inner);
      yield { what: name(path), edited };
    }
  },
  contexts: function* contexts(credential, words) {
    const own = contextsOf(credential);
    const lists = [
      [...own].reverse(),
      own.slice(1),
      own.slice(0, -1),
      ...words.contexts.flatMap((url) => [
        [...own, url],
        [url, ...own],
        [url, ...own.slice(1)],
        ...own.map((_, at) => own.with(at, url)),
        [url, ...own.slice(1), 'https://w3id.org/security/data-integrity/v2'],
      ]),
      [...own, { '@vocab': 'urn:x:' }],
      [...own, null],
    ];
    for (const list of lists) {
      yield {
        what: JSON.stringify(list).slice(0, 120),
        edited: { ...credential, '@context': list },
      };
    }
  },
  drop: function* drop(credential) {
    for (const path of placesOf(credential)) {
      yield { what: name(path), edited: withChange(credential, path, undefined) };
    }
  },
  repeat: function* repeat(credential) {
    for (const path of placesOf(credential)) {
      if (path.includes('@context')) continue;
      const value = valueAt(credential, path);
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items.flatMap((each) => [each, ...mentionOf(each)])) {
        const edited = withChange(credential, path, [...items, item]);
        yield { what: `${name(path)}: ${JSON.stringify(item)}`.slice(0, 120), edited };
      }
    }
  },
  halve: function* halve(credential) {
    for (const [path, node] of nodes(credential)) {
      if (path.length === 0 || node.id === undefined) continue;
      const { id, type, ...rest } = node;
      const head = { id, ...(type !== undefined && { type }) };
      for (const [key, value] of Object.entries(rest)) {
        const half = { ...node };
        Reflect.deleteProperty(half, key);
        const halves = [half, { ...head, [key]: value }];
        const holder = path.slice(0, -1);
        const list = valueAt(credential, holder);
        const edited = Array.isArray(list)
          ? withChange(credential, holder, [
              ...(list as unknown[]).toSpliced(Number(last(path)), 1),
              ...halves,
            ])
          : withChange(credential, path, halves);
        yield { what: `${name(path)}.${key}`, edited };
      }
    }
  },
  'move to a mention': function* toMention(credential) {
    for (const [path, node] of nodes(credential)) {
      if (typeof node.id !== 'string') continue;
      for (const to of placesOfValue(credential, node.id)) {
        if (name(to.slice(0, -1)) === name(path)) continue;
        const keys = Object.keys(node).filter((key) => key !== 'id' && key !== '@context');
        // What holds the mention cannot be moved into it.
        for (const key of keys.filter((each) => !`${name(to)}.`.startsWith(dotted(path, each)))) {
          const what = `${name(path)}.${key} -> ${name(to)}`;
          yield { what, edited: moveInto(credential, { from: path, key, to, id: node.id }) };
        }
      }
    }
  },
  'move elsewhere': function* elsewhere(credential) {
    const all = [...nodes(credential)];
    for (const path of members(credential)) {
      for (const [other] of all) {
        if (name(other).startsWith(name(path)) || name(other) === name(path.slice(0, -1))) continue;
        const copy = structuredClone(credential);
        const value = take(valueAt(copy, path.slice(0, -1)) as Json, last(path));
        const target = valueAt(copy, other) as Json;
        if (Object.hasOwn(target, last(path))) continue;
        target[last(path)] = value;
        yield { what: `${name(path)} -> ${name(other)}`, edited: copy };
      }
    }
  },
};

const dotted = (path: Path, key: string): string => `${[...path, key].join('.')}.`;

function* placesOfValue(credential: Json, wanted: string): Generator<Path> {
  for (const [path, value] of strings(credential)) if (value === wanted) yield path;
}

/** Takes a member away and says it where the same id is mentioned, as a node of its own where that was only an id. */
function moveInto(
  credential: Json,
  { from, key, to, id }: { from: Path; key: string; to: Path; id: string },
): Json {
  const copy = structuredClone(credential);
  const source = valueAt(copy, from) as Json;
  const { type } = source;
  const value = take(source, key);
  const holder = valueAt(copy, to.slice(0, -1)) as Json;
  if (last(to) !== 'id') {
    holder[last(to)] = { id, ...(type !== undefined && { type }), [key]: value };
    return copy;
  }
  if (type !== undefined) holder.type = [...new Set([holder.type ?? [], type].flat())];
  holder[key] ??= value;
  return copy;
}
