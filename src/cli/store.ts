import type { Command } from 'commander';
import { copyStore } from '../compose/store-copy.ts';
import { isQuiet, startProgress, type Progress } from './progress.ts';
import { formatTable, openSettings, report } from './run.ts';

export function addStoreCommands(program: Command): void {
  program
    .command('store')
    .description('where everything is kept')
    .command('copy')
    .requiredOption('--to <place>', 'embedded:FOLDER, or an address that starts with mongodb://')
    .option('--from <place>', 'likewise; without it the store of the settings')
    .option('--force', 'replace what is there')
    .description('copy every document to another store; Cairn has to be stopped')
    .action(async (options: Flags, command: Command) => {
      let bar: Progress | undefined;
      const copied = await copyStore(
        openSettings(),
        { from: options.from, to: options.to, force: options.force === true },
        (done, total) => {
          bar ??= startProgress('copying', total, { quiet: isQuiet(command) });
          bar.to(done);
        },
      );
      bar?.end();
      const rows = [...copied].map(([collection, tally]) => ({ collection, ...tally }));
      const text = [
        formatTable([
          ['COLLECTION', 'DOCUMENTS', 'SHA-256'],
          ...rows.map((row) => [row.collection, String(row.documents), row.sha256]),
        ]),
        'Copied, read back and found the same. Files and the key file stay in the data folder.',
        'What was copied is still where it was. Delete it (store.db and what begins with that name) when all is well: who is erased from now on stays in it.',
        'Set MONGODB_URI (or take it away) before Cairn is started again; nothing writes to both.',
      ].join('\n');
      report(command, { value: rows, text });
    });
}

interface Flags {
  readonly from?: string;
  readonly to: string;
  readonly force?: boolean;
}
