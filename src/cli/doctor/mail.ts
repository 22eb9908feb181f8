import type { Cairn } from '../../compose/compose.ts';
import { greetMail } from '../../compose/mail.ts';
import { MailError } from '../../shared/mail.ts';
import type { Note } from './finding.ts';

/**
 * Says hello to the mail server, with the password, as sending would.
 * @throws when it does not answer, or does not let Cairn in
 */
export async function checkMail(
  { settings }: Pick<Cairn, 'settings'>,
  { waiting, failed }: { readonly waiting: number; readonly failed: number },
): Promise<string | Note> {
  if (settings.smtpUrl === undefined) return 'letters are kept and not mailed (SMTP_URL)';
  try {
    await greetMail(settings);
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    throw new Error(
      `the mail server of SMTP_URL does not let Cairn send, for ${error.message} (${error.code}): ${waiting} letters wait`,
      { cause: error },
    );
  }
  const found = `the mail server answers; ${waiting} letters wait`;
  if (failed === 0) return found;
  return {
    note: `${found}; ${failed} of this week could not be delivered: letter.failed in the log says to whom`,
  };
}
