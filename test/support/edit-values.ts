import { name, nodes, strings, withNode } from './edit-places.ts';
import type { Rules } from './edit-places.ts';
import { placesOf, valueAt, withChange } from './json-places.ts';

function otherTypesOf(value: unknown): readonly unknown[] {
  const others = [null, [], {}, [[value]], { '@value': value }, { '@id': value }, { id: value }];
  const lists = [{ '@list': [value] }, { '@set': [value] }, `x:${JSON.stringify(value)}`];
  if (typeof value === 'number') return [...others, ...lists, value + 2 ** -51, String(value)];
  const number = typeof value === 'string' ? Number(value) : Number.NaN;
  return [...others, ...lists, Number.isFinite(number) ? number : true];
}

/** Edits that put another value in the place of one, or add one. */
export const valueRules: Rules = {
  retime: function* retime(credential) {
    for (const [path, value] of strings(credential)) {
      if (!/^\d{4}-\d\d-\d\dT/.test(value)) continue;
      for (const other of [
        value.replace(/^\d{4}/, '2099'),
        value.replace(/^\d{4}/, '1999'),
        value.replace('Z', '+00:00'),
        value.replace('Z', '.000Z'),
        value.replace('Z', ''),
        value.slice(0, 10),
        value.toLowerCase(),
        ` ${value}`,
      ]) {
        yield { what: `${name(path)} = ${other}`, edited: withChange(credential, path, other) };
      }
    }
  },
  retarget: function* retarget(credential) {
    const targets = [...strings(credential)].filter(([, value]) => /^[a-z]+:|^\d+$/.test(value));
    for (const [path, value] of targets) {
      const [other] = targets.filter(([, each]) => each !== value).map(([, each]) => each);
      for (const next of [
        `${value}0`,
        value.toUpperCase(),
        `${value}#`,
        'did:web:evil.example',
        other ?? '',
      ]) {
        yield { what: `${name(path)} = ${next}`, edited: withChange(credential, path, next) };
      }
    }
  },
  retype: function* retype(credential, { iris }) {
    for (const path of placesOf(credential)) {
      const value = valueAt(credential, path);
      if (path.includes('@context')) continue;
      for (const next of [...otherTypesOf(value), ...(iris.get(String(value)) ?? [])]) {
        if (next === value) continue;
        const what = `${name(path)} = ${JSON.stringify(next)}`.slice(0, 120);
        yield { what, edited: withChange(credential, path, next) };
      }
    }
  },
  reword: function* reword(credential) {
    for (const [path, value] of strings(credential)) {
      for (const next of [
        `${value}.`,
        ` ${value}`,
        `${value}\u200b`,
        `${value}\0`,
        value.normalize('NFD'),
        value.replace('a', '\u0430'),
        value.replace('\ufffd', '\ud800'),
        value.slice(0, -1),
      ]) {
        if (next === value) continue;
        yield {
          what: `${name(path)} = ${JSON.stringify(next)}`.slice(0, 120),
          edited: withChange(credential, path, next),
        };
      }
    }
  },
  add: function* add(credential) {
    const more: readonly (readonly [string, unknown])[] = [
      ['name', 'More'],
      ['description', 'More'],
      ['image', { id: 'https://evil.example/1.png', type: 'Image' }],
      ['validUntil', '2099-01-01T00:00:00Z'],
      ['expires', '2099-01-01T00:00:00Z'],
      ['evidence', [{ id: 'https://evil.example/', type: ['Evidence'] }]],
      ['unknown', 'More'],
      ['narrative', null],
      ['result', []],
      ['constructor', {}],
      ['domain', 'evil.example'],
    ];
    for (const [path, node] of nodes(credential)) {
      for (const [key, value] of more) {
        if (Object.hasOwn(node, key)) continue;
        const edited = withNode(credential, path, (copy) => {
          copy[key] = value;
        });
        yield { what: `${name(path)}.${key}`, edited };
      }
    }
  },
  swap: function* swap(credential) {
    const all = [...strings(credential)];
    for (const [index, [path, value]] of all.entries()) {
      const [other, otherValue] = all[(index * 7 + 3) % all.length] ?? [path, value];
      if (otherValue === value) continue;
      const edited = withChange(withChange(credential, path, otherValue), other, value);
      yield { what: `${name(path)} <-> ${name(other)}`, edited };
    }
  },
};

/** Edits after which whoever reads the credential reads the same. */
export const layoutRules: Rules = {
  'one in a list': function* wrap(credential) {
    for (const path of placesOf(credential)) {
      const value = valueAt(credential, path);
      const next = Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : [value];
      if (path.includes('@context') || Array.isArray(next) === Array.isArray(value)) continue;
      yield { what: name(path), edited: withChange(credential, path, next) };
    }
  },
  'order of members': function* order(credential) {
    for (const [path, node] of nodes(credential)) {
      const reversed = Object.fromEntries(Object.entries(node).reverse());
      const edited = path.length === 0 ? reversed : withChange(credential, path, reversed);
      yield { what: name(path), edited };
    }
  },
  layout: function* layout(credential) {
    yield { what: 'indented', edited: JSON.stringify(credential, undefined, 2) };
    yield { what: 'with a tab', edited: JSON.stringify(credential, undefined, '\t') };
    yield { what: 'white space around', edited: `\n ${JSON.stringify(credential)} \r\n` };
    const escaped = JSON.stringify(credential).replace(/[ -~]/g, (character) => character);
    yield {
      what: 'escaped letters',
      edited: escaped.replace(/(?<=":"[^"]{0,40})e/g, '\\u0065'),
    };
  },
};
