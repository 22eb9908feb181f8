import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** Absolute path of a file that others published and that is not part of this repository. */
export function sharedData(path: string): string {
  return root + path;
}

export function readSharedJson(path: string): unknown {
  return JSON.parse(readFileSync(sharedData(path), 'utf8'));
}

/** Like `describe`, and skipped by name where the published data is not at hand. */
export function describeWithSharedData(name: string, suite: () => void): void {
  if (existsSync(root)) describe(name, suite);
  else describe.skip(`${name} (needs ../shared/data)`, suite);
}
