import { assertBakeable, assertSearchable, brokenImage, maxCredentialBytes } from './limits.ts';
import { xmlTokens, type XmlToken } from './xml.ts';

// Open Badges 3.0 §5.3.2. The namespace has no "/spec" in its path.
const namespace = 'https://purl.imsglobal.org/ob/v3p0';
const today: Kind = {
  namespaces: [namespace, 'https://purl.imsglobal.org/clr/v2p0'],
  element: 'credential',
};
/** Open Badges 1 and 2. */
const older: Kind = { namespaces: ['http://openbadges.org'], element: 'assertion' };
const declaration = `xmlns:openbadges="${namespace}"`;

interface Kind {
  readonly namespaces: readonly string[];
  readonly element: string;
}

interface Element {
  readonly open: XmlToken;
  readonly end: number;
  readonly text: string;
}

/** Whether the text begins like an SVG document. */
export function isSvg(text: string): boolean {
  return /^\uFEFF?\s*<(?:\?xml|!--|!DOCTYPE\s+svg|svg[\s>/]|[\w-]+:svg[\s>/])/i.test(
    text.slice(0, 300),
  );
}

/** Puts the signed JSON text or the compact JWS into the picture; an earlier one is replaced. */
export function bakeSvg(image: string, credential: string): string {
  assertBakeable(image, credential);
  const clean = withoutCredential(image);
  const root = rootOf(clean);
  const tag = clean.slice(root.start, root.selfClosing ? root.end - 2 : root.end - 1);
  const bound = root.attributes.get('xmlns:openbadges');
  if (bound !== undefined && bound !== namespace) {
    throw brokenImage('The SVG picture uses the name "openbadges" for something else.');
  }
  const declared = bound === undefined ? `${tag} ${declaration}` : tag;
  const close = root.selfClosing ? `</${root.name}>` : '';
  const head = clean.slice(0, root.start);
  return `${head}${declared}>${credentialElement(credential)}${close}${clean.slice(root.end)}`;
}

/**
 * The credential in the picture (signed JSON text or compact JWS), or undefined when there is none. A badge of an
 * older kind (its assertion, signature or address) is only looked for when there is none of today's.
 */
export function unbakeSvg(image: string): string | undefined {
  assertSearchable(image);
  const [element] = credentialElements(image);
  const [assertion] = element ? [] : credentialElements(image, older);
  const credential = element
    ? (element.open.attributes.get('verify') ?? element.text.trim())
    : olderText(assertion);
  if (Buffer.byteLength(credential) > maxCredentialBytes) {
    throw brokenImage('The credential in the picture is too large.');
  }
  return credential === '' ? undefined : credential;
}

/** Beside an assertion `verify` is only its address. */
function olderText(assertion: Element | undefined): string {
  const body = assertion?.text.trim() ?? '';
  return body === '' ? (assertion?.open.attributes.get('verify') ?? '') : body;
}

function credentialElement(credential: string): string {
  if (/^[\w-]+\.[\w-]*\.[\w-]+$/.test(credential)) {
    return `<openbadges:credential verify="${credential}"/>`;
  }
  // In JSON a ">" stands in strings only, where it may be written as an escape.
  const text = credential.replaceAll(']]>', ']]\\u003e');
  return `<openbadges:credential><![CDATA[${text}]]></openbadges:credential>`;
}

function withoutCredential(image: string): string {
  let clean = image;
  for (const { open, end } of credentialElements(image).reverse()) {
    clean = clean.slice(0, open.start) + clean.slice(end);
  }
  return clean;
}

function rootOf(image: string): XmlToken {
  for (const token of xmlTokens(image)) {
    if (token.kind !== 'open') continue;
    if (token.name === 'svg' || token.name.endsWith(':svg')) return token;
    break;
  }
  throw brokenImage('This is not an SVG picture.');
}

/** Every such element of the namespace, whatever its prefix. */
function credentialElements(image: string, kind = today): Element[] {
  const prefixes = new Set<string>();
  const found: Element[] = [];
  let inside: { open: XmlToken; text: string } | undefined;
  for (const token of xmlTokens(image)) {
    if (inside) {
      inside.text += token.text;
      if (token.kind === 'close' && token.name === inside.open.name) {
        found.push({ ...inside, end: token.end });
        inside = undefined;
      }
    } else if (token.kind === 'open') {
      collectPrefixes(token, kind, prefixes);
      if (!isOfKind(token, kind, prefixes)) continue;
      if (token.selfClosing) found.push({ open: token, end: token.end, text: '' });
      else inside = { open: token, text: '' };
    }
  }
  if (inside) throw brokenImage('The SVG picture is cut off.');
  return found;
}

function collectPrefixes(token: XmlToken, kind: Kind, prefixes: Set<string>): void {
  for (const [name, value] of token.attributes) {
    if (name.startsWith('xmlns:') && kind.namespaces.includes(value)) {
      prefixes.add(name.slice('xmlns:'.length));
    }
  }
}

function isOfKind(token: XmlToken, kind: Kind, prefixes: Set<string>): boolean {
  const [prefix = '', local] = token.name.split(':');
  return local === kind.element && prefixes.has(prefix);
}
