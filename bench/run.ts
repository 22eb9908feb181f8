// Measures Cairn: `npm run bench [-- SUBJECT… --write]`. Without subjects: all of them.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { approval } from './approval.ts';
import { awardImport } from './award-import.ts';
import { backup } from './backup.ts';
import { baking } from './baking.ts';
import { caseImport } from './case-import.ts';
import type { Subject, Tell } from './harness.ts';
import { issuing } from './issuing.ts';
import { progress } from './progress.ts';
import { redecision } from './redecision.ts';
import { pageOf, tableOf, type Measured } from './report.ts';
import { startup } from './startup.ts';
import { statusList } from './status-list.ts';
import { store } from './store.ts';
import { verifying } from './verifying.ts';

const subjects: Readonly<Record<string, Subject>> = {
  startup,
  approval,
  issuing,
  verifying,
  'case-import': caseImport,
  'award-import': awardImport,
  store,
  progress,
  redecision,
  'status-list': statusList,
  baking,
  backup,
};

/** One line that is written over and over on a terminal; nothing elsewhere. */
function progressOf(place: string, title: string): Tell {
  return (doing) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K[${place}] ${title}: ${doing}`);
  };
}

async function measure(chosen: readonly Subject[]): Promise<readonly Measured[]> {
  const results: Measured[] = [];
  for (const [index, { title, about, run }] of chosen.entries()) {
    const tell = progressOf(`${index + 1}/${chosen.length}`, title);
    tell('begins');
    const figures = await run(tell);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    console.log(`## ${title}\n\n${tableOf(figures)}\n`);
    results.push({ title, about, figures });
  }
  return results;
}

const args = process.argv.slice(2);
const names = args.filter((arg) => arg !== '--write');
const unknown = names.filter((name) => subjects[name] === undefined);
if (unknown.length > 0 || (args.includes('--write') && names.length > 0)) {
  const known = Object.keys(subjects).join(', ');
  console.error(`Subjects are: ${known}. With --write all are measured.`);
  process.exit(1);
}
const chosen = Object.entries(subjects)
  .filter(([name]) => names.length === 0 || names.includes(name))
  .map(([, subject]) => subject);
const load = loadavg()
  .map((value) => value.toFixed(1))
  .join(' ');
const started = performance.now();
const results = await measure(chosen);
console.log(`${Math.round((performance.now() - started) / 1_000)} s; load average before: ${load}`);
if (args.includes('--write')) {
  writeFileSync(new URL('../BENCHMARKS.md', import.meta.url), await pageOf(results, load));
}
