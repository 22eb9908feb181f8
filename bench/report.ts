import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { format, resolveConfig } from 'prettier';
import type { Figure, Subject } from './harness.ts';

export interface Measured extends Pick<Subject, 'title' | 'about'> {
  readonly figures: readonly Figure[];
}

const packages = [
  '@digitalbazaar/vc',
  '@digitalbazaar/data-integrity',
  '@digitalbazaar/eddsa-rdfc-2022-cryptosuite',
  '@digitalbazaar/ed25519-multikey',
  'jsonld',
  'express',
  'mongoose',
  'sharp',
];

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A row for each figure; columns that nobody fills are left out. */
export function tableOf(figures: readonly Figure[]): string {
  const columns = (
    [
      ['', 'what'],
      ['Goal', 'goal'],
      ['Measured', 'value'],
      ['Beside', 'beside'],
    ] as const
  ).filter(([, name]) => figures.some((figure) => figure[name] !== undefined));
  return [
    row(columns.map(([head]) => head)),
    row(columns.map(() => '---')),
    ...figures.map((figure) => row(columns.map(([, name]) => figure[name] ?? ''))),
  ].join('\n');
}

function installedVersion(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function machine(): string {
  const [first, ...others] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${others.length + 1} × ${first?.model.trim() ?? 'unknown processor'}, ${memory} GB, ${process.platform} ${process.arch}`;
}

const introduction = `Written by \`npm run bench -- --write\`: do not edit. Times and rates are those of one run on one machine; ratios to a
baseline of the same run say more, to about ±15 %. “Per core” is per second of CPU time, all threads counted.`;

/** The whole page; at its end what takes too long to run here: the chaos suites and the mutation tester. */
export async function pageOf(results: readonly Measured[], load: string): Promise<string> {
  const versions = packages.map((name) => `${name} ${installedVersion(name)}`);
  const page = [
    '# Benchmarks',
    introduction,
    [
      `- Date: ${new Date().toISOString().slice(0, 10)}`,
      `- Machine: ${machine()}; load average ${load}`,
      `- Node.js ${process.versions.node}; ${versions.join(', ')}`,
    ].join('\n'),
    ...results.map(({ title, about, figures }) => `## ${title}\n\n${about}\n\n${tableOf(figures)}`),
    ...['test/chaos', 'mutation'].map((folder) =>
      readFileSync(new URL(`../${folder}/scores.md`, import.meta.url), 'utf8'),
    ),
  ].join('\n\n');
  const file = new URL('../BENCHMARKS.md', import.meta.url);
  return format(page, { ...(await resolveConfig(file)), parser: 'markdown' });
}
