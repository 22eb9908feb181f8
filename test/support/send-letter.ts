import { openMailServer } from '../../src/mail/smtp.ts';
import { MailError } from '../../src/shared/mail.ts';
import { letter } from './letter.ts';

/** Sends a letter by the mail server that SMTP_URL names, as a process of its own, and prints what became of it. */
const server = openMailServer(process.env.SMTP_URL ?? '', 5_000);
try {
  await server.send(letter, AbortSignal.timeout(10_000));
  console.log('sent');
} catch (error) {
  if (!(error instanceof MailError)) throw error;
  console.log(error.code);
} finally {
  server.close();
}
