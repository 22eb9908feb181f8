import { setTimeout as sleep } from 'node:timers/promises';
import type { AwardImportReport } from '../src/services/awards/award-imports.ts';
import type { Api } from '../test/support/api.ts';
import { importStandards, publishAchievement } from '../test/support/first-badge.ts';
import { casePackage, item } from '../test/support/standards.ts';
import { atMost, show, type Subject, type Tell } from './harness.ts';
import { withServer } from './server.ts';

const learners = 1_000;
const achievements = 10;
const rows = learners * achievements;
const atOnce = 20;

async function makeSheet(owner: Api, tell: Tell): Promise<Blob> {
  const document = casePackage({ items: [item(1, { fullStatement: 'Adds fractions' })] });
  const { standards } = await importStandards(owner, JSON.stringify(document));
  const ids: string[] = [];
  for (let n = 0; n < achievements; n += 1)
    ids.push((await publishAchievement(owner, standards)).id);
  const emails = Array.from({ length: learners }, (_, n) => `learner-${n}@school.example`);
  for (let n = 0; n < learners; n += atOnce) {
    tell(`learner ${n} of ${learners}`);
    const add = (email: string) =>
      owner.call('POST', '/people', { name: 'Ada Example', email, roles: ['learner'] });
    await Promise.all(emails.slice(n, n + atOnce).map(add));
  }
  const lines = emails.flatMap((email) =>
    ids.map((id) => `${email},${id},"Two ways, with a drawing.",Proficient`),
  );
  const header = 'learner,achievement,narrative,criterion: Reasoning';
  return new Blob([[header, ...lines].join('\n')], { type: 'text/csv' });
}

async function send(owner: Api, sheet: Blob, query = '') {
  const start = performance.now();
  const report = await owner.call<AwardImportReport>('POST', `/awards/import${query}`, sheet);
  return { seconds: (performance.now() - start) / 1_000, report };
}

async function untilIssued(owner: Api, tell: Tell): Promise<void> {
  tell(`${rows} credentials are signed`);
  for (const state of ['requested', 'queued', 'signing']) {
    const listSome = () =>
      owner.call<{ items: unknown[] }>('GET', `/issuances?limit=1&state=${state}`);
    while ((await listSome()).items.length > 0) await sleep(200);
  }
}

export const awardImport: Subject = {
  title: 'Import of awards',
  about: `A sheet of ${rows} rows (${learners} learners, ${achievements} achievements, narrative and one result) through \`POST /awards/import\`, from sending to the answer, on embedded defaults, where the same process signs meanwhile.`,
  run: (tell) =>
    withServer(async ({ owner, memory }) => {
      const sheet = await makeSheet(owner, tell);
      tell('dry run');
      const before = (await memory()) ?? Number.NaN;
      const dry = await send(owner, sheet, '?dryRun=true');
      tell('import');
      const start = performance.now();
      const first = await send(owner, sheet);
      if (first.report.awarded !== rows) throw new Error('not every row was awarded');
      const after = (await memory()) ?? Number.NaN;
      await untilIssued(owner, tell);
      const seconds = (performance.now() - start) / 1_000;
      const again = await send(owner, sheet);
      return [
        { what: `dry run of ${rows} rows`, value: `${show(dry.seconds)} s` },
        {
          what: `${rows} awards in the outbox`,
          goal: atMost(60, first.seconds, 's'),
          value: `${show(first.seconds)} s (${show(rows / first.seconds)} rows/s)`,
        },
        { what: 'until every credential is issued', value: `${show(seconds)} s` },
        { what: 'the same sheet again (all held already)', value: `${show(again.seconds)} s` },
        { what: 'memory (RSS) before and after', value: `${show(before)} and ${show(after)} MB` },
      ];
    }),
};
