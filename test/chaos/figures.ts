import { appendFileSync } from 'node:fs';
import { isLong, seed } from './size.ts';

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Says what was measured; CHAOS_FIGURES names a file that keeps it. */
export function tell(scenario: string, figures: string): void {
  const line = `${scenario}: ${figures}`;
  console.info(line);
  const file = process.env.CHAOS_FIGURES;
  if (file === undefined || file === '') return;
  const form = isLong ? 'long' : 'short';
  appendFileSync(
    file,
    `- ${new Date().toISOString().slice(0, 10)}, ${form}, seed ${seed}: ${line}\n`,
  );
}
