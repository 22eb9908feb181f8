import { agree, award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addGuardian, openFamily, statusByReader, type Family } from '../support/family.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly code: string;
  readonly learnerName?: string;
  readonly mentorName?: string;
}

let cairn: TestCairn;
let school: School;
let family: Family;
let achievement: PublishedAchievement;

beforeEach(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  family = await openFamily(cairn, school);
  achievement = await school.publish();
});
afterEach(async () => {
  await cairn.close();
});

const offer = (id: string, key: string) =>
  school.call('post', `/learners/${id}/mentoring`, key).send({ achievement: achievement.id });

const ask = (mentor: string, key = family.learner.key, learner = family.learner.id) =>
  school.call('post', '/mentorships', key).send({ learner, mentor, achievement: achievement.id });

const suggestions = async (key = family.teacher.key, learner = family.learner.id) => {
  const path = `/learners/${learner}/mentor-suggestions?achievement=${achievement.id}`;
  const answer = await school.call('get', path, key);
  expect(answer.status).toBe(200);
  return (answer.body as { items: { mentor: string; name?: string; open: number }[] }).items;
};

/** Somebody who holds it and offers help, with the word of a guardian. */
async function addMentor(name: string) {
  const mentor = await cairn.as('learner', { name });
  const guardian = await addGuardian(cairn, school, mentor.id);
  await award(school, mentor.id, achievement);
  await agree(school, mentor.id, guardian.key);
  expect((await offer(mentor.id, mentor.key)).status).toBe(201);
  return { ...mentor, guardian };
}

const agreeForAda = () => agree(school, family.learner.id, family.guardian.key);
const codeOf = ({ body }: { body: unknown }) => (body as Shown).code;

describe('offering to help', () => {
  it('takes the achievement, the own word and, of a minor, a guardian’s', async () => {
    const { other, otherGuardian, teacher } = family;
    expect(codeOf(await offer(other.id, other.key))).toBe('consent.missing');
    expect((await agree(school, other.id, otherGuardian.key)).status).toBe(201);
    expect(codeOf(await offer(other.id, other.key))).toBe('mentoring.not_held');
    await award(school, other.id, achievement);
    expect(codeOf(await offer(other.id, teacher.key))).toBe('mentoring.own_word');
    expect(codeOf(await offer(other.id, family.learner.key))).toBe('learner.not_found');
    expect(await suggestions()).toEqual([]);
    expect((await offer(other.id, other.key)).status).toBe(201);
    expect((await offer(other.id, other.key)).status).toBe(201);
    expect(await suggestions()).toMatchObject([{ mentor: other.id, name: 'Other Learner' }]);
  });

  it('ends with the own word, and with a guardian’s', async () => {
    const mentor = await addMentor('Mia');
    const path = `/learners/${mentor.id}/mentoring?achievement=${achievement.id}`;
    expect((await school.call('delete', path, family.learner.key)).status).toBe(404);
    expect(await suggestions()).toHaveLength(1);
    expect((await school.call('delete', path, mentor.guardian.key)).status).toBe(204);
    expect(await suggestions()).toEqual([]);
  });

  it('is nothing for volunteers to have earned', async () => {
    expect((await offer(family.mentor.id, family.mentor.key)).status).toBe(201);
    expect(await suggestions()).toMatchObject([{ mentor: family.mentor.id, name: 'Mo Mentor' }]);
  });
});

describe('suggestions', () => {
  it('put those with the fewest others first, and nobody who lost the badge', async () => {
    const [mia, max, nia] = [
      await addMentor('Mia'),
      await addMentor('Max'),
      await addMentor('Nia'),
    ];
    await agreeForAda();
    await ask(mia.id);
    const other = family.other;
    await agree(school, other.id, family.otherGuardian.key);
    expect((await suggestions(other.key, other.id)).map(({ mentor }) => mentor)).toEqual([
      max.id,
      nia.id,
      mia.id,
    ]);
    // Whoever is asked already is not suggested to the same learner again.
    expect((await suggestions()).map(({ mentor }) => mentor)).toEqual([max.id, nia.id]);
    const credentials = await school.call('get', `/credentials?learner=${max.id}`);
    cairn.cairn.queue.process(cairn.services.issuances.process);
    await cairn.cairn.queue.drained();
    const listed = await school.call('get', `/credentials?learner=${max.id}`);
    expect(credentials.status).toBe(200);
    const [held] = (listed.body as { items: Shown[] }).items;
    await school.call('post', `/credentials/${held?.id ?? ''}/revoke`).send({ reason: 'Mistake' });
    expect((await suggestions()).map(({ mentor }) => mentor)).toEqual([nia.id]);
    expect(await suggestions(family.teacher.key, nia.id)).not.toContainEqual(
      expect.objectContaining({ mentor: nia.id }),
    );
  });

  it('name no minor to a learner, and are for staff and the learner only', async () => {
    await addMentor('Mia');
    for (const one of await suggestions(family.learner.key)) expect(one.name).toBeUndefined();
    const path = `/learners/${family.learner.id}/mentor-suggestions?achievement=${achievement.id}`;
    expect(await statusByReader(family, (key) => school.call('get', path, key))).toEqual({
      learner: 200,
      other: 404,
      guardian: 403,
      otherGuardian: 404,
      teacher: 200,
      mentor: 404,
    });
  });
});

describe('a mentorship', () => {
  it('is asked for, accepted by the mentor, and ends with what came of it', async () => {
    const mia = await addMentor('Mia');
    expect(codeOf(await ask(mia.id))).toBe('consent.missing');
    await agreeForAda();
    const asked = (await ask(mia.id)).body as Shown;
    expect(asked).toMatchObject({ state: 'asked', learnerName: 'Ada Learner' });
    expect(asked.mentorName).toBeUndefined();
    expect(codeOf(await ask(mia.id))).toBe('mentorship.exists');

    const call = (verb: string, key: string, body = {}) =>
      school.call('post', `/mentorships/${asked.id}/${verb}`, key).send(body);
    const seen = (await school.call('get', '/mentorships', mia.key)).body as { items: Shown[] };
    expect(seen.items).toMatchObject([{ id: asked.id, mentorName: 'Mia' }]);
    expect(seen.items[0]?.learnerName).toBeUndefined();
    for (const { key } of [family.learner, family.teacher, family.guardian]) {
      expect(codeOf(await call('accept', key))).toBe('mentorship.not_asked');
    }
    expect(codeOf(await call('accept', family.other.key))).toBe('mentorship.not_found');
    expect((await call('accept', mia.key)).body).toMatchObject({
      state: 'accepted',
      learnerName: 'Ada Learner',
      mentorName: 'Mia',
    });
    expect(codeOf(await call('decline', mia.key))).toBe('mentorship.accepted');
    expect(codeOf(await call('end', family.guardian.key, { outcome: 'helped' }))).toBe(
      'mentorship.not_yours',
    );
    expect((await call('end', family.learner.key, { outcome: 'helped' })).body).toMatchObject({
      state: 'ended',
      outcome: 'helped',
    });
    expect(codeOf(await call('end', mia.key, { outcome: 'helped' }))).toBe('mentorship.over');
  });

  it('is refused with oneself, without an offer, for what is earned, and with a strange flag', async () => {
    const mia = await addMentor('Mia');
    await agreeForAda();
    expect(codeOf(await ask(family.learner.id))).toBe('mentorship.oneself');
    expect(codeOf(await ask(family.other.id))).toBe('mentorship.not_offered');
    expect(codeOf(await ask(mia.id, family.other.key))).toBe('learner.not_found');
    expect(codeOf(await ask(mia.id, family.guardian.key))).toBe('mentorship.not_yours');
    const flag = await school
      .call('post', '/support-flags')
      .send({ learner: family.other.id, text: 'Hm.' });
    const names = { learner: family.learner.id, mentor: mia.id, achievement: achievement.id };
    const strange = { ...names, flag: (flag.body as Shown).id };
    expect(codeOf(await school.call('post', '/mentorships').send(strange))).toBe(
      'support_flag.not_found',
    );
    await award(school, family.learner.id, achievement);
    expect(codeOf(await ask(mia.id))).toBe('mentorship.already_earned');
    expect((await school.call('get', '/mentorships')).body).toEqual({ items: [] });
  });

  it('shows a volunteer the flag that it is about, in plain words, and no other', async () => {
    await agreeForAda();
    await offer(family.mentor.id, family.mentor.key);
    const raise = async (learner: string) =>
      (await school.call('post', '/support-flags').send({ learner, text: 'Seems lost.' }))
        .body as Shown;
    const flag = await raise(family.learner.id);
    const otherFlag = await raise(family.other.id);
    const names = { learner: family.learner.id, mentor: family.mentor.id };
    const asked = await school
      .call('post', '/mentorships', family.teacher.key)
      .send({ ...names, achievement: achievement.id, flag: flag.id });
    expect(asked.status).toBe(201);
    const read = (id: string) => school.call('get', `/support-flags/${id}`, family.mentor.key);
    expect(Object.keys((await read(flag.id)).body as object)).not.toContain('log');
    expect((await read(flag.id)).status).toBe(200);
    expect((await read(otherFlag.id)).status).toBe(404);
    const path = `/mentorships/${(asked.body as Shown).id}/decline`;
    expect((await school.call('post', path, family.mentor.key)).body).toMatchObject({
      state: 'declined',
    });
    expect((await read(flag.id)).status).toBe(404);
  });

  it('is seen by the two, their guardians and staff', async () => {
    const mia = await addMentor('Mia');
    await agreeForAda();
    const { id } = (await ask(mia.id)).body as Shown;
    const readers = { ...family, mia, miasGuardian: mia.guardian };
    const found = await statusByReader(readers, async (key) => {
      const answer = await school.call('get', '/mentorships', key);
      const { items } = answer.body as { items: Shown[] };
      return { status: items.filter((one) => one.id === id).length };
    });
    expect(found).toEqual({
      learner: 1,
      other: 0,
      guardian: 1,
      otherGuardian: 0,
      teacher: 1,
      mentor: 0,
      mia: 1,
      miasGuardian: 1,
    });
  });
});
