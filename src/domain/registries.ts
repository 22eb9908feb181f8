import { invalid } from '../shared/errors.ts';

/** Whom a registry vouches for: ids of issuers (or addresses of their keys), and the name that it knows them by. */
export interface Registry {
  readonly name?: string;
  readonly entries: ReadonlyMap<string, string | undefined>;
  /** A list of registries names others instead. */
  readonly links: readonly { readonly name: string; readonly url: string }[];
  /** Registries in such a list that are of a kind that is not read here. */
  readonly ignored: readonly string[];
}

const maxEntries = 100_000;
const maxLinks = 20;
const maxText = 2_000;
/** Identifiers of issuers: a DID or a web address, without white space. */
const issuerId = /^(?:did:[a-z0-9]+:|https?:\/\/)\S+$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a registry of issuers: lines with an id and, if one likes, a name; a JSON array of ids; the registries of the
 * Digital Credentials Consortium (`{"registry": {id: {name}}}`); or its list of known registries.
 * @throws ServiceError `registry.unknown_format`
 */
export function parseRegistry(text: string): Registry {
  const value = parseJson(text.trim());
  if (value === undefined) return fromLines(text);
  if (Array.isArray(value)) return fromArray(value as unknown[]);
  if (isFields(value)) return fromDirectory(value);
  throw unknownFormat();
}

function fromLines(text: string): Registry {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return fromEntries(
    lines.map((line) => {
      const [id = '', ...name] = line.split(/\s+/);
      return [id, name.join(' ')];
    }),
  );
}

function fromArray(items: readonly unknown[]): Registry {
  if (items.every((item) => typeof item === 'string')) {
    return fromEntries(items.map((id) => [id, undefined]));
  }
  if (!items.every(isFields)) throw unknownFormat();
  const isRead = ({ type, url }: Fields) =>
    (type === undefined || type === 'dcc-legacy') && typeof url === 'string';
  const links = items.filter(isRead);
  if (links.length > maxLinks) throw unknownFormat();
  return {
    entries: new Map(),
    links: links.map(({ name, url }) => ({ name: textOf(name) ?? String(url), url: String(url) })),
    ignored: items
      .filter((item) => !isRead(item))
      .map(({ name, type }) => `${textOf(name) ?? 'one without a name'} (${textOf(type) ?? '?'})`),
  };
}

/** Older ones say `entries`. */
function fromDirectory({ meta, registry, entries = registry }: Fields): Registry {
  if (!isFields(entries)) throw unknownFormat();
  const found = fromEntries(
    Object.entries(entries).map(([id, entry]) => [id, isFields(entry) ? entry.name : undefined]),
  );
  const name = isFields(meta) ? textOf(meta.name) : undefined;
  return name === undefined ? found : { ...found, name };
}

function fromEntries(entries: readonly (readonly [id: string, name: unknown])[]): Registry {
  if (entries.length > maxEntries) throw unknownFormat();
  if (!entries.every(([id]) => id.length <= maxText && issuerId.test(id))) throw unknownFormat();
  return {
    entries: new Map(entries.map(([id, name]) => [id, textOf(name)])),
    links: [],
    ignored: [],
  };
}

function parseJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unknownFormat();
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().slice(0, 200) : '';
  return text === '' ? undefined : text;
}

function unknownFormat() {
  return invalid(
    'registry.unknown_format',
    'This is no registry of issuers: neither lines with a DID each, nor a JSON array of DIDs, nor a registry or list ' +
      'of registries of the Digital Credentials Consortium.',
  );
}
