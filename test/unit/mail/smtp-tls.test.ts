import { openMailServer } from '../../../src/mail/smtp.ts';
import { MailError } from '../../../src/shared/mail.ts';
import {
  createAuthority,
  describeWithOpenssl,
  type Authority,
} from '../../support/certificates.ts';
import { letter } from '../../support/letter.ts';
import { run } from '../../support/process.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp.ts';

/** This machine, by an address that does not say so. */
const elsewhere = '[::ffff:127.0.0.1]';
const names = 'DNS:localhost,IP:127.0.0.1,IP:::ffff:127.0.0.1';
const otherNames = 'DNS:mail.school.example,IP:192.0.2.7';

describeWithOpenssl('a mail server that speaks TLS', () => {
  let authority: Authority;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterAll(() => {
    authority.remove();
  });

  let smtp: SmtpServer;
  async function start(how: 'smtps' | 'starttls', certified = names): Promise<string> {
    smtp = await startSmtp({ how, certificate: authority.issue(certified) });
    return smtp.url.replace('127.0.0.1', `me:secret@${elsewhere}`);
  }
  afterEach(() => smtp.close());

  /** As a school does it that has an authority of its own: a process reads that when it starts. */
  async function sendFrom(env: Readonly<Record<string, string>>) {
    const { stdout, stderr } = await run('test/support/send-letter.ts', [], env);
    return `${stdout}${stderr}`.trim();
  }
  const sendTrusting = (url: string) =>
    sendFrom({ SMTP_URL: url, NODE_EXTRA_CA_CERTS: authority.file });

  async function sendHere(url: string): Promise<MailError> {
    const server = openMailServer(url, 2_000);
    try {
      await server.send(letter, AbortSignal.timeout(5_000));
    } catch (error) {
      if (error instanceof MailError) return error;
      throw error;
    } finally {
      server.close();
    }
    throw new Error('it was sent');
  }

  const passwords = () => smtp.lines.filter((line) => line.startsWith('AUTH'));
  function expectNothingSaid(): void {
    expect(smtp.messages).toEqual([]);
    expect(passwords()).toEqual([]);
    expect(smtp.inClear.filter((line) => !/^(EHLO|STARTTLS|QUIT)/.test(line))).toEqual([]);
  }

  it.each([
    ['smtps', []],
    ['starttls', [/^EHLO /, /^STARTTLS$/]],
  ] as const)('is given letter and password inside of it only (%s)', async (how, clear) => {
    const url = await start(how);
    expect(await sendTrusting(url)).toBe('sent');
    expect(smtp.messages).toMatchObject([{ to: 'gus@home.example' }]);
    expect(passwords()).toHaveLength(1);
    expect(smtp.inClear).toEqual(clear.map((line) => expect.stringMatching(line) as unknown));
  });

  it('is known by its name, too', async () => {
    await start('smtps', 'DNS:localhost');
    const url = smtp.url.replace('127.0.0.1', 'localhost');
    expect(await sendTrusting(url)).toBe('sent');
  });

  it.each(['smtps', 'starttls'] as const)(
    'is told nothing when nobody vouches for it (%s)',
    async (how) => {
      const error = await sendHere(await start(how));
      expect(error).toMatchObject({ what: 'server', permanent: false });
      expect(error.message).toContain('certificate');
      expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
      expectNothingSaid();
    },
  );

  it.each(['smtps', 'starttls'] as const)(
    'is told nothing when its certificate is for another name (%s)',
    async (how) => {
      const url = await start(how, otherNames);
      expect(await sendTrusting(url)).toBe('ESOCKET ERR_TLS_CERT_ALTNAME_INVALID');
      expectNothingSaid();
    },
  );

  it.each(['smtps', 'starttls'] as const)(
    'is told nothing by a process that checks no certificates elsewhere (%s)',
    async (how) => {
      const url = await start(how);
      const said = await sendFrom({ SMTP_URL: url, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
      expect(said).toMatch(/^ESOCKET [A-Z_]+/);
      expectNothingSaid();
    },
  );
});
