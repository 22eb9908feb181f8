import request from 'supertest';
import { addGuardian } from '../support/family.ts';
import { dayMs, minuteMs, openMailedSchool, type MailedSchool } from '../support/mailed-school.ts';

let mailed: MailedSchool;
beforeEach(async () => {
  mailed = await openMailedSchool();
});
afterEach(() => mailed.close());

/** Only gus is to be written to. */
const onlyGus = () =>
  mailed.school.call('patch', `/people/${mailed.family.otherGuardian.id}`).send({ digest: false });
const idsOf = () => mailed.smtp.messages.map(({ headers }) => headers['message-id']?.[0]);
const stateOfGus = () => mailed.stateOf(mailed.family.guardian);

describe('a letter that the mail server does not take', () => {
  beforeEach(onlyGus);

  it('is tried again later after 451, as the same message', async () => {
    mailed.smtp.behave((stage) => (stage === 'message' ? '451 4.3.0 not now' : undefined));
    await mailed.pass(5 * dayMs);
    expect(await stateOfGus()).toMatchObject({ state: 'waiting', reason: '451' });
    mailed.smtp.behave(() => undefined);
    await mailed.pass(minuteMs);
    expect(idsOf()).toHaveLength(1);
    await mailed.pass(minuteMs);
    const [first, second] = idsOf();
    expect(first).toMatch(/^<[\w-]{36}@localhost>$/);
    expect(second).toBe(first);
    expect(await stateOfGus()).toMatchObject({ state: 'sent' });
    await mailed.pass(dayMs);
    expect(idsOf()).toHaveLength(2);
  });

  it.each(['rcpt', 'message'])(
    'is given up after 550 to %s, and told by person',
    async (refused) => {
      mailed.smtp.behave((stage) => (stage === refused ? '550 no gus@home.example' : undefined));
      await mailed.pass(5 * dayMs);
      expect(await stateOfGus()).toMatchObject({ state: 'failed', reason: '550' });
      mailed.smtp.behave(() => undefined);
      const before = mailed.smtp.connections;
      await mailed.pass(dayMs);
      expect(mailed.smtp.connections).toBe(before);
      const subject = `person:${mailed.family.guardian.id}`;
      expect(mailed.eventsOf('letter.failed')).toMatchObject([{ subject, code: '550' }]);
      expect(JSON.stringify(mailed.eventsOf('letter.failed'))).not.toContain('gus@');
      const { app, owner } = mailed.cairn;
      const metrics = await request(app).get('/metrics').auth(owner, { type: 'bearer' });
      expect(metrics.text).toMatch(/^cairn_letters_waiting 0$/m);
      expect(metrics.text).toMatch(/^cairn_letters_failed 1$/m);
      await mailed.pass(6 * dayMs);
      expect(await stateOfGus()).toMatchObject({ state: 'sent' });
    },
  );

  it('is given up when the week is over', async () => {
    mailed.smtp.behave((stage) => (stage === 'rcpt' ? '450 busy' : undefined));
    await mailed.pass(5 * dayMs);
    await mailed.school
      .call('patch', `/people/${mailed.family.guardian.id}`)
      .send({ digest: false });
    mailed.wait(7 * dayMs);
    await mailed.settle();
    expect(await stateOfGus()).toMatchObject({ state: 'failed', reason: 'late' });
    expect(mailed.smtp.messages).toEqual([]);
  });
});

describe('a mail server that takes nothing', () => {
  it.each([
    ['is silent', 'connect', 'hang', 'ETIMEDOUT'],
    ['turns everybody away', 'connect', '554 go away', 'EPROTOCOL 554'],
    ['does not accept the sender', 'mail', '550 who are you', 'EENVELOPE 550'],
    ['is silent after the message', 'message', 'hang', 'ETIMEDOUT'],
    ['hangs up after the message', 'message', 'drop', 'ECONNECTION'],
    ['hangs up at once', 'connect', 'drop', 'ECONNECTION'],
    ['closes', 'rcpt', '421 closing', 'EENVELOPE 421'],
  ])('and %s costs no letter, and is left alone for a minute', async (_how, at, said, code) => {
    const { smtp, pass, settle } = mailed;
    smtp.behave((stage) => (stage === at ? said : undefined));
    await pass(5 * dayMs);
    const before = smtp.connections;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThanOrEqual(2);
    expect(await stateOfGus()).toMatchObject({ state: 'waiting' });
    expect(mailed.eventsOf('mail.unavailable')[0]).toMatchObject({ code });
    await settle();
    expect(smtp.connections).toBe(before);
    smtp.behave(() => undefined);
    await pass(4 * minuteMs);
    for (const { id, key } of [mailed.family.guardian, mailed.family.otherGuardian]) {
      expect(await mailed.stateOf({ id, key })).toMatchObject({ state: 'sent' });
    }
    // What was not heard to be taken is sent again, as the same message.
    expect(new Set(idsOf()).size).toBe(2);
    expect(mailed.eventsOf('letter.failed')).toEqual([]);
  });

  it('is not asked for every letter in turn', async () => {
    for (let more = 0; more < 6; more += 1) {
      await addGuardian(mailed.cairn, mailed.school, mailed.family.learner.id);
    }
    mailed.smtp.behave(() => '421 not now');
    await mailed.pass(5 * dayMs);
    expect(mailed.smtp.connections).toBeLessThanOrEqual(2);
    expect(mailed.eventsOf('letter.attempt-failed').length).toBeLessThanOrEqual(2);
    mailed.smtp.behave(() => undefined);
    await mailed.pass(minuteMs);
    await mailed.pass(minuteMs);
    expect(mailed.smtp.messages).toHaveLength(8);
  });

  it('keeps nobody else waiting, nor a start, nor an end', async () => {
    const { cairn, smtp } = mailed;
    smtp.behave(() => 'hang');
    mailed.wait(5 * dayMs);
    for (let turn = 0; turn < 3; turn += 1) await cairn.cairn.dispatcher.sweep();
    expect(await stateOfGus()).toMatchObject({
      state: expect.stringMatching(/sending|waiting/) as string,
    });
    const other = await mailed.openOther({ SMTP_URL: 'smtp://127.0.0.1:1' });
    await other.dispatcher.sweep();
    await other[Symbol.asyncDispose]();
  });
});

describe('several processes', () => {
  it('send each letter once', async () => {
    mailed.wait(5 * dayMs);
    for (let turn = 0; turn < 2; turn += 1) await mailed.cairn.services.jobs.settleDue();
    const other = await mailed.openOther();
    const senders = [mailed.cairn.services.letterSender, other.services.letterSender];
    await Promise.all([...senders, ...senders].map((sender) => sender.settleDue()));
    await other[Symbol.asyncDispose]();
    expect(mailed.smtp.messages.map(({ to }) => to).sort()).toEqual([
      'gus@home.example',
      'otto@home.example',
    ]);
  });

  it.each([
    ['letter.claimed', 1],
    ['letter.sent', 2],
  ])('finish what one leaves at %s, sending it %s times in all', async (point, times) => {
    await onlyGus();
    mailed.wait(5 * dayMs);
    for (let turn = 0; turn < 2; turn += 1) await mailed.cairn.services.jobs.settleDue();
    const dying = await mailed.openOther({ FAULT: `${point}:1:throw` });
    await expect(dying.services.letterSender.settleDue()).rejects.toThrow();
    await dying[Symbol.asyncDispose]();
    await mailed.pass(4 * minuteMs);
    expect(await stateOfGus()).toMatchObject({ state: 'sending' });
    await mailed.pass(minuteMs);
    expect(await stateOfGus()).toMatchObject({ state: 'sent' });
    expect(idsOf()).toHaveLength(times);
    expect(new Set(idsOf()).size).toBe(1);
  });
});
