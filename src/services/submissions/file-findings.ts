import { open } from 'node:fs/promises';
import type { FileFindings } from '../../domain/files.ts';

const headBytes = 1_024;

/** Looks at the bytes of a file on disk. */
export async function inspectFile(path: string): Promise<FileFindings> {
  const [signature, { isText, head }] = await Promise.all([detect(path), readText(path)]);
  return { signature, isText, head };
}

/** A file that breaks off where its format says more should come has no type. */
async function detect(path: string): Promise<string | undefined> {
  const { fileTypeFromFile } = await import('file-type');
  try {
    return (await fileTypeFromFile(path))?.mime;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<{ isText: boolean; head: Uint8Array }> {
  const file = await open(path, 'r');
  let head: Buffer | undefined;
  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    head ??= chunk.subarray(0, headBytes);
    if (chunk.some(isControl)) return { isText: false, head };
  }
  return { isText: true, head: head ?? Buffer.alloc(0) };
}

/** Control codes that no text holds: all but tab, line ends and form feed. */
function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) || byte === 0x7f;
}
