import { ServiceError } from './errors.ts';

/** How far two clocks may be apart; strangers compare the dates of a credential with theirs. */
const tolerableMs = 60_000;
const rememberMs = 5_000;

/** Rejects (`clock.wrong`) while this machine and the store do not agree what time it is: nothing is dated or signed then. */
export type ClockGuard = () => Promise<void>;

export function createClockGuard(readStoreTime: () => Promise<Date>): ClockGuard {
  let last: { readonly at: number; readonly apartMs: Promise<number> } | undefined;

  return async () => {
    // By a clock that nobody sets.
    if (last === undefined || performance.now() - last.at > rememberMs) {
      last = { at: performance.now(), apartMs: compare(readStoreTime) };
      last.apartMs.catch(() => (last = undefined));
    }
    const apartMs = await last.apartMs;
    if (apartMs <= tolerableMs) return;
    last = undefined;
    throw new ServiceError(
      'unavailable',
      'clock.wrong',
      `The clocks of this server and of its store are ${Math.round(apartMs / 1_000)} seconds apart, so nothing is dated or signed. Ask an administrator to set both by time servers (NTP).`,
    );
  };
}

/** In milliseconds. What the answer took on its way is no difference. */
async function compare(readStoreTime: () => Promise<Date>): Promise<number> {
  const before = Date.now();
  const store = (await readStoreTime()).getTime();
  return Math.max(before - store, store - Date.now(), 0);
}
