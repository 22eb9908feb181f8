import { createAuthority, describeWithOpenssl, type Authority } from '../support/certificates.ts';
import { dayMs, openMailedSchool, type MailedSchool } from '../support/mailed-school.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

let authority: Authority;
let smtp: SmtpServer;
let mailed: MailedSchool;

describeWithOpenssl('letters by a mail server on another machine', () => {
  beforeAll(() => {
    authority = createAuthority();
  });
  afterAll(() => {
    authority.remove();
  });
  afterEach(async () => {
    await mailed.close();
    await smtp.close();
  });

  it.each([
    ['offers no encryption', undefined, 'ETLS 502', 'does not encrypt'],
    [
      'is vouched for by nobody',
      'smtps',
      'ESOCKET UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      'is vouched for by nobody',
      'starttls',
      'ESOCKET UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'NODE_EXTRA_CA_CERTS',
    ],
  ] as const)('wait when that %s (%s), and it is said why', async (_what, how, code, why) => {
    const certificate = authority.issue('IP:::ffff:127.0.0.1');
    smtp = await startSmtp(how === undefined ? undefined : { how, certificate });
    const SMTP_URL = smtp.url.replace('127.0.0.1', 'me:secret@[::ffff:127.0.0.1]');
    mailed = await openMailedSchool({ SMTP_URL });
    await mailed.pass(5 * dayMs);
    expect(await mailed.stateOf(mailed.family.guardian)).toMatchObject({ state: 'waiting' });
    const [told] = mailed.eventsOf('mail.unavailable');
    expect(told?.code).toMatch(code);
    expect(told?.message).toContain(why);
    expect(JSON.stringify(told)).not.toContain('secret');
    expect(smtp.messages).toEqual([]);
    expect(smtp.inClear.filter((line) => !/^(EHLO|STARTTLS|QUIT)/.test(line))).toEqual([]);
  });
});
