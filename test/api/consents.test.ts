import request from 'supertest';
import { newId } from '../../src/shared/ids.ts';
import { agree, award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openFamily, statusByReader, type Family } from '../support/family.ts';
import { openSchool, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let family: Family;
/** Of the minor. */
let credential: string;

beforeEach(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  family = await openFamily(cairn, school);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  await award(school, family.learner.id, await school.publish());
  await cairn.cairn.queue.drained();
  const listed = await school.call('get', `/credentials?learner=${family.learner.id}`);
  credential = (listed.body as { items: { id: string }[] }).items[0]?.id ?? '';
});
afterEach(async () => {
  await cairn.close();
});

const askFor = (guardianConsent: readonly string[]) =>
  school.call('patch', '/organization').send({ policy: { guardianConsent } });
const publish = (key = family.learner.key) =>
  school.call('post', `/credentials/${credential}/publish`, key);
const withdraw = (key: string, scope = 'public') =>
  school.call('post', `/learners/${family.learner.id}/consents/withdraw`, key).send({ scope });
const publicAddresses = () =>
  ['', '.json', '.jwt', '.png', '.svg'].map((form) => `/credentials/${credential}${form}`);
const statusOf = async (address: string) =>
  (await request(cairn.app).get(address).set('Accept', 'text/html, */*')).status;
const isPublic = async () => (await statusOf(`/credentials/${credential}.json`)) === 200;

describe('a minor’s badge', () => {
  it('goes public as before where the school asks for nobody’s consent', async () => {
    expect((await publish()).status).toBe(200);
    expect(await isPublic()).toBe(true);
  });

  it('waits for a guardian where the school asks for one, and closes when that is taken back', async () => {
    await askFor(['public']);
    expect((await publish()).body).toMatchObject({ status: 403, code: 'consent.missing' });
    expect((await publish(cairn.owner)).body).toMatchObject({ code: 'consent.missing' });
    expect(await isPublic()).toBe(false);

    await agree(school, family.learner.id, family.guardian.key, 'public');
    expect((await publish()).status).toBe(200);
    expect(await isPublic()).toBe(true);
    expect((await withdraw(family.guardian.key)).status).toBe(201);
    expect(await isPublic()).toBe(false);
    expect((await publish()).body).toMatchObject({ code: 'consent.missing' });
    expect((await withdraw(family.guardian.key)).body).toMatchObject({ code: 'consent.not_given' });
  });

  it('closes at once where the school begins to ask, and opens with a guardian’s word', async () => {
    await publish();
    await askFor(['public']);
    for (const address of publicAddresses()) {
      expect([address, await statusOf(address)]).toEqual([address, 404]);
    }
    const url = cairn.cairn.urls.credential(credential);
    expect((await request(cairn.app).post('/verify').send({ url })).status).toBe(422);
    // What was signed stays with its learner.
    const own = await school.call('get', `/credentials/${credential}`, family.learner.key);
    expect(own.status).toBe(200);
    await agree(school, family.learner.id, family.guardian.key, 'public');
    for (const address of publicAddresses()) {
      expect([address, await statusOf(address)]).toEqual([address, 200]);
    }
    expect((await request(cairn.app).post('/verify').send({ url })).body).toMatchObject({
      verified: true,
    });
  });

  it('is a guardian’s to close also where the school does not ask', async () => {
    await agree(school, family.learner.id, family.guardian.key, 'public');
    await publish();
    await withdraw(family.guardian.key);
    expect(await isPublic()).toBe(false);
    expect((await publish()).body).toMatchObject({ code: 'consent.missing' });
    expect(await isPublic()).toBe(false);
  });

  it('closes where somebody turns out to be a minor', async () => {
    await askFor(['public']);
    const minor = (adult: boolean) =>
      school.call('patch', `/people/${family.learner.id}`).send({ adult });
    await minor(true);
    await publish();
    expect(await isPublic()).toBe(true);
    await minor(false);
    expect(await isPublic()).toBe(false);
  });

  it('closes also when the process died before it could', async () => {
    await askFor(['public']);
    await agree(school, family.learner.id, family.guardian.key, 'public');
    await publish();
    const { consents } = cairn.cairn.storage.stores;
    const person = await school.call('get', '/organization');
    await consents.add({
      id: newId(),
      organization: (person.body as { id: string }).id,
      learner: family.learner.id,
      scope: 'public',
      act: 'withdrawn',
      by: family.guardian.id,
      at: new Date(),
      textVersion: '2026-1',
    });
    expect(await isPublic()).toBe(false);
    await cairn.cairn.dispatcher.sweep();
    await agree(school, family.learner.id, family.guardian.key, 'public');
    // Whoever agrees again opens nothing by that.
    expect(await isPublic()).toBe(false);
  });
});

describe('a consent', () => {
  const give = (key: string, learner = family.learner.id) =>
    school
      .call('post', `/learners/${learner}/consents`, key)
      .send({ scope: 'public', textVersion: '2026-1', text: 'I agree.' });

  it('is given by a guardian of that learner and nobody else', async () => {
    expect(await statusByReader(family, give)).toEqual({
      learner: 403,
      other: 404,
      guardian: 201,
      otherGuardian: 404,
      teacher: 403,
      mentor: 404,
    });
    expect((await give(cairn.owner)).status).toBe(403);
  });

  it('is an adult learner’s own', async () => {
    await school.call('patch', `/people/${family.learner.id}`).send({ adult: true });
    expect(await statusByReader(family, give)).toMatchObject({ learner: 201, guardian: 403 });
    await askFor(['public']);
    expect((await publish()).status).toBe(200);
  });

  it('is kept word by word: who, when, what, which text', async () => {
    await give(family.guardian.key);
    await withdraw(family.guardian.key);
    const path = `/learners/${family.learner.id}/consents`;
    const listed = await school.call('get', path, family.guardian.key);
    expect((listed.body as { items: object[] }).items).toMatchObject([
      { act: 'withdrawn', by: family.guardian.id, textVersion: '2026-1' },
      { act: 'given', by: family.guardian.id, scope: 'public', text: 'I agree.' },
    ]);
    expect(await statusByReader(family, (key) => school.call('get', path, key))).toEqual({
      learner: 200,
      other: 404,
      guardian: 200,
      otherGuardian: 404,
      teacher: 200,
      mentor: 404,
    });
  });

  it('of a learner who is erased keeps ids only', async () => {
    await give(family.guardian.key);
    expect((await school.call('delete', `/people/${family.learner.id}`)).status).toBe(204);
    const model = cairn.cairn.storage.stores.consents;
    const organization = ((await school.call('get', '/organization')).body as { id: string }).id;
    const scope = { organization } as Parameters<typeof model.list>[0];
    const { items } = await model.list(scope, family.learner.id, { limit: 10 });
    expect(items).toHaveLength(1);
    expect(items[0]?.text).toBeUndefined();
  });
});

describe('taking back the consent to mentoring', () => {
  it('ends offers and mentorships at once', async () => {
    const achievement = await school.publish({ name: 'Graphs' });
    const { mentor, learner, guardian, teacher } = family;
    const body = { achievement: achievement.id };
    await school.call('post', `/learners/${mentor.id}/mentoring`, mentor.key).send(body);
    await agree(school, learner.id, guardian.key);
    const asked = await school
      .call('post', '/mentorships', teacher.key)
      .send({ ...body, learner: learner.id, mentor: mentor.id });
    expect(asked.status).toBe(201);
    expect((await withdraw(guardian.key, 'mentoring')).status).toBe(201);
    const listed = await school.call('get', '/mentorships', teacher.key);
    expect((listed.body as { items: object[] }).items).toMatchObject([
      { state: 'ended', outcome: 'stopped' },
    ]);
  });
});
