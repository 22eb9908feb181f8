import { checkMail } from '../../../src/cli/doctor/mail.ts';
import { look } from '../../../src/cli/doctor/finding.ts';
import { parseSettings } from '../../../src/config/settings.ts';
import { openMailServer, readMailServer } from '../../../src/mail/smtp.ts';
import { parseMailbox } from '../../../src/shared/mail.ts';
import { letter } from '../../support/letter.ts';
import { startSmtp, type SmtpServer } from '../../support/smtp.ts';

describe('the address of a mail server', () => {
  it.each([
    ['smtp://mail.school.example', 587, false, 'must'],
    ['smtp://mail.school.example:25', 25, false, 'must'],
    ['smtp://192.0.2.7', 587, false, 'must'],
    ['smtp://localhost.school.example', 587, false, 'must'],
    ['smtp://127.0.0.1.school.example', 587, false, 'must'],
    ['smtp://localhost:1025', 1025, false, 'not'],
    ['smtp://127.0.0.2', 587, false, 'not'],
    ['smtp://[::1]', 587, false, 'not'],
    ['smtps://mail.school.example', 465, true, 'tls'],
    ['smtps://localhost', 465, true, 'tls'],
  ])('%s: port %s, TLS from the start %s, STARTTLS %s', (url, port, secure, starttls) => {
    const { requireTLS, ignoreTLS, ...found } = readMailServer(url, 1_000);
    expect(found).toMatchObject({ port, secure, tls: { rejectUnauthorized: true } });
    expect(found).not.toHaveProperty('auth');
    const said = { must: [true, false], not: [false, true], tls: [false, false] };
    expect([requireTLS, ignoreTLS]).toEqual(said[starttls as keyof typeof said]);
  });

  it.each(['smtp', 'smtps'])('is no question to a name server for %s://localhost', (scheme) => {
    const { host } = readMailServer(`${scheme}://localhost:1025`, 1_000);
    expect(host).toBe('127.0.0.1');
  });

  it('has user and password percent-encoded', () => {
    const { host, auth } = readMailServer('smtps://me%40school:p%2Fw%3A%25@mail.example', 1_000);
    expect([host, auth]).toEqual(['mail.example', { user: 'me@school', pass: 'p/w:%' }]);
  });
});

describe('sending', () => {
  let smtp: SmtpServer;
  beforeEach(async () => {
    smtp = await startSmtp();
  });
  afterEach(() => smtp.close());

  async function send(url: string) {
    const server = openMailServer(url, 1_000);
    try {
      await server.send(letter, AbortSignal.timeout(5_000));
    } finally {
      server.close();
    }
  }
  const withPassword = (url: string) => url.replace('//', '//me:secret@');

  it('to this machine goes in the clear, with the password', async () => {
    await send(withPassword(smtp.url));
    expect(smtp.messages).toHaveLength(1);
    expect(smtp.lines.filter((line) => line.startsWith('AUTH'))).toHaveLength(1);
  });

  it('elsewhere tells neither letter nor password to a server without TLS', async () => {
    // The same machine, by an address that does not say so.
    const url = withPassword(smtp.url).replace('127.0.0.1', '[::ffff:127.0.0.1]');
    await expect(send(url)).rejects.toMatchObject({ what: 'server', code: 'ETLS 502' });
    expect(smtp.messages).toEqual([]);
    expect(smtp.lines.filter((line) => !/^(EHLO|STARTTLS|QUIT)/.test(line))).toEqual([]);
    expect(smtp.lines).toContain('STARTTLS');
  });
});

describe('a mailbox', () => {
  it.each([
    ['letters@school.example', { address: 'letters@school.example' }],
    [' Hill School <a@b.example> ', { name: 'Hill School', address: 'a@b.example' }],
    ['"Hill, School" <a@b.example>', { name: 'Hill, School', address: 'a@b.example' }],
    ['Schule Höh <a@b.example>', { name: 'Schule Höh', address: 'a@b.example' }],
    ['<a@b.example>', { address: 'a@b.example' }],
    ['letters', undefined],
    ['', undefined],
    ['a@b.example, c@d.example', undefined],
    ['<a@b.example>, <c@d.example>', undefined],
    ['Hill\r\nBcc: x@y.example <a@b.example>', undefined],
    ['a@b.example\r\nBcc: x@y.example', undefined],
  ])('%j is %j', (text, found) => {
    expect(parseMailbox(text)).toEqual(found);
  });
});

describe('what the doctor makes of a mail server', () => {
  let smtp: SmtpServer;
  beforeEach(async () => {
    smtp = await startSmtp();
  });
  afterEach(() => smtp.close());

  const judge = async (env: Record<string, string>, failed = 0) => {
    const settings = parseSettings({ ...env, SMTP_FROM: 'letters@school.example' });
    const { ok, note, detail } = await look('mail', () =>
      checkMail({ settings }, { waiting: 3, failed }),
    );
    return { state: ok ? (note === true ? 'note' : 'ok') : 'wrong', detail };
  };

  it('that is there, and sends nothing', async () => {
    expect(await judge({ SMTP_URL: smtp.url })).toMatchObject({ state: 'ok' });
    expect(await judge({ SMTP_URL: smtp.url }, 2)).toMatchObject({ state: 'note' });
    expect(smtp.messages).toEqual([]);
    expect(await judge({})).toMatchObject({ state: 'ok' });
  });

  it('that turns it away, without its password', async () => {
    smtp.behave(() => '554 go away, me:secret');
    const SMTP_URL = smtp.url.replace('//', '//me:secret@');
    const found = await judge({ SMTP_URL });
    expect(found).toMatchObject({ state: 'wrong' });
    expect(found.detail).toMatch(/SMTP_URL .* turns Cairn away \(E\w+ 554\): 3 letters wait/);
    expect(found.detail).not.toContain('secret');
  });

  it('that speaks no TLS where it is a must', async () => {
    const SMTP_URL = smtp.url.replace('smtp:', 'smtps:');
    const found = await judge({ SMTP_URL });
    expect(found).toMatchObject({ state: 'wrong' });
    expect(found.detail).toContain('smtps:// is for TLS from the start');
  });

  it('that is not there', async () => {
    const unused = await startSmtp();
    await unused.close();
    const found = await judge({ SMTP_URL: unused.url });
    expect(found.detail).toContain('nothing answers on that port (ESOCKET ECONNREFUSED)');
  });
});
