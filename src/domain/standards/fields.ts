import type { Warnings } from './warnings.ts';

export type Raw = Readonly<Record<string, unknown>>;

/** Control characters other than tab and line ends, and halves of characters: some verifiers refuse to read them. */
const unreadable = /[^\P{Cc}\t\n\r]|\p{Cs}/gu;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stripUnreadable(text: string): string {
  return text.replace(unreadable, '');
}

export type Fields = ReturnType<typeof readFields>;

/**
 * Reads the members of one object of a CASE package, leniently: what is missing or of another type is absent, and a
 * warning tells what was made of it.
 */
export function readFields(raw: Raw, path: string, warnings: Warnings) {
  const identifier = typeof raw.identifier === 'string' ? stripUnreadable(raw.identifier) : '';

  return { raw, path, warn, text, texts, number, checkDate };

  function warn(code: string, field: string, message: string): void {
    const where = field === '' ? path : `${path}.${field}`;
    warnings.add({ code, path: where, ...(identifier === '' ? {} : { identifier }), message });
  }

  /** Verbatim but for unreadable characters; blank text counts as absent. */
  function text(field: string): string | undefined {
    const value = raw[field];
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') {
      if (value !== undefined && value !== null)
        warn('field.not_text', field, `"${field}" is not text; it was left out.`);
      return undefined;
    }
    const clean = stripUnreadable(value);
    if (clean !== value)
      warn('text.control_characters', field, 'Characters that cannot be shown were taken out.');
    return clean.trim() === '' ? undefined : clean;
  }

  function texts(field: string): readonly string[] {
    const value = raw[field];
    if (typeof value === 'string') {
      warn('field.not_list', field, `"${field}" is one text instead of a list.`);
      return splitList(stripUnreadable(value));
    }
    if (!Array.isArray(value)) return [];
    return value
      .filter((entry) => typeof entry === 'string' || typeof entry === 'number')
      .map((entry) => stripUnreadable(String(entry)).trim())
      .filter((entry) => entry !== '');
  }

  function number(field: string): number | undefined {
    const value = raw[field];
    if (value === undefined || value === null || value === '') return undefined;
    const parsed = typeof value === 'string' ? Number(value) : value;
    if (typeof parsed !== 'number' || !Number.isFinite(parsed) || Math.abs(parsed) > 1e9) {
      warn('field.not_number', field, `"${field}" is not a number that can be used.`);
      return undefined;
    }
    if (parsed !== value)
      warn('number.as_text', field, `"${field}" is a number written as text; it was read as one.`);
    return parsed;
  }

  /** CASE §6.2: lastChangeDateTime is required, with a time zone. Nothing here depends on it. */
  function checkDate(): void {
    const value = raw.lastChangeDateTime;
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) {
      warn('date.missing', 'lastChangeDateTime', 'The date of the last change is missing.');
    } else if (!/(Z|[+-]\d\d:?\d\d)$/i.test(value)) {
      warn('date.no_zone', 'lastChangeDateTime', 'The date of the last change has no time zone.');
    }
  }
}

/** `09; 10, 11` as people write lists into one cell. */
export function splitList(text: string): readonly string[] {
  return text
    .split(/[;,|]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

// CASE 1.1 §6.2: lower-case hex, version 1 to 5.
const caseIdentifier = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function checkIdentifier(identifier: string, fields: Fields): void {
  if (caseIdentifier.test(identifier)) return;
  fields.warn(
    'identifier.not_uuid',
    'identifier',
    'The identifier is not a UUID as CASE wants it; it is kept as it is.',
  );
}

const webAddress = /^(https?:\/\/[^\s<>"]+|urn:[^\s<>"]+)$/i;

/** The uri verbatim when it is a web address or URN; otherwise our own: pages and credentials link to it. */
export function readUri(fields: Fields, own: string): string {
  const uri = fields.text('uri');
  if (uri !== undefined && uri.length <= maxUri && webAddress.test(uri)) return uri;
  fields.warn(
    'uri.unusable',
    'uri',
    'There is no web address (uri) here; an address of this site is used.',
  );
  return own;
}

const maxUri = 2_000;

/** The identifier that a LinkURI points to; some exporters write just an address or an identifier. */
export function readLink(
  fields: Fields,
  field: string,
  byUri: ReadonlyMap<string, string>,
): string | undefined {
  const link = fields.raw[field];
  if (typeof link === 'string') {
    fields.warn('link.as_text', field, `"${field}" is text instead of a link with identifier.`);
    return byUri.get(link) ?? (link === '' ? undefined : link);
  }
  if (!isRaw(link)) return undefined;
  const { identifier, uri } = link;
  if (typeof identifier === 'string' && identifier !== '') return stripUnreadable(identifier);
  return typeof uri === 'string' ? byUri.get(uri) : undefined;
}
