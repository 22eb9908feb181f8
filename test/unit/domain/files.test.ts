import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  cleanFileName,
  decideFileType,
  mayHandInFile,
  mayReadFile,
  type StoredFile,
} from '../../../src/domain/files.ts';
import { inspectFile } from '../../../src/services/submissions/file-findings.ts';
import { buildActor, someTime } from '../../support/submissions.ts';

const office = 'application/vnd.openxmlformats-officedocument';
const contentTypes = (type: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`;

/** A ZIP archive of stored entries: what office documents are. */
function zip(entries: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(entries).map(([name, text]) => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(crc32(text), 14);
    header.writeUInt32LE(Buffer.byteLength(text), 18);
    header.writeUInt32LE(Buffer.byteLength(text), 22);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    return Buffer.concat([header, Buffer.from(name + text)]);
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  return Buffer.concat([...parts, end]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function typeOf(name: string, content: Buffer | string): Promise<string> {
  const path = join(folder, 'file');
  await writeFile(path, content);
  try {
    return decideFileType(name, await inspectFile(path));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const refused = 'file.type_not_allowed';
const docx = `${office}.wordprocessingml.document`;

describe('the type of a file', () => {
  it.each([
    ['GIF', Buffer.from('GIF89a/*\0\0*/=1;alert(1)', 'latin1'), 'image/gif'],
    ['JPEG', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), 'image/jpeg'],
    ['WebP', Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
    ['PDF', '%PDF-1.7\n', 'application/pdf'],
    ['MP3', Buffer.from('fffb90640000000000000000', 'hex'), 'audio/mpeg'],
    ['WAV', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), 'audio/wav'],
    ['MP4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isomiso2', 'latin1'), 'video/mp4'],
    [
      'DOCX',
      zip({ '[Content_Types].xml': contentTypes(`${docx}.main+xml`), 'word/document.xml': '<w/>' }),
      docx,
    ],
    [
      'DOCX with macros',
      zip({
        '[Content_Types].xml': contentTypes(
          'application/vnd.ms-word.document.macroEnabled.main+xml',
        ),
      }),
      refused,
    ],
    [
      'ODT',
      zip({ mimetype: 'application/vnd.oasis.opendocument.text' }),
      'application/vnd.oasis.opendocument.text',
    ],
    ['a Java archive', zip({ 'META-INF/MANIFEST.MF': 'Main-Class: x' }), refused],
    ['a bare ZIP', zip({ 'a.txt': 'x' }), refused],
    [
      'a PNG without its first chunk',
      Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\0IDAT<html>', 'latin1'),
      refused,
    ],
    ['an XML document', '<?xml version="1.0"?><x/>', refused],
    ['nothing known', Buffer.from([0, 1, 2]), refused],
  ])('%s', async (_what, content, expected) => {
    expect(await typeOf('whatever.bin', content)).toBe(expected);
  });

  it.each([
    ['a.txt', 'a < b', 'text/plain'],
    ['a.csv', 'caf\xe9;1', 'text/csv'],
    ['a.markdown', 'See <b>this</b>.', 'text/markdown'],
    ['a.md', '  <script>alert(1)</script>', refused],
    ['a.txt', '\n<!-- x --><html>', refused],
    ['a.txt', '#!/usr/bin/env node', refused],
    ['a.txt', 'a\0b', refused],
    ['a.txt', `${'a'.repeat(200_000)}\x01`, refused],
    ['a.html', 'plain words', refused],
    ['a', 'plain words', refused],
  ])('%s: %j', async (name, text, expected) => {
    expect(await typeOf(name, Buffer.from(text, 'latin1'))).toBe(expected);
  });
});

describe('the name of a file', () => {
  it.each([
    ['report.pdf', 'application/pdf', 'report.pdf'],
    ['report', 'application/pdf', 'report.pdf'],
    ['report.exe', 'application/pdf', 'report.exe.pdf'],
    ['photo.JPEG', 'image/jpeg', 'photo.jpeg'],
    ['C:\\work\\plan.txt', 'text/plain', 'plan.txt'],
    ['../../.bashrc', 'text/plain', 'bashrc.txt'],
    ['a"b\r\nSet-Cookie: x.txt', 'text/plain', 'abSet-Cookie x.txt'],
    ['\u202Efdp.txt', 'text/plain', 'fdp.txt'],
    ['', 'text/plain', 'file.txt'],
    ['...', 'text/plain', 'file.txt'],
    ['.txt', 'text/plain', 'txt.txt'],
    [`${'🎓'.repeat(300)}.txt`, 'text/plain', `${'🎓'.repeat(120)}.txt`],
  ])('%j as %s: %j', (name, type, expected) => {
    expect(cleanFileName(name, type)).toBe(expected);
  });
});

describe('who', () => {
  const file: StoredFile = {
    id: 'file',
    organization: 'school',
    owner: 'owner',
    name: 'a.txt',
    type: 'text/plain',
    size: 1,
    sha256: '',
    createdAt: someTime,
  };
  const forAda = { ...file, learner: 'ada' };

  it('reads: the owner, the learner whose evidence it is, reviewers', () => {
    expect(mayReadFile(buildActor('learner', { id: 'owner' }), file)).toBe(true);
    expect(mayReadFile(buildActor('learner', { id: 'ada' }), file)).toBe(false);
    expect(mayReadFile(buildActor('learner', { id: 'ada' }), forAda)).toBe(true);
    expect(mayReadFile(buildActor('teacher'), file)).toBe(true);
    expect(mayReadFile(buildActor('guardian'), file)).toBe(false);
  });

  it('hands in: the learner’s own files, and what the actor uploaded for nobody else', () => {
    const teacher = buildActor('teacher', { id: 'owner' });
    expect(mayHandInFile(teacher, 'ada', file)).toBe(true);
    expect(mayHandInFile(teacher, 'ada', forAda)).toBe(true);
    expect(mayHandInFile(teacher, 'ben', forAda)).toBe(false);
    expect(mayHandInFile(buildActor('teacher'), 'ada', file)).toBe(false);
    expect(mayHandInFile(buildActor('teacher'), 'owner', file)).toBe(true);
  });
});
