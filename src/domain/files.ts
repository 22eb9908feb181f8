import { invalid, ServiceError } from '../shared/errors.ts';
import { can, type Actor } from './roles.ts';

/** A file that somebody handed in. Its bytes lie in the blob store under the same id. */
export interface StoredFile {
  readonly id: string;
  readonly organization: string;
  /** Who uploaded it. */
  readonly owner: string;
  /** Whose evidence it is, where somebody else uploaded it. */
  readonly learner?: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
  readonly createdAt: Date;
}

/** What a look at the bytes of a file found. */
export interface FileFindings {
  /** The type that the first bytes tell; undefined when they tell none. */
  readonly signature?: string | undefined;
  /** No bytes but those of text. */
  readonly isText: boolean;
  /** The first bytes, a kilobyte or so. */
  readonly head: Uint8Array;
}

const office = 'application/vnd.openxmlformats-officedocument';

/** What may be handed in: the type, and the endings of names that go with it, the usual one first. */
const signedTypes: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/webp': ['webp'],
  'image/gif': ['gif'],
  'application/pdf': ['pdf'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['wav'],
  'audio/x-m4a': ['m4a'],
  'video/mp4': ['mp4', 'm4v'],
  'video/webm': ['webm'],
  [`${office}.wordprocessingml.document`]: ['docx'],
  [`${office}.spreadsheetml.sheet`]: ['xlsx'],
  [`${office}.presentationml.presentation`]: ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
};

/** Text has no signature, so its name decides, and only where nothing in it looks like a page or a program. */
const textTypes: Readonly<Record<string, readonly string[]>> = {
  'text/plain': ['txt'],
  'text/csv': ['csv'],
  'text/markdown': ['md', 'markdown'],
};

/** How browsers recognize a page (WHATWG MIME Sniffing, section 7.1), and how systems recognize a script. */
const markup =
  /^[\uFEFF\s]*(#!|<[!?%/]|<(!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|math|object|embed|link|meta|img)[\s/>])/i;

/**
 * The type under which a file is kept and served: what its bytes say, never what its sender says.
 * @throws ServiceError `file.type_not_allowed`
 */
export function decideFileType(name: string, findings: FileFindings): string {
  const { signature, isText, head } = findings;
  if (
    signature !== undefined &&
    Object.hasOwn(signedTypes, signature) &&
    isWhole(signature, head)
  ) {
    return signature;
  }
  const [text] =
    Object.entries(textTypes).find(([, endings]) => endings.includes(endingOf(name))) ?? [];
  if (text !== undefined && isText && !markup.test(Buffer.from(head).toString('utf8'))) return text;
  throw invalid(
    'file.type_not_allowed',
    'Files of this type cannot be handed in. Pictures, PDF, sound, video, office documents and plain text can.',
  );
}

/** A PNG starts with its IHDR chunk of 13 bytes (PNG, section 5.6); a signature alone is easily put before anything. */
function isWhole(type: string, head: Uint8Array): boolean {
  if (type !== 'image/png') return true;
  return Buffer.from(head.subarray(8, 16)).equals(Buffer.from('\0\0\0\rIHDR', 'latin1'));
}

/**
 * A name that is safe to save under: no path, no control or direction characters, not hidden, and an ending that
 * goes with the type, so that no system opens it as something else.
 */
export function cleanFileName(name: string, type: string): string {
  const endings = { ...signedTypes, ...textTypes }[type] ?? [];
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const ending = endingOf(clean);
  const known = endings.includes(ending);
  const stem = known ? clean.slice(0, -ending.length - 1) : clean;
  const short = Array.from(stem).slice(0, 120).join('').trim();
  return `${short === '' ? 'file' : short}.${known ? ending : (endings[0] ?? 'bin')}`;
}

function endingOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Whoever uploaded it, whose evidence it is, and those who review. */
export function mayReadFile(actor: Actor, { owner, learner }: StoredFile): boolean {
  return actor.id === owner || actor.id === learner || can(actor, 'submissions.review');
}

/** What strangers are told of any evidence, whether it exists or not. */
export function evidenceIsPrivate(): ServiceError {
  return new ServiceError(
    'not-found',
    'evidence.private',
    'Evidence is kept by the school and shown only where its learner shares it.',
  );
}

/** A learner's evidence is the learner's own files, or what staff uploaded for nobody else. */
export function mayHandInFile(actor: Actor, of: string, { owner, learner }: StoredFile): boolean {
  return owner === of || learner === of || (owner === actor.id && learner === undefined);
}
