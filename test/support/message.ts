/** A message as a mail program reads it. */
export interface Message {
  /** Whom the envelope names. */
  readonly to: string;
  readonly raw: string;
  /** By lower-case name, unfolded and decoded. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** By content type. */
  readonly parts: Readonly<Record<string, string>>;
}

export function parseMessage(to: string, raw: string): Message {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type']?.[0] ?? '')?.[1];
  const pieces = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1);
  const parts = pieces.map((piece) => {
    const part = split(piece.replace(/^\r\n/, ''));
    const [type = ''] = part.headers['content-type'] ?? [];
    const [encoding = ''] = part.headers['content-transfer-encoding'] ?? [];
    return [type.split(';')[0] ?? '', decode(part.body, encoding).replaceAll('\r\n', '\n').trim()];
  });
  return { to, raw, headers, parts: Object.fromEntries(parts) as Record<string, string> };
}

function split(raw: string) {
  const end = raw.indexOf('\r\n\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    (headers[name.toLowerCase()] ??= []).push(decodeWords(value));
  }
  return { headers, body: raw.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return decodeQuoted(body.replaceAll('=\r\n', ''));
  return Buffer.from(body, 'latin1').toString('utf8');
}

function decodeQuoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** RFC 2047. */
function decodeWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : decodeQuoted(word.replaceAll('_', ' ')),
    );
}
