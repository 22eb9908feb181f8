import type { Settings } from '../config/settings.ts';
import { greetMailServer, openMailServer } from '../mail/smtp.ts';
import type { Outgoing } from '../services/letters/letter-sender.ts';
import { parseMailbox } from '../shared/mail.ts';

/** How long the mail server may be silent. */
const silenceMs = 60_000;

/** The mail server that the settings name, if they name one. Nothing is connected before there is a letter. */
export function openOutgoing(
  { smtpUrl, smtpFrom = '' }: Pick<Settings, 'smtpUrl' | 'smtpFrom'>,
  timeoutMs = silenceMs,
): Outgoing | undefined {
  const from = parseMailbox(smtpFrom);
  if (smtpUrl === undefined || from === undefined) return undefined;
  return {
    from,
    open: () => openMailServer(smtpUrl, timeoutMs),
    // One that trickles is never silent.
    letterMs: 2 * timeoutMs,
  };
}

/** For the doctor. */
export function greetMail({ smtpUrl }: Pick<Settings, 'smtpUrl'>): Promise<void> {
  return smtpUrl === undefined ? Promise.resolve() : greetMailServer(smtpUrl, 10_000);
}
