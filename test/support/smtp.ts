import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
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

/** A mail server that keeps what it is given and answers as a test wants. */
export async function startSmtp(): Promise<SmtpServer> {
  const messages: Message[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let manner: Manner = () => undefined;

  function answer(socket: Socket, stage: Stage, line: string): void {
    const said = manner(stage, line) ?? contentment[stage];
    if (said === 'drop') socket.destroy();
    else if (said !== 'hang') socket.write(`${said}\r\n`);
  }

  const server = createServer((socket) => {
    let rest = '';
    let isData = false;
    let to = '';
    sockets.add(socket);
    smtp.connections += 1;
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.setEncoding('latin1');
    answer(socket, 'connect', '');

    function takeMessage(): boolean {
      const end = rest.indexOf('\r\n.\r\n');
      if (end < 0) return false;
      const raw = rest.slice(0, end).replaceAll('\r\n..', '\r\n.');
      rest = rest.slice(end + 5);
      isData = false;
      messages.push(parseMessage(to, raw));
      answer(socket, 'message', to);
      return true;
    }

    function takeLine(): boolean {
      const end = rest.indexOf('\r\n');
      if (end < 0) return false;
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const verb = line.slice(0, 4).toUpperCase();
      const stage = verbs[verb];
      if (stage === undefined) {
        lines.push(line);
        socket.write(`${usual[verb] ?? '250 fine'}\r\n`);
        if (verb === 'QUIT') socket.end();
        return true;
      }
      if (stage === 'rcpt') to = /<(.*)>/.exec(line)?.[1] ?? '';
      if (stage === 'data') isData = (manner('data', line) ?? '354').startsWith('354');
      answer(socket, stage, line);
      return true;
    }

    socket.on('data', (chunk) => {
      rest += String(chunk);
      while (isData ? takeMessage() : takeLine());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const smtp: SmtpServer = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    lines,
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
