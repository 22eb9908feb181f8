import request from 'supertest';
import { award } from '../support/awarding.ts';
import { dayMs, openMailedSchool, type MailedSchool } from '../support/mailed-school.ts';

let mailed: MailedSchool;

beforeEach(async () => {
  mailed = await openMailedSchool();
});
afterEach(() => mailed.close());

describe('a weekly letter', () => {
  it('goes out once, as text and as HTML, in the reader’s language', async () => {
    const { school, family, smtp, pass } = mailed;
    const achievement = await school.publish({ name: 'Fair <tests> & "graphs"' });
    await award(school, family.learner.id, achievement);
    await school.call('patch', '/organization').send({ email: 'office@school.example' });
    await school.call('patch', `/people/${family.guardian.id}`).send({ language: 'de-AT' });
    await pass(5 * dayMs);
    await pass(dayMs);
    await pass(dayMs);

    expect(smtp.messages).toHaveLength(2);
    const [letter] = mailed.mailsTo('gus@');
    expect(letter?.headers).toMatchObject({
      from: ['Test School <letters@school.example>'],
      to: ['Gus Guardian <gus@home.example>'],
      'reply-to': ['office@school.example'],
      subject: ['Die Woche (Test School)'],
      'content-language': ['de'],
      'list-unsubscribe-post': ['List-Unsubscribe=One-Click'],
      'auto-submitted': ['auto-generated'],
    });
    const [stop = ''] = letter?.headers['list-unsubscribe'] ?? [];
    expect(stop).toMatch(/^<http:\/\/localhost:3000\/letters\/stop\/[\w-]{43}>$/);
    const { 'text/plain': text = '', 'text/html': html = '' } = letter?.parts ?? {};
    expect(text).toContain(
      'Die Woche von Ada Learner\nGeschafft (Lernziele):\n- Fair <tests> & "graphs"',
    );
    expect(text).toContain(stop.slice(1, -1));
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<li>Fair &lt;tests&gt; &amp; &quot;graphs&quot;</li>');
    expect(html).toContain(`href="${stop.slice(1, -1)}"`);
    expect(html).not.toMatch(/<(img|link|script|style)|src=/);
    const sent = { state: 'sent', at: expect.any(String) as string };
    expect(await mailed.stateOf(family.guardian)).toEqual(sent);
    expect(mailed.eventsOf('letter.sent')).toHaveLength(2);
  });

  it('has no header that somebody wrote into a name', async () => {
    const { school, family, smtp, pass } = mailed;
    const evil = 'Hill\r\nBcc: all@evil.example\r\n\r\n.\r\nMAIL FROM:<x@evil.example>';
    const named = await school.call('patch', '/organization').send({ name: evil });
    expect(named.status).toBe(200);
    for (const { id } of [family.guardian, family.learner]) {
      expect((await school.call('patch', `/people/${id}`).send({ name: evil })).status).toBe(200);
    }
    await pass(5 * dayMs);
    expect(smtp.messages.map(({ to }) => to).sort()).toEqual([
      'gus@home.example',
      'otto@home.example',
    ]);
    for (const { headers } of smtp.messages) {
      expect(headers).not.toHaveProperty('bcc');
      expect(headers.subject?.[0]).toMatch(/^The week at Hill Bcc: all@evil.example \. MAIL/);
    }
  });
});

describe('a letter that the mail server refused', () => {
  it('is told to those who put addresses right, without what it says', async () => {
    const { school, family, smtp, pass } = mailed;
    const list = (query = '') => school.call('get', `/letters/undelivered${query}`);
    expect((await list()).body).toEqual({ items: [] });
    smtp.behave((stage) => (stage === 'rcpt' ? '550 nobody here' : undefined));
    await pass(5 * dayMs);
    await pass(7 * dayMs);
    const { items } = (await list()).body as { items: { week: string; person: string }[] };
    const gus = items.filter(({ person }) => person === family.guardian.id);
    expect(items).toHaveLength(4);
    const why = { reason: '550', at: expect.any(String) as string };
    const who = { person: family.guardian.id, name: 'Gus Guardian', email: 'gus@home.example' };
    expect(gus.map(({ week: _week, ...rest }) => rest)).toEqual([
      { ...who, ...why },
      { ...who, ...why },
    ]);
    expect(gus.map(({ week }) => week)).toEqual(
      gus
        .map(({ week }) => week)
        .sort()
        .reverse(),
    );
    expect((await list('?limit=1')).body).toMatchObject({ items: [items[0]] });
  });
});

describe('the address in a letter', () => {
  const html = 'text/html,*/*;q=0.8';
  const stopOf = (person: string) => {
    const [header = ''] = mailed.mailsTo(person)[0]?.headers['list-unsubscribe'] ?? [];
    return new URL(header.slice(1, -1)).pathname;
  };
  const wants = async (id: string) => {
    const answer = await mailed.school.call('get', `/people/${id}`);
    return (answer.body as { digest?: boolean }).digest;
  };

  beforeEach(async () => {
    const { school, family, pass } = mailed;
    await school.call('patch', `/people/${family.guardian.id}`).send({ language: 'es' });
    await pass(5 * dayMs);
  });

  it('changes nothing when it is opened, in the reader’s language and naming nobody', async () => {
    const { app } = mailed.cairn;
    for (const ask of ['get', 'head'] as const) {
      const page = await request(app)[ask](stopOf('gus@')).set('Accept', html);
      expect(page.status).toBe(200);
      expect(page.headers['cache-control']).toBe('no-store');
    }
    const { text } = await request(app).get(stopOf('gus@')).set('Accept', html);
    expect(text).toContain('<html lang="es">');
    expect(text).toContain('¿Dejar de recibir la carta semanal?');
    expect(text).toMatch(/<form[^>]*method="post"/);
    expect(text).not.toMatch(/Gus|Ada|home\.example/);
    expect(await wants(mailed.family.guardian.id)).toBeUndefined();
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
    const { cairn, family, pass, smtp } = mailed;
    const path = stopOf('gus@');
    for (let again = 0; again < 2; again += 1) {
      const done = await request(cairn.app).post(path).type(type).send(body);
      expect(done.status).toBe(200);
      expect(done.text).toContain('Ya no recibirá la carta semanal');
    }
    expect((await request(cairn.app).get(path)).text).not.toContain('<form');
    expect(await wants(family.guardian.id)).toBe(false);
    const person = `person:${family.guardian.id}`;
    expect(mailed.eventsOf('letters.stopped')).toMatchObject([{ subject: person, actor: person }]);
    await pass(7 * dayMs);
    expect(mailed.mailsTo('gus@')).toHaveLength(1);
    expect(smtp.messages).toHaveLength(3);
  });

  it('opens nothing when it is guessed, or its reader is erased', async () => {
    const path = stopOf('gus@');
    await mailed.school.call('delete', `/people/${mailed.family.guardian.id}`);
    const { app } = mailed.cairn;
    const { letterLinks } = mailed.cairn.cairn.storage.stores;
    expect(await letterLinks.find(path.split('/').at(-1) ?? '')).toBeUndefined();
    for (const wrong of [path, '/letters/stop/x', `/letters/stop/${mailed.family.guardian.id}`]) {
      expect((await request(app).get(wrong).set('Accept', html)).status).toBe(404);
      expect((await request(app).post(wrong)).status).toBe(404);
    }
  });
});
