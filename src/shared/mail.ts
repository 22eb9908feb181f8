/** A name, where there is one, and an address. */
export interface Mailbox {
  readonly name?: string;
  readonly address: string;
}

/** One message to one person. */
export interface Mail {
  /** The same whenever the same message is tried again. */
  readonly id: string;
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** BCP 47. */
  readonly language: string;
  /** Where its reader stops such messages with one click (RFC 8058). */
  readonly stop: string;
}

/** Connections to a mail server, opened when they are needed. */
export interface MailServer {
  /**
   * Returns when the server has taken the message over.
   * @throws MailError
   */
  readonly send: (mail: Mail, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** What became of a message that the server did not take, with the reason in plain words where it is the server's. */
export class MailError extends Error {
  /** `message`: it was refused, others may pass. `server`: nothing can be sent just now. */
  readonly what: 'message' | 'server';
  /** Trying the same again would end the same. */
  readonly permanent: boolean;
  /** The server's three digits, or what went wrong with the connection. Never its text: that repeats addresses. */
  readonly code: string;

  constructor(what: MailError['what'], permanent: boolean, code: string, reason = 'not sent') {
    super(reason);
    this.name = 'MailError';
    this.what = what;
    this.permanent = permanent;
    this.code = code;
  }
}

const address = /^[^\s<>@,;:"()[\]\\]+@[^\s<>@,;:"()[\]\\]+$/;

/** `Hill School <letters@school.example>` or the address alone; undefined when it is neither. */
export function parseMailbox(text: string): Mailbox | undefined {
  const [, name = '', inner = ''] = /^([^<>\p{Cc}]*)<([^<>]*)>$/u.exec(text.trim()) ?? [];
  const found = inner === '' ? text.trim() : inner;
  if (!address.test(found)) return undefined;
  const shown = name.trim().replace(/^"(.*)"$/, '$1');
  return shown === '' ? { address: found } : { name: shown, address: found };
}

/** An address of a mail server, with nothing in it that only looks like a setting. */
export function isMailServer(text: string): boolean {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search, hash, username, password } = new URL(text);
  const isBare = ['', '/'].includes(pathname) && search === '' && hash === '';
  return hostname !== '' && isBare && [username, password].every(canDecode);
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
