import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export type ErasureLog = ReturnType<typeof createErasureLog>;

/** Lines that are only ever added, outside of the store: a restore of an older store does not bring anybody back. */
export function createErasureLog(file: string) {
  return { append, read };

  /** Waits until it is really on disk. A line that was cut short before does not spoil this one. */
  async function append(line: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a+', 0o600);
    try {
      const { size } = await handle.stat();
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
      const isOpen = size > 0 && buffer.toString() !== '\n';
      await handle.appendFile(`${isOpen ? '\n' : ''}${line}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const folder = await open(dirname(file), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** Empty when nobody was ever erased. */
  async function read(): Promise<string> {
    return readFile(file, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    });
  }
}
