import { createTransport, type NodemailerError, type SMTPPoolOptions } from 'nodemailer';
import { MailError, type Mail, type MailServer } from '../shared/mail.ts';
import { explainMailCode } from './reasons.ts';

/** Letters are no hurry, and a school's mail server is for others, too. */
const connections = 2;
const ownMachine = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * How to connect. Letters are about minors, and the password is in the way, too: nothing goes to another machine
 * unencrypted, and certificates are always checked.
 */
export function readMailServer(url: string, timeoutMs: number) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const named = hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = protocol === 'smtps:';
  const isOwn = ownMachine.test(named);
  // nodemailer would ask the network's name server, which may say that it is another machine.
  const [host, names] = named === 'localhost' ? ['127.0.0.1', { servername: named }] : [named, {}];
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !isOwn,
    ignoreTLS: !secure && isOwn,
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    tls: { rejectUnauthorized: true, ...names },
    ...(username === '' ? {} : { auth }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  } satisfies SMTPPoolOptions;
}

function createPool(url: string, timeoutMs: number) {
  return createTransport({
    ...readMailServer(url, timeoutMs),
    pool: true,
    maxConnections: connections,
    // Whether it was taken is not known when a connection is lost: that is for whoever keeps the letters to decide.
    maxRequeues: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

export function openMailServer(url: string, timeoutMs: number): MailServer {
  const pool = createPool(url, timeoutMs);
  // Told by `send`, too; without a listener it would end the process.
  pool.on('error', () => undefined);
  return {
    send: async (mail, signal) => {
      try {
        await pool.sendMail({ ...presentMail(mail), signal });
      } catch (error) {
        throw toMailError(error);
      }
    },
    close: () => {
      pool.close();
    },
  };
}

/**
 * Says hello, with the password.
 * @throws MailError
 */
export async function greetMailServer(url: string, timeoutMs: number): Promise<void> {
  const pool = createPool(url, timeoutMs);
  try {
    await pool.verify();
  } catch (error) {
    throw toMailError(error);
  } finally {
    pool.close();
  }
}

const oneLine = (text: string) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

function presentMail({ id, from, to, replyTo, subject, text, html, language, stop }: Mail) {
  const box = ({ name = '', address }: Mail['to']) => ({ name: oneLine(name), address });
  return {
    messageId: `<${id}>`,
    from: box(from),
    to: box(to),
    ...(replyTo === undefined ? {} : { replyTo: box({ address: replyTo }) }),
    subject: oneLine(subject),
    text,
    html,
    headers: {
      'Content-Language': language,
      'List-Unsubscribe': `<${stop}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      // RFC 3834: nobody's holiday answers to it.
      'Auto-Submitted': 'auto-generated',
    },
  };
}

/**
 * What is said to the recipient's address or to the message concerns this letter. All else (no connection, a wrong
 * password, a sender that is not accepted) concerns every letter, and they wait until it is put right.
 */
function toMailError(error: unknown): MailError {
  const failure = error as NodemailerError;
  const { command, responseCode, permanent, code = 'unknown', originalCode = '' } = failure;
  const digits = responseCode === undefined ? '' : String(responseCode);
  const isOfMessage = command === 'RCPT TO' || command === 'DATA';
  if (isOfMessage && digits !== '' && digits !== '421') {
    return new MailError('message', permanent === true, digits);
  }
  const found = [code, originalCode, digits].filter((part) => part !== '').join(' ');
  return new MailError('server', false, found, explainMailCode(found));
}
