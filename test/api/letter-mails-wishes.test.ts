import { scopeOf } from '../../src/domain/roles.ts';
import { dayMs, minuteMs, openMailedSchool, type MailedSchool } from '../support/mailed-school.ts';

let mailed: MailedSchool;
afterEach(() => mailed.close());

const stateOfGus = () => mailed.stateOf(mailed.family.guardian);
const change = (body: object) =>
  mailed.school.call('patch', `/people/${mailed.family.guardian.id}`).send(body);
const digestsOf = (school: MailedSchool) => school.cairn.cairn.storage.stores.digests;

/** Of all letters, newest first. */
async function statesOfGus() {
  const { id, key } = mailed.family.guardian;
  const answer = await mailed.school.call('get', `/people/${id}/digests`, key);
  const { items } = answer.body as { items: { mail?: { state: string } }[] };
  return items.map(({ mail }) => mail?.state);
}

/** Letters are written, and the mail server is busy just then. */
async function writeLetters() {
  mailed.smtp.behave((stage) => (stage === 'rcpt' ? '450 busy' : undefined));
  await mailed.pass(5 * dayMs);
  expect(await stateOfGus()).toMatchObject({ state: 'waiting', reason: '450' });
  mailed.smtp.behave(() => undefined);
}

describe('between writing a letter and sending it', () => {
  const consents = () => `/learners/${mailed.family.learner.id}/consents`;

  beforeEach(async () => {
    mailed = await openMailedSchool();
    const { call } = mailed.school;
    const { guardian, learner, other, otherGuardian } = mailed.family;
    const policy = { guardianConsent: ['digest'], digest: { guardians: true, learners: false } };
    await call('patch', '/organization').send({ policy });
    // Gus writes for both from now on, and may speak for both.
    await change({ guardianOf: [learner.id, other.id] });
    const given = { scope: 'digest', textVersion: '1' };
    for (const { id } of [learner, other]) {
      const said = await call('post', `/learners/${id}/consents`, guardian.key).send(given);
      expect(said.status).toBe(201);
    }
    await call('patch', `/people/${otherGuardian.id}`).send({ digest: false });
    await writeLetters();
  });

  it('a consent that is taken back leaves its learner out', async () => {
    const { guardian } = mailed.family;
    const { call } = mailed.school;
    const taken = await call('post', `${consents()}/withdraw`, guardian.key).send({
      scope: 'digest',
    });
    expect(taken.status).toBeLessThan(300);
    await mailed.pass(2 * minuteMs);
    const [letter] = mailed.mailsTo('gus@');
    expect(letter?.parts['text/plain']).toContain('The week of Other Learner');
    expect(letter?.raw).not.toContain('Ada');
  });

  it.each([
    ['the reader does not want it', 'declined', () => change({ digest: false })],
    ['the reader is nobody’s guardian any more', 'no-consent', () => change({ guardianOf: [] })],
    ['the reader is no guardian any more', 'not-wanted', () => change({ roles: ['teacher'] })],
    [
      'the school does not want it',
      'not-wanted',
      () =>
        mailed.school
          .call('patch', '/organization')
          .send({ policy: { digest: { guardians: false, learners: true } } }),
    ],
  ])('%s: nothing is sent', async (_what, reason, happen) => {
    expect((await happen()).status).toBe(200);
    await mailed.pass(2 * minuteMs);
    expect(mailed.smtp.messages).toEqual([]);
    expect(await stateOfGus()).toMatchObject({ state: 'withheld', reason });
    expect(mailed.eventsOf('letter.withheld')).toMatchObject([{ code: reason }]);
  });

  it('an address that is put right is the one that it goes to', async () => {
    await change({ email: 'gus@new.example' });
    await mailed.pass(2 * minuteMs);
    expect(mailed.smtp.messages.map(({ to }) => to)).toEqual(['gus@new.example']);
  });

  it('the reader is erased: their address and letters are gone, and nothing is sent', async () => {
    await mailed.school.call('delete', `/people/${mailed.family.guardian.id}`);
    await mailed.pass(2 * minuteMs);
    expect(mailed.smtp.messages).toEqual([]);
    const left = await digestsOf(mailed).list(scopeOf(mailed), mailed.family.guardian.id, {
      limit: 10,
    });
    expect(left.items).toEqual([]);
  });
});

describe('without a mail server', () => {
  it('letters are kept, and when there is one those of this week go out, and no older ones', async () => {
    mailed = await openMailedSchool({ SMTP_URL: '', SMTP_FROM: '' });
    await mailed.pass(5 * dayMs);
    await mailed.pass(7 * dayMs);
    expect(await stateOfGus()).toBeUndefined();
    expect(mailed.smtp.connections).toBe(0);

    const withMail = await mailed.openOther({
      SMTP_URL: mailed.smtp.url,
      SMTP_FROM: 'Hill Schools <letters@school.example>',
    });
    mailed.wait(61 * minuteMs);
    await mailed.settle(withMail);
    await withMail[Symbol.asyncDispose]();
    expect(mailed.smtp.messages).toHaveLength(2);
    expect(mailed.mailsTo('gus@')[0]?.headers.from).toEqual([
      'Hill Schools <letters@school.example>',
    ]);
    expect(await statesOfGus()).toEqual(['sent', undefined]);
  });
});

describe('after weeks in which nothing ran', () => {
  it('the letter of the last week goes out, and those before it are kept', async () => {
    mailed = await openMailedSchool();
    await mailed.pass(5 * dayMs);
    await mailed.pass(21 * dayMs);
    expect(await statesOfGus()).toEqual(['sent', undefined, undefined, 'sent']);
    expect(mailed.mailsTo('gus@')).toHaveLength(2);
    expect(mailed.eventsOf('letter.failed')).toEqual([]);
  });
});
