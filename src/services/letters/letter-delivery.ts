import { findNextAttempt } from '../../domain/digests.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Fault } from '../../shared/faults.ts';
import type { Log } from '../../shared/log.ts';
import { MailError, type Mailbox, type MailServer } from '../../shared/mail.ts';
import type { ClaimedDigest, DigestStore } from '../../storage/digests.ts';
import type { LetterMails } from './letter-mails.ts';

interface Dependencies {
  readonly digests: Pick<DigestStore, 'settle' | 'giveBack'>;
  readonly letterMails: LetterMails;
  readonly fault: Fault;
  readonly log: Log;
  readonly now: Clock;
}

export interface Delivery {
  readonly from: Mailbox;
  readonly server: MailServer;
  readonly signal: AbortSignal;
}

export type LetterDelivery = ReturnType<typeof createLetterDelivery>;

/** Hands one letter over that was claimed, and records what became of it. */
export function createLetterDelivery({ digests, letterMails, fault, log, now }: Dependencies) {
  return { deliver };

  /** @throws MailError when nothing at all can be sent just now: the letter waits, and others should */
  async function deliver(digest: ClaimedDigest, { from, server, signal }: Delivery): Promise<void> {
    const mail = await letterMails.build(digest, from);
    if ('state' in mail) {
      await giveUp(digest, mail.state, mail.reason);
      return;
    }
    fault('letter.claimed');
    try {
      await server.send(mail, signal);
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      await handle(digest, error);
      return;
    }
    fault('letter.sent');
    await digests.settle(digest, { state: 'sent', at: now() });
    log.info({ event: 'letter.sent', ...namesOf(digest) }, 'a letter was sent');
  }

  async function handle(digest: ClaimedDigest, error: MailError): Promise<void> {
    const { what, permanent, code } = error;
    if (permanent) {
      await giveUp(digest, 'failed', code);
      return;
    }
    const at = now();
    const due = findNextAttempt(digest.mail.attempts, at);
    await digests.giveBack(digest, { at, due, reason: code });
    log.info({ event: 'letter.attempt-failed', ...namesOf(digest), code }, 'tried again later');
    if (what === 'server') throw error;
  }

  async function giveUp(
    digest: ClaimedDigest,
    state: 'failed' | 'withheld',
    reason: string,
  ): Promise<void> {
    await digests.settle(digest, { state, at: now(), reason });
    const names = { ...namesOf(digest), code: reason };
    if (state === 'failed') log.warn({ event: 'letter.failed', ...names }, 'given up');
    else log.info({ event: 'letter.withheld', ...names }, 'not to be sent any more');
  }
}

/** By person, not by letter: that is who has an address to be put right. */
function namesOf({ organization, person, mail: { attempts } }: ClaimedDigest) {
  return { organization, subject: `person:${person}`, attempts };
}
