import type { Settings } from '../config/settings.ts';
import type { KeyDriver } from '../credentials/keys/driver.ts';
import type { VerifyEngine } from '../credentials/verify/engine/engine.ts';
import type { IssuanceQueue } from '../issuance/queue.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { IssuanceService } from '../services/awards/issuances.ts';
import type { LetterSender } from '../services/letters/letter-sender.ts';
import type { Clock } from '../shared/clock.ts';

/** The same driver, with the time taken that signing needs. */
export function observeSigner(driver: KeyDriver, metrics: Metrics): KeyDriver {
  return {
    create: (organization, kind) => driver.create(organization, kind),
    sign: (key, data) => metrics.signing(driver.sign(key, data)),
  };
}

/** The same engine, with its outcomes counted; whose credential it was is not looked at. */
export function observeEngine(engine: VerifyEngine, metrics: Metrics): VerifyEngine {
  return {
    ...engine,
    verifyCredential: (...given) =>
      metrics.verification(engine.verifyCredential(...given), ({ outcome }) => outcome),
    verifyPresentation: (...given) =>
      metrics.verification(engine.verifyPresentation(...given), ({ verified, credentials }) => {
        const worst = credentials.find(({ result }) => !result.verified);
        return worst?.result.outcome ?? (verified ? 'valid' : 'invalid');
      }),
  };
}

/** What waits, what failed, and how much room there is. */
export function watchStock(
  {
    queue,
    issuances,
    letterSender,
    settings,
    now,
  }: {
    queue: Pick<IssuanceQueue, 'depth'>;
    issuances: Pick<IssuanceService, 'measure' | 'countFailed'>;
    letterSender: Pick<LetterSender, 'count'>;
    settings: Settings;
    now: Clock;
  },
  metrics: Metrics,
): void {
  metrics.watch({ cairn_queue_depth: 'Awards that wait in the queue' }, async () => ({
    cairn_queue_depth: await queue.depth(),
  }));
  metrics.watch(
    {
      cairn_outbox_size: 'Awards on their way to a credential',
      cairn_outbox_oldest_seconds: 'How long the first of them has been waiting',
    },
    async () => {
      const { size, oldest } = await issuances.measure();
      const age = oldest === undefined ? 0 : (now().getTime() - oldest.getTime()) / 1_000;
      return { cairn_outbox_size: size, cairn_outbox_oldest_seconds: Math.max(0, age) };
    },
  );
  metrics.watch(
    { cairn_issuances_failed: 'Issuances that were given up and wait for a person' },
    async () => ({ cairn_issuances_failed: await issuances.countFailed() }),
  );
  metrics.watch(
    {
      cairn_letters_waiting: 'Weekly letters on their way by mail',
      cairn_letters_failed: 'Letters of this week that could not be delivered',
    },
    async () => {
      const { waiting, failed } = await letterSender.count();
      return { cairn_letters_waiting: waiting, cairn_letters_failed: failed };
    },
  );
  metrics.watchDisk(settings.dataDir);
}
