import { randomBytes } from 'node:crypto';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import { maxAttempts, unavailableMs } from '../../src/domain/awards.ts';
import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { createIssuanceService } from '../../src/services/awards/issuances.ts';
import { noFault } from '../../src/shared/faults.ts';
import { startCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { makeDataDir } from '../support/process.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

// A server that was started with another key encryption key: it can award, but it cannot sign.

const rightKey = randomBytes(32).toString('base64');
const wrongKey = randomBytes(32).toString('base64');

let data: Awaited<ReturnType<typeof makeDataDir>>;
let award: string;
let operator: Actor;

const environment = (CAIRN_KEY_ENCRYPTION_KEY: string) => ({
  NODE_ENV: 'test',
  CAIRN_DATA_DIR: data.path,
  CAIRN_KEY_ENCRYPTION_KEY,
});

beforeAll(async () => {
  data = await makeDataDir();
  const cairn = await startCairn({ env: environment(rightKey) });
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  const awarded = await school.call('post', '/awards').send({
    learner: (await cairn.as('learner')).id,
    achievement: achievement.id,
    narrative: 'In the workshop.',
    results: resultsAt(achievement, 1),
  });
  award = (awarded.body as { id: string }).id;
  operator = await cairn.services.organizations.operator();
  await cairn.close();
});
afterAll(async () => {
  await data.remove();
});

async function withKey<T>(key: string, now: () => Date, look: (cairn: Cairn) => Promise<T>) {
  const cairn = await compose(parseSettings(environment(key)), { log: silentLog, now });
  try {
    return await look(cairn);
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}

/** The service where signing itself goes wrong, whatever the key. */
function failing({ services, storage, urls, log }: Cairn, now: () => Date) {
  return createIssuanceService({
    ...storage.stores,
    issuanceLog: services.issuanceLog,
    keys: {
      ...services.signingKeys,
      signerOf: () => Promise.reject(new Error('something nobody thought of')),
    },
    audit: services.audit,
    documents: loadContexts(),
    wake: () => Promise.resolve(),
    assertClock: () => Promise.resolve(),
    fault: noFault,
    urls,
    log,
    now,
  });
}

it('waits where the key cannot be opened, which is no attempt', async () => {
  const now = () => new Date();
  await withKey(wrongKey, now, async ({ services }) => {
    await services.issuances.process(award);
    expect(await services.issuances.get(operator, award)).toMatchObject({
      issuance: { state: 'requested', attempts: 0, error: { code: 'key.unreadable' } },
    });
  });
});

it('what cannot be signed is tried 8 times, ever later, and then waits for a person', async () => {
  let time = Date.now() + unavailableMs;
  const now = () => new Date(time);
  await withKey(rightKey, now, async (cairn) => {
    const { services, storage } = cairn;
    const { process } = failing(cairn, now);
    const { issuances, awards } = storage.stores;
    const isDueAt = async (at: number) =>
      (await issuances.listDue(new Date(at), 10)).some(({ id }) => id === award);
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      await process(award);
      const pause = 1_000 * 2 ** (attempt - 1);
      expect(await services.issuances.get(operator, award)).toMatchObject({
        issuance: {
          state: 'requested',
          attempts: attempt,
          error: { code: expect.any(String) as unknown },
        },
      });
      expect([await isDueAt(time + pause - 1), await isDueAt(time + pause)]).toEqual([false, true]);
      time += pause;
    }
    await process(award);
    expect(await awards.find(scopeOf(operator), award)).toMatchObject({
      issuance: { state: 'failed', attempts: maxAttempts },
    });
    expect(await isDueAt(time + 1e9)).toBe(false);
    expect(await services.issuances.countFailed()).toBe(1);
    const events = await services.audit.list(operator, { limit: 1 });
    expect(events.items).toMatchObject([{ action: 'issuance.failed', subject: `award:${award}` }]);
  });
});

it('with one word of a person it is tried again, and issued', async () => {
  await withKey(
    rightKey,
    () => new Date(),
    async ({ services, queue }) => {
      queue.process(services.issuances.process);
      await services.issuances.retry(operator, award);
      await queue.drained();
      const { issuance } = await services.issuances.get(operator, award);
      expect(issuance).toMatchObject({ state: 'issued' });
      expect(issuance.error).toBeUndefined();
      const { document } = await services.credentials.get(operator, issuance.credential);
      expect(await services.verification.verify(document)).toMatchObject({ outcome: 'valid' });
    },
  );
});
