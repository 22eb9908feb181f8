import { rm } from 'node:fs/promises';
import { startCairn } from '../support/cairn.ts';
import { createAuthority, describeWithOpenssl, type Authority } from '../support/certificates.ts';
import { openFamily } from '../support/family.ts';
import { run, startBuilt } from '../support/process.ts';
import { openSchool } from '../support/school.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';
import { until } from '../support/store.ts';

const dayMs = 86_400_000;

/** A school that has been there for more than a week, on an embedded store. */
async function foundSchool() {
  const founded = new Date(Date.now() - 8 * dayMs);
  const cairn = await startCairn({ now: () => founded, env: { MONGODB_URI: '' } });
  const school = await openSchool(cairn);
  const { guardian, otherGuardian } = await openFamily(cairn, school);
  const policy = { digest: { guardians: true, learners: false } };
  await school.call('patch', '/organization').send({ policy });
  await school.call('patch', `/people/${guardian.id}`).send({ email: 'gus@home.example' });
  await school.call('patch', `/people/${otherGuardian.id}`).send({ digest: false });
  const { dataDir } = cairn.cairn.settings;
  await cairn.cairn[Symbol.asyncDispose]();
  return {
    dataDir,
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

describeWithOpenssl('a school whose mail server has a certificate of the school’s own', () => {
  let authority: Authority;
  let smtp: SmtpServer;
  let school: Awaited<ReturnType<typeof foundSchool>>;
  beforeAll(async () => {
    authority = createAuthority();
    const certificate = authority.issue('DNS:localhost');
    smtp = await startSmtp({ how: 'smtps', certificate });
    school = await foundSchool();
  });
  afterAll(async () => {
    await school.remove();
    await smtp.close();
    authority.remove();
  });

  const settings = () => ({
    CAIRN_DATA_DIR: school.dataDir,
    SMTP_URL: smtp.url.replace('127.0.0.1', 'me:secret@localhost'),
    SMTP_FROM: 'letters@school.example',
  });
  const trusting = () => ({ ...settings(), NODE_EXTRA_CA_CERTS: authority.file });
  async function askDoctor(env: Readonly<Record<string, string>>) {
    const { stdout } = await run('dist/cli.js', ['doctor', '--json'], env);
    const findings = JSON.parse(stdout) as readonly { what: string; ok: boolean; detail: string }[];
    return findings.find(({ what }) => what === 'mail');
  }

  it('is told by the doctor what is missing, and when nothing is', async () => {
    const found = await askDoctor(settings());
    expect(found?.ok).toBe(false);
    expect(found?.detail).toContain('NODE_EXTRA_CA_CERTS');
    expect(smtp.lines).toEqual([]);
    expect(await askDoctor(trusting())).toMatchObject({ ok: true });
    expect(smtp.messages).toEqual([]);
  });

  it('sends its letters by it, encrypted', async () => {
    const { CAIRN_DATA_DIR, ...env } = trusting();
    const cairn = await startBuilt(CAIRN_DATA_DIR, env);
    try {
      await until(() => Promise.resolve(smtp.messages.length > 0), 45_000);
    } finally {
      await cairn.stop();
    }
    expect(smtp.messages).toMatchObject([{ to: 'gus@home.example' }]);
    expect(smtp.inClear).toEqual([]);
    expect(cairn.output.stdout).not.toContain('secret');
  });
});
