import { findNextAttempt } from '../domain/digests.ts';
import type { Clock } from '../shared/clock.ts';
import { withDeadline } from '../shared/deadline.ts';
import type { Fault } from '../shared/faults.ts';
import type { Log } from '../shared/log.ts';
import { MailError, type Mailbox, type MailServer } from '../shared/mail.ts';
import type { ClaimedDigest, DigestStore } from '../storage/digests.ts';
import type { LetterMails } from './letter-mails.ts';

/** The mail server of this installation, and in whose name it sends. */
export interface Outgoing {
  readonly from: Mailbox;
  readonly open: () => MailServer;
  /** The longest that one letter may take. */
  readonly letterMs: number;
}

interface Dependencies {
  readonly digests: Pick<DigestStore, 'claim' | 'settle' | 'giveBack'>;
  readonly letterMails: LetterMails;
  /** None: letters are kept, and none is sent. */
  readonly outgoing: Outgoing | undefined;
  readonly fault: Fault;
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
  const { digests, letterMails, outgoing, fault, log, now } = dependencies;
  const stopping = new AbortController();
  let current: Promise<void> | undefined;
  let isStopped = false;
  let isAway = false;
  let awayUntil = 0;

  return { settleDue, start, [Symbol.asyncDispose]: stop };

  /** Until nothing is due, or the mail server takes nothing. */
  async function settleDue(): Promise<void> {
    if (outgoing === undefined || now().getTime() < awayUntil) return;
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

  function claim(): Promise<ClaimedDigest | undefined> {
    const at = now();
    return digests.claim(at, new Date(at.getTime() + leaseMs));
  }

  async function drain(to: Outgoing, server: MailServer, first?: ClaimedDigest): Promise<void> {
    let digest = first ?? (await claim());
    while (digest !== undefined) {
      await deliver(digest, to, server);
      const mayGoOn = !isStopped && now().getTime() >= awayUntil;
      digest = mayGoOn ? await claim() : undefined;
    }
  }

  async function deliver(digest: ClaimedDigest, to: Outgoing, server: MailServer): Promise<void> {
    const mail = await letterMails.build(digest, to.from);
    if ('state' in mail) {
      await giveUp(digest, mail.state, mail.reason);
      return;
    }
    const deadline = AbortSignal.timeout(to.letterMs);
    try {
      fault('letter.claimed');
      await server.send(mail, AbortSignal.any([deadline, stopping.signal]));
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      await handle(digest, error);
      return;
    }
    isAway = false;
    fault('letter.sent');
    await digests.settle(digest, { state: 'sent', at: now() });
    const { attempts } = digest.mail;
    log.info({ event: 'letter.sent', ...namesOf(digest), attempts }, 'a letter was sent');
  }

  async function handle(digest: ClaimedDigest, error: MailError): Promise<void> {
    const { what, permanent, code } = error;
    if (permanent) {
      await giveUp(digest, 'failed', code);
      return;
    }
    const at = now();
    const { attempts } = digest.mail;
    await digests.giveBack(digest, { at, due: findNextAttempt(attempts, at), reason: code });
    const names = { ...namesOf(digest), attempts, code };
    log.info({ event: 'letter.attempt-failed', ...names }, 'not sent; trying again later');
    if (what === 'message' || isStopped) return;
    awayUntil = at.getTime() + pauseMs;
    const level = isAway ? 'debug' : 'warn';
    log[level](
      { event: 'mail.unavailable', code },
      'no mail can be sent; trying again in a minute',
    );
    isAway = true;
  }

  async function giveUp(
    digest: ClaimedDigest,
    state: 'failed' | 'withheld',
    reason = '',
  ): Promise<void> {
    await digests.settle(digest, { state, at: now(), reason });
    const names = { ...namesOf(digest), attempts: digest.mail.attempts, code: reason };
    if (state === 'failed') log.warn({ event: 'letter.failed', ...names }, 'given up');
    else log.info({ event: 'letter.withheld', ...names }, 'not to be sent any more');
  }

  /** Does not keep the caller waiting; who asks while it is at work has asked already. */
  function start(): Promise<void> {
    if (isStopped) return Promise.resolve();
    current ??= settleDue()
      .catch((error: unknown) => {
        log.warn({ event: 'letters.unsettled', error }, 'the next sweep goes on');
      })
      .finally(() => {
        current = undefined;
      });
    return Promise.resolve();
  }

  async function stop(): Promise<void> {
    isStopped = true;
    if (current === undefined) return;
    await withDeadline(current, drainMs).catch(() => undefined);
    stopping.abort();
    await current;
  }
}

/** By person, not by letter: that is who has an address to be put right. */
function namesOf({ organization, person }: ClaimedDigest) {
  return { organization, subject: `person:${person}` };
}
