import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ImportReport } from '../src/services/frameworks/framework-imports.ts';
import { sharedData } from '../test/support/shared-data.ts';
import { atMost, median, show, type Subject } from './harness.ts';
import { withServer, type Server } from './server.ts';

const file = 'smarterbalanced-mockMATH.json';
const times = 3;

async function send({ owner }: Server, text: string) {
  const start = performance.now();
  const report = await owner.call<ImportReport>('POST', '/frameworks/import', text);
  return { seconds: (performance.now() - start) / 1_000, report };
}

export const caseImport: Subject = {
  title: 'Import of standards',
  about: `The CASE package ${file} through \`POST /frameworks/import\`, from sending to the answer, into a fresh store: median of ${times} servers. The second time nothing is left to do.`,
  async run(tell) {
    const path = sharedData(`case/${file}`);
    if (!existsSync(path)) {
      return [
        { what: file, goal: '< 2 s', value: 'skipped: the published package is not at hand' },
      ];
    }
    const text = await readFile(path, 'utf8');
    const first: number[] = [];
    const again: number[] = [];
    let created = 0;
    for (let round = 1; round <= times; round += 1) {
      tell(`import ${round} of ${times}`);
      await withServer(async (server) => {
        const imported = await send(server, text);
        created = imported.report.created;
        first.push(imported.seconds);
        again.push((await send(server, text)).seconds);
      });
    }
    return [
      {
        what: `${show(created)} standards, ${show(text.length / 1_048_576)} MB, new`,
        goal: atMost(2, median(first), 's'),
        value: `${show(median(first))} s`,
      },
      {
        what: 'the same document again',
        goal: atMost(2, median(again), 's'),
        value: `${show(median(again))} s`,
      },
    ];
  },
};
