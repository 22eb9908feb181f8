import type { Log } from '../../shared/log.ts';
import type { LevelRedecisions } from './level-redecisions.ts';
import type { LevelRetirements } from './level-retirements.ts';
import type { LevelSweep } from './level-sweep.ts';

/**
 * What is decided about levels in the background: first what single awards call for, then the re-decisions, a page at a
 * time, so that nobody's next level waits for everybody's.
 */
export function createLevelWork({
  levelSweep,
  levelRetirements,
  redecisions,
  log,
}: {
  levelSweep: LevelSweep;
  levelRetirements: Pick<LevelRetirements, 'settleDue'>;
  redecisions: LevelRedecisions;
  log: Log;
}) {
  let current: Promise<void> | undefined;
  let isStopped = false;

  return { settleDue, start, [Symbol.asyncDispose]: stop };

  /** Until nothing is left. */
  async function settleDue(): Promise<void> {
    await levelRetirements.settleDue();
    do {
      await levelSweep.settleDue();
    } while (!isStopped && (await redecisions.advance()));
  }

  /** Does not keep the caller waiting; who asks while it is at work has asked already. */
  function start(): Promise<void> {
    if (isStopped) return Promise.resolve();
    current ??= settleDue()
      .catch((error: unknown) => {
        log.warn({ event: 'levels.unsettled', error }, 'the next sweep goes on');
      })
      .finally(() => {
        current = undefined;
      });
    return Promise.resolve();
  }

  async function stop(): Promise<void> {
    isStopped = true;
    await current;
  }
}
