import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { conflict } from '../shared/errors.ts';
import { readText, report, withCairn } from './run.ts';

export function addErasureCommands(program: Command): void {
  const erasures = program.command('erasures').description('who was erased: ids and times only');
  erasures
    .command('export')
    .argument('<file>', 'where to write them, one in each line')
    .description('write down who was erased, for the replay on another installation')
    .action(async (file: string, _options: object, command: Command) => {
      const lines = await withCairn(async ({ services }) => {
        const all: string[] = [];
        for await (const line of services.erasures.exportLog()) all.push(line);
        return all;
      });
      await writeNew(file, lines.map((line) => `${line}\n`).join(''));
      const value = { file, people: lines.length };
      report(command, { value, text: `${file}: ${lines.length} erased people` });
    });
  erasures
    .command('replay')
    .argument('<file>', 'an export, or the journal of the data folder (erasures.jsonl)')
    .description('erase again whoever is named there, after a restore of an older backup')
    .action(async (file: string, _options: object, command: Command) => {
      const text = await readText(file);
      const done = await withCairn(({ services }) => services.erasures.replayLog(text));
      const { erased, known, elsewhere, unreadable } = done;
      const lines = [
        `${erased} people erased again, ${known} were gone already, ${elsewhere} of schools that are not here`,
        ...(unreadable === 0 ? [] : [`${unreadable} lines cannot be read`]),
      ];
      report(command, { value: done, text: lines.join('\n'), failed: unreadable > 0 });
    });
}

/** What is there may be the journal itself. */
async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw conflict('erasures.exists', `${file} exists already. Choose another name.`);
  });
}
