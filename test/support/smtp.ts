import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { parseMessage, type Message } from './message.ts';

type Stage = 'connect' | 'mail' | 'rcpt' | 'data' | 'message';

/** What it says at a stage; `hang` says nothing, `drop` closes the connection. Nothing: it is content. */
type Manner = (stage: Stage, line: string) => string | undefined;

export interface SmtpServer {
  readonly url: string;
  /** Everything that it was given whole, also what it did not say yes to. */
  readonly messages: readonly Message[];
  /** What it was told beside them: greetings, passwords. */
  readonly lines: readonly string[];
  /** Of all that, what anybody on the way could read. */
  readonly inClear: readonly string[];
  connections: number;
  /** From now on. */
  behave(manner: Manner): void;
  close(): Promise<void>;
}

const contentment: Readonly<Record<Stage, string>> = {
  connect: '220 mail.example',
  mail: '250 fine',
  rcpt: '250 fine',
  data: '354 go on',
  message: '250 taken',
};
const verbs: Readonly<Record<string, Stage>> = { MAIL: 'mail', RCPT: 'rcpt', DATA: 'data' };

const usual: Readonly<Record<string, string>> = {
  EHLO: '250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME',
  STAR: '502 no such thing here',
  AUTH: '235 welcome',
};

interface Encryption {
  readonly certificate: Certificate;
  /** `smtps`: from the first byte; `starttls`: when it is asked for, and passwords are not taken before. */
  readonly how: 'smtps' | 'starttls';
}

/** A mail server that keeps what it is given and answers as a test wants; without encryption it offers none. */
export async function startSmtp(encryption?: Encryption): Promise<SmtpServer> {
  const messages: Message[] = [];
  const lines: string[] = [];
  const inClear: string[] = [];
  const sockets = new Set<Socket>();
  let manner: Manner = () => undefined;

  function answer(socket: Socket, stage: Stage, line: string): void {
    const said = manner(stage, line) ?? contentment[stage];
    if (said === 'drop') socket.destroy();
    else if (said !== 'hang') socket.write(`${said}\r\n`);
  }

  /** Wraps what is there; nobody listens to the plain socket any more. */
  function encrypt(socket: Socket): TLSSocket {
    const secureContext = createSecureContext(encryption?.certificate);
    return new TLSSocket(socket, { isServer: true, secureContext });
  }

  function converse(socket: Socket): void {
    const isSecure = socket instanceof TLSSocket;
    const says =
      encryption?.how === 'starttls' && !isSecure
        ? { ...usual, EHLO: '250-mail.example\r\n250 STARTTLS', STAR: '220 go on' }
        : usual;
    let rest = '';
    let isData = false;
    let to = '';
    socket.on('error', () => undefined);

    function takeMessage(): boolean {
      const end = rest.indexOf('\r\n.\r\n');
      if (end < 0) return false;
      const raw = rest.slice(0, end).replaceAll('\r\n..', '\r\n.');
      rest = rest.slice(end + 5);
      isData = false;
      messages.push(parseMessage(to, raw));
      if (!isSecure) inClear.push(raw);
      answer(socket, 'message', to);
      return true;
    }

    function takeLine(): boolean {
      const end = rest.indexOf('\r\n');
      if (end < 0) return false;
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (!isSecure) inClear.push(line);
      const verb = line.slice(0, 4).toUpperCase();
      const stage = verbs[verb];
      if (stage === undefined) {
        lines.push(line);
        return settle(verb);
      }
      if (stage === 'rcpt') to = /<(.*)>/.exec(line)?.[1] ?? '';
      if (stage === 'data') isData = (manner('data', line) ?? '354').startsWith('354');
      answer(socket, stage, line);
      return true;
    }

    /** Whether this conversation goes on. */
    function settle(verb: string): boolean {
      const said = says[verb] ?? '250 fine';
      socket.write(`${said}\r\n`);
      if (verb === 'QUIT') socket.end();
      if (verb !== 'STAR' || !said.startsWith('220')) return true;
      socket.removeListener('data', hear);
      converse(encrypt(socket));
      return false;
    }

    function hear(chunk: Buffer): void {
      rest += chunk.toString('latin1');
      while (isData ? takeMessage() : takeLine());
    }
    socket.on('data', hear);
  }

  const server = createServer((plain) => {
    sockets.add(plain);
    smtp.connections += 1;
    plain.on('close', () => sockets.delete(plain));
    plain.on('error', () => undefined);
    const socket = encryption?.how === 'smtps' ? encrypt(plain) : plain;
    converse(socket);
    answer(socket, 'connect', '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const smtp: SmtpServer = {
    url: `${encryption?.how === 'smtps' ? 'smtps' : 'smtp'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    lines,
    inClear,
    connections: 0,
    behave: (wanted) => {
      manner = wanted;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return smtp;
}
