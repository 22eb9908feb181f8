import { createDispatcher } from '../../src/issuance/dispatcher.ts';
import { createEmbeddedQueue } from '../../src/issuance/embedded-queue.ts';
import type { Actor } from '../../src/domain/roles.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { until } from '../support/store.ts';
import { startTransit } from '../support/transit.ts';

// What goes wrong with one thing keeps nothing else from its credential.

it('rings for what is due although something cannot be settled', async () => {
  await using queue = createEmbeddedQueue({ log: silentLog, concurrency: 1 });
  const settled: string[] = [];
  const dispatcher = createDispatcher({
    queue,
    log: silentLog,
    now: () => new Date(),
    settle: {
      first: () => Promise.reject(new Error('a file that cannot be deleted')),
      second: () => Promise.resolve(settled.push('second')),
    },
    issuances: {
      listDue: () => Promise.resolve([{ id: 'award', priority: 'normal' as const }]),
      listLost: () => Promise.resolve([]),
      markQueued: () => Promise.resolve(0),
    },
  });
  await dispatcher.sweep();
  expect(settled).toEqual(['second']);
  expect(await queue.depth()).toBe(1);
});

it('an award waits for a key service that is away, and is none the worse for it', async () => {
  const transit = await startTransit();
  let ahead = 0;
  const cairn = await startCairn({
    now: () => new Date(Date.now() + ahead),
    env: {
      CAIRN_KEY_DRIVER: 'transit',
      CAIRN_TRANSIT_URL: transit.url,
      CAIRN_TRANSIT_TOKEN: transit.state.token,
    },
  });
  try {
    const school = await openBadgeSchool(cairn);
    const { issuances, organizations } = cairn.services;
    const operator = await organizations.operator();
    transit.state.trouble = 'sealed';
    const awarded = school.award();
    await until(async () => (await findFirst(operator)) !== undefined);
    const id = (await findFirst(operator))?.id ?? '';
    for (let minute = 0; minute < 3; minute += 1) {
      await issuances.process(id);
      // However often it rings meanwhile.
      await issuances.process(id);
      ahead += 60_000;
    }
    expect(await findFirst(operator)).toMatchObject({
      issuance: { state: 'requested', attempts: 0, error: { code: 'key.signer_unreachable' } },
    });

    transit.state.trouble = undefined;
    await issuances.process(id);
    expect(await findFirst(operator)).toMatchObject({ issuance: { state: 'issued', attempts: 1 } });
    await awarded;
  } finally {
    await cairn.close();
    await transit.close();
  }

  async function findFirst(operator: Actor) {
    return (await cairn.services.issuances.list(operator, {}, { limit: 1 })).items[0];
  }
});
