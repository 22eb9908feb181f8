import type { Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict } from '../../shared/errors.ts';
import type { LockStore } from '../../storage/locks.ts';

/** How long others are waited for, and how long a look at everything is good for. A lock outlives both by far. */
const patienceMs = 5_000;
const validMs = 10_000;
const pauseMs = 25;

/** Asked right before writing. @throws ServiceError `changed_meanwhile` when the turn may be over */
export type AssertTurn = () => void;

interface Dependencies {
  readonly locks: Pick<LockStore, 'take'>;
  readonly now: Clock;
}

/**
 * Changes of what is awarded by itself, one after the other in a school, whatever process they come to: whether they
 * form a circle is seen in all documents together, and none of them holds all.
 */
export async function inAwardTurn<T>(
  { locks, now }: Dependencies,
  { organization }: Scope,
  { noun, work }: { noun: 'credit' | 'pathway'; work: (assertTurn: AssertTurn) => Promise<T> },
): Promise<T> {
  const end = now().getTime() + patienceMs;
  for (;;) {
    const asked = now().getTime();
    const lock = await locks.take(`awards:${organization}`);
    if (lock === undefined) {
      if (now().getTime() >= end) throw changedMeanwhile(noun);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      continue;
    }
    try {
      return await work(() => {
        const isInTime = Math.abs(now().getTime() - asked) < validMs;
        if (!isInTime || !lock.isHeld()) throw changedMeanwhile(noun);
      });
    } finally {
      // A store that is away forgets by itself.
      await lock.release().catch(() => undefined);
    }
  }
}

function changedMeanwhile(noun: string) {
  return conflict(
    `${noun}.changed_meanwhile`,
    'Somebody else is changing what is awarded by itself. Please try again in a minute.',
  );
}
