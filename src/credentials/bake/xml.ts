import { brokenImage } from './limits.ts';

/** One piece of XML markup or the text between; `start` and `end` are positions in the source. */
export interface XmlToken {
  readonly kind: 'open' | 'close' | 'text' | 'cdata' | 'other';
  readonly start: number;
  readonly end: number;
  /** Element name with its prefix, for `open` and `close`. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** What is between, for `text` (entities resolved) and `cdata`. */
  readonly text: string;
  readonly selfClosing: boolean;
}

const none: ReadonlyMap<string, string> = new Map();
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** Reads markup from left to right in linear time. No DTD is processed and no external entity is known. */
export function* xmlTokens(source: string): Generator<XmlToken> {
  let position = 0;
  while (position < source.length) {
    const token = nextToken(source, position);
    yield token;
    position = token.end;
  }
}

function nextToken(source: string, start: number): XmlToken {
  if (source[start] !== '<') {
    const next = source.indexOf('<', start);
    const end = next < 0 ? source.length : next;
    return token('text', start, end, { text: unescapeXml(source.slice(start, end)) });
  }
  if (source.startsWith('<!--', start)) return token('other', start, after(source, '-->', start));
  if (source.startsWith('<![CDATA[', start)) {
    const end = after(source, ']]>', start);
    return token('cdata', start, end, { text: source.slice(start + 9, end - 3) });
  }
  if (source.startsWith('<?', start)) return token('other', start, after(source, '?>', start));
  if (source.startsWith('<!', start)) return declaration(source, start);
  return tag(source, start);
}

/** A document type with definitions of its own has no place in a picture. */
function declaration(source: string, start: number): XmlToken {
  const end = after(source, '>', start);
  if (source.slice(start, end).includes('[')) {
    throw brokenImage('The SVG picture contains definitions that are not allowed.');
  }
  return token('other', start, end);
}

function tag(source: string, start: number): XmlToken {
  const end = tagEnd(source, start);
  const inside = source.slice(start + 1, end - 1);
  const [name = ''] = /^\/?[^\s/>"'=<]*/.exec(inside) ?? [];
  if (name.startsWith('/')) return token('close', start, end, { name: name.slice(1) });
  const attributes = new Map<string, string>();
  for (const [, key = '', double, single] of inside
    .slice(name.length)
    // A name alone matches too, so that no character is looked at from two starting points.
    .matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g)) {
    attributes.set(key, unescapeXml(double ?? single ?? ''));
  }
  return token('open', start, end, { name, attributes, selfClosing: inside.endsWith('/') });
}

/** The first `>` that is not inside an attribute value. */
function tagEnd(source: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '>') {
      return at + 1;
    }
  }
  throw brokenImage('The SVG picture is cut off.');
}

function after(source: string, mark: string, start: number): number {
  const at = source.indexOf(mark, start);
  if (at < 0) throw brokenImage('The SVG picture is cut off.');
  return at + mark.length;
}

function token(
  kind: XmlToken['kind'],
  start: number,
  end: number,
  more: Partial<XmlToken> = {},
): XmlToken {
  return { kind, start, end, name: '', attributes: none, text: '', selfClosing: false, ...more };
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, ...groups) => {
    const [decimal, hex, name] = groups as (string | undefined)[];
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
