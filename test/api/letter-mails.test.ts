import request from 'supertest';
import { award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openFamily, type Family } from '../support/family.ts';
import { openSchool, type School } from '../support/school.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
let time: number;
let smtp: SmtpServer;
let cairn: TestCairn;
let school: School;
let family: Family;
/** What the log was told, by event. */
let told: { event?: string; code?: string; subject?: string }[];

const tell = (fields: object) => {
  told.push(fields);
};
const log = { debug: tell, info: tell, warn: tell, error: tell };
const from = 'letters@school.example';

const start = (env: Readonly<Record<string, string>> = {}) =>
  startCairn({
    now: () => new Date(time),
    log,
    mailMs: 300,
    env: { SMTP_URL: smtp.url, SMTP_FROM: from, ...env },
  });

beforeEach(async () => {
  // A Wednesday.
  time = Date.parse('2026-11-25T10:00:00Z');
  told = [];
  smtp = await startSmtp();
  cairn = await start();
  school = await openSchool(cairn);
  family = await openFamily(cairn, school);
  await school
    .call('patch', '/organization')
    .send({ policy: { digest: { guardians: true, learners: false } } });
});
afterEach(async () => {
  await cairn.close();
  await smtp.close();
});

/** Until everything that is due is done, and sent. */
async function pass(ms: number) {
  time += ms;
  for (let turn = 0; turn < 3; turn += 1) await cairn.cairn.dispatcher.sweep();
  await cairn.services.letterSender.settleDue();
}

const stateOf = async ({ id, key }: { id: string; key: string }) => {
  const answer = await school.call('get', `/people/${id}/digests`, key);
  return (answer.body as { items: { id: string; mail?: object }[] }).items[0]?.mail;
};
const mailsTo = (person: string) => smtp.messages.filter(({ to }) => to.startsWith(person));
const eventsOf = (name: string) => told.filter(({ event }) => event === name);

describe('a weekly letter', () => {
  it('goes out once, as text and as HTML, in the reader’s language', async () => {
    const achievement = await school.publish({ name: 'Fair <tests> & "graphs"' });
    await award(school, family.learner.id, achievement);
    await school.call('patch', '/organization').send({ email: 'office@school.example' });
    await school
      .call('patch', `/people/${family.guardian.id}`)
      .send({ language: 'de-AT', email: 'gus@home.example' });
    await pass(5 * dayMs);
    await pass(dayMs);
    await pass(dayMs);

    expect(smtp.messages).toHaveLength(2);
    const [letter] = mailsTo('gus@');
    expect(letter?.headers).toMatchObject({
      from: ['Test School <letters@school.example>'],
      to: ['Gus Guardian <gus@home.example>'],
      'reply-to': ['office@school.example'],
      subject: ['Die Woche an der Schule: Test School'],
      'content-language': ['de'],
      'list-unsubscribe-post': ['List-Unsubscribe=One-Click'],
      'auto-submitted': ['auto-generated'],
    });
    const [stop = ''] = letter?.headers['list-unsubscribe'] ?? [];
    expect(stop).toMatch(/^<http:\/\/localhost:3000\/letters\/stop\/[\w-]{43}>$/);
    const { 'text/plain': text = '', 'text/html': html = '' } = letter?.parts ?? {};
    expect(text).toContain('Die Woche von Ada Learner\nGeschafft:\n- Fair <tests> & "graphs"');
    expect(text).toContain(stop.slice(1, -1));
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<li>Fair &lt;tests&gt; &amp; &quot;graphs&quot;</li>');
    expect(html).toContain(`href="${stop.slice(1, -1)}"`);
    expect(html).not.toMatch(/<(img|link|script|style)|src=/);
    expect(await stateOf(family.guardian)).toEqual({ state: 'sent', at: expect.any(String) });
    expect(eventsOf('letter.sent')).toHaveLength(2);
  });
});

describe('the address in a letter', () => {
  const html = 'text/html,*/*;q=0.8';
  const stopOf = (person: string) => {
    const [header = ''] = mailsTo(person)[0]?.headers['list-unsubscribe'] ?? [];
    return new URL(header.slice(1, -1)).pathname;
  };
  const wants = async (id: string) =>
    ((await school.call('get', `/people/${id}`)).body as { digest?: boolean }).digest;

  beforeEach(async () => {
    await school
      .call('patch', `/people/${family.guardian.id}`)
      .send({ language: 'es', email: 'gus@home.example' });
    await pass(5 * dayMs);
  });

  it('changes nothing when it is opened, in the reader’s language and naming nobody', async () => {
    for (const ask of [request(cairn.app).get, request(cairn.app).head]) {
      const page = await ask(stopOf('gus@')).set('Accept', html);
      expect(page.status).toBe(200);
      expect(page.headers['cache-control']).toBe('no-store');
    }
    const { text } = await request(cairn.app).get(stopOf('gus@')).set('Accept', html);
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('¿Dejar de recibir la carta semanal?');
    expect(text).toMatch(/<form[^>]*method="post"/);
    expect(text).not.toMatch(/Gus|Ada|home\.example/);
    expect(await wants(family.guardian.id)).toBeUndefined();
  });

  it.each([
    ['a button', 'application/x-www-form-urlencoded', ''],
    ['a mail program', 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'a mail program with a form of parts',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    ],
  ])('stops the letters by %s, once for all', async (_by, type, body) => {
    const path = stopOf('gus@');
    for (let again = 0; again < 2; again += 1) {
      const done = await request(cairn.app).post(path).type(type).send(body);
      expect(done.status).toBe(200);
      expect(done.text).toContain('Ya no recibirá la carta semanal');
    }
    expect((await request(cairn.app).get(path)).text).not.toContain('<form');
    expect(await wants(family.guardian.id)).toBe(false);
    expect(eventsOf('letters.stopped')).toMatchObject([
      { subject: `person:${family.guardian.id}`, actor: `person:${family.guardian.id}` },
    ]);
    await pass(7 * dayMs);
    expect(mailsTo('gus@')).toHaveLength(1);
    expect(smtp.messages).toHaveLength(3);
  });

  it('opens nothing when it is guessed, or its reader is erased', async () => {
    const path = stopOf('gus@');
    await school.call('delete', `/people/${family.guardian.id}`);
    for (const wrong of [path, '/letters/stop/x', `/letters/stop/${family.guardian.id}`]) {
      expect((await request(cairn.app).get(wrong).set('Accept', html)).status).toBe(404);
      expect((await request(cairn.app).post(wrong)).status).toBe(404);
    }
  });
});
