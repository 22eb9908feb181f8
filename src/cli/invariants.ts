import { InvalidArgumentError, type Command } from 'commander';
import type { Invariant } from '../services/invariants/notes.ts';
import { isQuiet, startProgress, type Progress } from './progress.ts';
import { report, withCairn } from './run.ts';

/** `cairn doctor --invariants`: reads the whole store and says whether what must be so is so. */
export async function examineInvariants(command: Command, sample?: number): Promise<void> {
  const started = performance.now();
  let progress: Progress | undefined;
  const onVerified = (done: number, total: number) => {
    progress ??= startProgress('verifying', total, { quiet: isQuiet(command) });
    progress.to(done);
  };
  const invariants = await withCairn(({ services }) =>
    services.invariants.examine({ sample, onVerified }),
  );
  progress?.end();
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const failed = invariants.some(({ ok }) => !ok);
  const text = [...invariants.map(describe), `looked at in ${seconds} s`].join('\n');
  report(command, { value: { ok: !failed, seconds, invariants }, text, failed });
}

function describe({ id, ok, what, counts, faults, faultCount }: Invariant): string {
  const counted = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const more = faultCount - faults.length;
  return [
    `${ok ? 'ok   ' : 'WRONG'}  ${id}  ${what}`,
    ...(counted.length === 0 ? [] : [`           ${counted.join(', ')}`]),
    ...faults.map((fault) => `           - ${fault}`),
    ...(more > 0 ? [`           - and ${more} more`] : []),
  ].join('\n');
}

/** How many credentials to verify. */
export function parseSample(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
