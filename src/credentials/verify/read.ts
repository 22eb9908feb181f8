import { maxCredentialBytes, maxImageBytes } from '../bake/limits.ts';
import { isPng, unbakePng } from '../bake/png.ts';
import { isSvg, unbakeSvg } from '../bake/svg.ts';
import { Problem } from './problem.ts';
import type { Json, Secured } from './types.ts';
import { isObject, typesOf } from './values.ts';

const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const webAddress = /^https?:\/\/\S{1,2000}$/;
const dataUri = /^data:application\/(?:vc\+jwt|vp\+jwt|vc-ld\+jwt|jwt|vc\+ld\+json\+jwt),(.+)$/s;
const envelopes = ['EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation'];

/** The oldest badges are a picture with nothing but the address of the badge in it. */
export interface Address {
  readonly kind: 'address';
  readonly url: string;
}

/** Whatever somebody may hold in their hands: JSON, a token, a picture with a badge in it. */
export function readHeld(input: string | Uint8Array | object): Secured | Address {
  if (input instanceof Uint8Array) return readBytes(input);
  if (typeof input === 'string') return readText(input);
  return readJson(input);
}

/** The same where an address would lead astray. */
export function readCredential(input: string | Uint8Array | object): Secured {
  const held = readHeld(input);
  if (held.kind === 'address') throw unreadable('It is only an address.');
  return held;
}

function readBytes(bytes: Uint8Array): Secured | Address {
  if (isPng(bytes)) return readBaked(() => unbakePng(bytes));
  const text = decodeUtf8(bytes);
  if (text === undefined) throw unreadable('The file is neither a PNG or SVG picture nor text.');
  return readText(text);
}

function readText(text: string): Secured | Address {
  if (isSvg(text)) return readBaked(() => unbakeSvg(text));
  return readPlainText(text);
}

function readBaked(unbake: () => string | undefined): Secured | Address {
  let text: string | undefined;
  try {
    text = unbake();
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : 'The picture is damaged.');
  }
  if (text === undefined) {
    throw new Problem(
      'format',
      'invalid',
      'NO_CREDENTIAL_IN_IMAGE',
      'The picture carries no badge.',
    );
  }
  if (webAddress.test(text.trim())) return { kind: 'address', url: text.trim() };
  return readPlainText(text);
}

function readPlainText(text: string): Secured {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed.length > maxCredentialBytes) throw tooLarge();
  if (compactJws.test(trimmed)) return readToken(trimmed);
  return readJson(parseJson(trimmed));
}

function readJson(value: unknown): Secured {
  if (typeof value === 'string') return readPlainText(value);
  if (!isObject(value)) throw unreadable('It is not a JSON object.');
  if (!typesOf(value).some((type) => envelopes.includes(type as string))) {
    return { kind: 'data-integrity', credential: value };
  }
  // VCDM 2.0 §4.13: the token stands in the id as a data: URL.
  const token = typeof value.id === 'string' ? dataUri.exec(value.id)?.[1] : undefined;
  if (token === undefined || !compactJws.test(token)) {
    throw unreadable('The envelope holds no token that can be read.');
  }
  return readToken(token);
}

function readToken(token: string): Secured {
  if (token.length > maxCredentialBytes) throw tooLarge();
  const [header = '', payload = ''] = token.split('.');
  const parsed = { header: parsePart(header), claims: parsePart(payload) };
  const { vc, vp } = parsed.claims;
  // Each reader would see the one that they look for.
  const held = [vc, vp, parsed.claims['@context'] ?? parsed.claims.credentialSubject];
  if (held.filter((each) => each !== undefined).length > 1) {
    throw unreadable('The token holds two things at once.');
  }
  const credential = vc ?? vp ?? parsed.claims;
  if (!isObject(credential)) throw unreadable('The token holds no credential.');
  return { kind: 'jwt', token, ...parsed, credential };
}

function parsePart(part: string): Json {
  const text = decodeUtf8(Buffer.from(part, 'base64url'));
  const value = text === undefined ? undefined : parseJson(text);
  if (!isObject(value)) throw unreadable('The token cannot be taken apart.');
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unreadable('It is neither JSON nor a signed token nor a picture with a badge.');
  }
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.length > maxImageBytes) throw tooLarge();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(detail: string): Problem {
  return new Problem('format', 'invalid', 'NOT_A_CREDENTIAL', detail);
}

function tooLarge(): Problem {
  return new Problem(
    'format',
    'invalid',
    'TOO_LARGE',
    'It is larger than any credential that we read.',
  );
}
