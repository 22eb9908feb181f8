import { compose, type Cairn } from '../../src/compose/compose.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

const minute = 60_000;

/** What a server dates and signs while its clock is wrong, nobody could set right: it does neither. */
describe('R07: a clock that is not the one of the store', () => {
  let web: TestCairn;
  let worker: Cairn;
  let school: School;
  let achievement: PublishedAchievement;
  /** How far the store's clock is ahead of that of each process. */
  const aheadMs = { web: 0, worker: 0 };
  const storeTime = (process: keyof typeof aheadMs) => () =>
    Promise.resolve(new Date(Date.now() + aheadMs[process]));

  beforeAll(async () => {
    web = await startCairn({ storeTime: storeTime('web') });
    worker = await compose(web.cairn.settings, { log: silentLog, storeTime: storeTime('worker') });
    school = await openSchool(web);
    achievement = await school.publish();
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await web.close();
  });

  async function award(learner: string) {
    const answer = await school.call('post', '/awards').send({
      learner,
      achievement: achievement.id,
      narrative: 'Seen in class.',
      results: resultsAt(achievement, 1),
    });
    return { status: answer.status, ...(answer.body as { id: string; code?: string }) };
  }
  const issuance = async (id: string) =>
    (await school.call('get', `/issuances/${id}`)).body as {
      state: string;
      attempts: number;
      credential?: string;
    };

  it('dates nothing, and says why; then everything is as before', async () => {
    const learner = await web.as('learner');

    for (const ahead of [61_000, 10 * minute, -61_000, -24 * 60 * minute]) {
      aheadMs.web = ahead;
      expect(await award(learner.id)).toMatchObject({ status: 503, code: 'clock.wrong' });
    }
    aheadMs.web = 50_000;

    expect(await award(learner.id)).toMatchObject({ status: 202 });
  });

  it('signs nothing, and counts no attempt; another look, another worker', async () => {
    const { id: learner } = await web.as('learner');
    const { id } = await award(learner);

    aheadMs.worker = -10 * minute;
    await expect(worker.services.issuances.process(id)).rejects.toMatchObject({
      code: 'clock.wrong',
    });
    expect(await issuance(id)).toMatchObject({ state: 'requested', attempts: 0 });

    aheadMs.worker = 0;
    await worker.services.issuances.process(id);

    const { state, credential = '' } = await issuance(id);
    expect(state).toBe('issued');
    const { organizations, credentials } = web.cairn.storage.stores;
    const [{ id: organization } = { id: '' }] = await organizations.list();
    const stored = await credentials.find(scopeOf({ organization }), credential);
    const { validFrom } = JSON.parse(stored?.document ?? '{}') as { validFrom: string };
    expect(Math.abs(Date.parse(validFrom) - Date.now())).toBeLessThan(5 * minute);
  });
});
