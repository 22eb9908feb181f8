import { setTimeout as sleep } from 'node:timers/promises';
import type { AwardImportReport } from '../../src/services/awards/award-imports.ts';
import { adminKey } from '../support/process.ts';
import { createClient } from './client.ts';
import { tell } from './figures.ts';
import { expectOneOfEach } from './outcome.ts';
import { describeOnEachQueue } from './queues.ts';
import { asSheet, makeSheet } from './sheet.ts';
import { pick, seed } from './size.ts';
import { openWorld, type World } from './world.ts';

// R01 for sheets: whoever dies during an import, the same sheet sent until it is answered awards each row once.

const points = ['import.judged', 'import.written', 'import.audited'] as const;
const learners = pick(60, 250);
const achievements = pick(5, 8);
const rows = learners * achievements;

describeOnEachQueue((queue) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ queue, seed });
  });
  afterAll(async () => {
    await world.close();
  });

  it(`R01 kill -9 at ${points.length} points of an import of ${rows} rows`, async () => {
    let total = 0;
    let sent = 0;
    const killsBefore = world.fleet.kills();
    for (const point of points) {
      const sheet = asSheet(await makeSheet(world, { learners, achievements }));
      await world.setFaults({ web: `${point}:0.5`, worker: 'issuance.signed:0.002' });
      const client = createClient(world.bases, adminKey);
      for (let report: AwardImportReport | undefined; report === undefined;) {
        const answer = await client.send<AwardImportReport>('POST', '/awards/import', sheet);
        sent += 1;
        if (answer === undefined || answer.status === 503) await sleep(200);
        else if (answer.status === 200) report = answer.body;
        else throw new Error(`the import answered ${answer.status} ${JSON.stringify(answer.body)}`);
        if (report !== undefined) {
          expect(report.awarded + report.alreadyAwarded).toBe(rows);
          expect(report.failed).toBe(0);
        }
      }
      total += rows;
      await world.setFaults();
      await world.settled(total, 600_000);
    }
    await expectOneOfEach(world, [], { earlier: total, sample: 200 });
    tell(
      `R01 import ${queue}`,
      `${total} rows in ${points.length} sheets, sent ${sent} times in all, ${world.fleet.kills() - killsBefore} kills; ${total} credentials, 0 lost, 0 double`,
    );
  });
});
