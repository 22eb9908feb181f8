import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Compose } from './compose-file.ts';
import { root } from './root.ts';

const readPage = () => readFileSync(join(root, 'docs/operations.md'), 'utf8');

/** The compose.override.yaml that it shows for letters by mail. */
export function readMailOverride(): Compose {
  const [, text = ''] = /\n```yaml\n(services:\n {2}worker:\n[^]*?)```/.exec(readPage()) ?? [];
  return parse(text) as Compose;
}

/** What docs/operations.md promises: events with their fields, and metrics. */
export function readOperationsPage() {
  const page = readPage();
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const wordsOf = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  const events = new Map<string, readonly string[]>();
  for (const cells of rows.map((row) => row.split('|').slice(1, -1))) {
    const names = wordsOf(cells[0]).filter((word) => /^[a-z-]+\.[a-z-]+$/.test(word));
    const fields = cells.length === 1 ? ['organization', 'actor', 'subject'] : wordsOf(cells[1]);
    for (const name of names) events.set(name, fields);
  }
  const metrics = new Set([...page.matchAll(/`(cairn_\w+)`/g)].map(([, name = '']) => name));
  return { events, metrics };
}
