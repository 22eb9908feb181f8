import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import { newId } from '../../shared/ids.ts';
import type { Note } from './finding.ts';

const oldest = [20, 19] as const;
/** The first that is still looked after. */
const supported = 22;
const megabyte = 1_000_000;

/** @throws when this Node.js is older than what Cairn is written for */
export function checkNode(version = process.versions.node): string | Note {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Error(`Node.js ${version} is too old: install ${oldest.join('.')} or newer, best 24`);
  }
  if (major >= supported) return version;
  return { note: `Node.js ${version} gets no security fixes any more; install 24` };
}

export function checkEnvironment({ environment, url }: Settings): string | Note {
  if (environment === 'production') return `production, at ${url}`;
  const { hostname } = new URL(url);
  if (hostname === 'localhost' || hostname === '127.0.0.1') return `${environment}, at ${url}`;
  return { note: `${url} is served with NODE_ENV=${environment}: set NODE_ENV=production` };
}

/** Writes and removes a file there, and looks how much room is left. */
export async function checkFolder(folder: string): Promise<string | Note> {
  const file = join(folder, `.doctor-${newId()}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, 'x', { flush: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`nothing can be written to it (CAIRN_DATA_DIR names it): ${reason}`, {
      cause: error,
    });
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
  return describeRoom(await statfs(folder));
}

/** @throws when next to nothing fits any more */
export function describeRoom(disk: {
  readonly bavail: number;
  readonly blocks: number;
  readonly bsize: number;
}): string | Note {
  const left = disk.bavail * disk.bsize;
  const percent = Math.floor((100 * disk.bavail) / Math.max(1, disk.blocks));
  const room = `${Math.floor(left / megabyte)} MB (${percent} %) of its disk are free`;
  if (left < 256 * megabyte) throw new Error(`only ${room}: make room before writing fails`);
  if (percent < 10) return { note: `only ${room}: make room soon` };
  return `can be written to; ${room}`;
}
