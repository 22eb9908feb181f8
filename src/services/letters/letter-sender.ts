import { findWeekEnd, nameWeek } from '../../domain/digests.ts';
import type { Clock } from '../../shared/clock.ts';
import { withDeadline } from '../../shared/deadline.ts';
import type { Log } from '../../shared/log.ts';
import { MailError, type Mailbox, type MailServer } from '../../shared/mail.ts';
import type { ClaimedDigest, DigestStore } from '../../storage/digests.ts';
import type { LetterDelivery } from './letter-delivery.ts';

/** The mail server of this installation, and in whose name it sends. */
export interface Outgoing {
  readonly from: Mailbox;
  readonly open: () => MailServer;
  /** The longest that one letter may take. */
  readonly letterMs: number;
}

interface Dependencies {
  readonly digests: Pick<DigestStore, 'claim' | 'count'>;
  readonly letterDelivery: LetterDelivery;
  /** None: letters are kept, and none is sent. */
  readonly outgoing: Outgoing | undefined;
  readonly log: Log;
  readonly now: Clock;
}

/** After how long somebody else takes up a letter whose process died; longer than any letter takes. */
const leaseMs = 300_000;
/** How long a mail server that does not take anything is left alone. */
const pauseMs = 60_000;
/** For what is on its way when the process ends. */
const drainMs = 5_000;
const atOnce = 2;

export type LetterSender = ReturnType<typeof createLetterSender>;

/**
 * Sends letters beside everything else. Each is claimed by one update and settled by another: what dies between them
 * costs the lease, and where the mail server had said yes already, the same letter twice, with the same Message-ID.
 */
export function createLetterSender(dependencies: Dependencies) {
  const { digests, letterDelivery, outgoing, log, now } = dependencies;
  /** Ends what is on its way. */
  const cut = new AbortController();
  let isStopped = false;
  let current: Promise<void> | undefined;
  let awayUntil = 0;
  let wasAway = false;

  return { settleDue, start, count, [Symbol.asyncDispose]: stop };

  /** Of all schools: letters on their way, and those of this week that could not be delivered. */
  function count(): Promise<{ readonly waiting: number; readonly failed: number }> {
    return digests.count(nameWeek(findWeekEnd(now())));
  }

  /** Until nothing is due, or nothing can be sent; who asks meanwhile is told of the round under way. */
  function settleDue(): Promise<void> {
    current ??= sendDue().finally(() => {
      current = undefined;
    });
    return current;
  }

  async function sendDue(): Promise<void> {
    if (outgoing === undefined || !mayGoOn()) return;
    const first = await claim();
    if (first === undefined) return;
    const server = outgoing.open();
    try {
      const others = Array.from({ length: atOnce - 1 }, () => drain(outgoing, server));
      const all = await Promise.allSettled([drain(outgoing, server, first), ...others]);
      for (const one of all) if (one.status === 'rejected') throw one.reason;
    } finally {
      server.close();
    }
  }

  function mayGoOn(): boolean {
    return !isStopped && now().getTime() >= awayUntil;
  }

  function claim(): Promise<ClaimedDigest | undefined> {
    const at = now();
    return digests.claim(at, new Date(at.getTime() + leaseMs));
  }

  async function drain(to: Outgoing, server: MailServer, first?: ClaimedDigest): Promise<void> {
    let digest = first ?? (await claim());
    while (digest !== undefined) {
      const signal = AbortSignal.any([AbortSignal.timeout(to.letterMs), cut.signal]);
      try {
        await letterDelivery.deliver(digest, { from: to.from, server, signal });
        wasAway = false;
      } catch (error) {
        if (!(error instanceof MailError)) throw error;
        pause(error);
      }
      digest = mayGoOn() ? await claim() : undefined;
    }
  }

  /** Of failures in a row the first is told. */
  function pause({ code, message }: MailError): void {
    if (isStopped) return;
    awayUntil = now().getTime() + pauseMs;
    log[wasAway ? 'debug' : 'warn'](
      { event: 'mail.unavailable', code },
      `no mail can be sent, for ${message}; trying again in a minute`,
    );
    wasAway = true;
  }

  /** Does not keep the caller waiting. */
  function start(): Promise<void> {
    if (current === undefined) {
      void settleDue().catch((error: unknown) => {
        log.warn({ event: 'letters.unsettled', error }, 'the next sweep goes on');
      });
    }
    return Promise.resolve();
  }

  async function stop(): Promise<void> {
    isStopped = true;
    const round = current?.catch(() => undefined) ?? Promise.resolve();
    await withDeadline(round, drainMs).catch(() => undefined);
    cut.abort();
    await round;
  }
}
