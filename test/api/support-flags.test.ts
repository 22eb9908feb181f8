import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openFamily, statusByReader, type Family } from '../support/family.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Flag {
  readonly id: string;
  readonly learner: string;
  readonly kind: string;
  readonly state: string;
  readonly summary: string;
  readonly log?: readonly { text: string }[];
  readonly resolution?: string;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
let time: number;
let cairn: TestCairn;
let school: School;
let family: Family;
let achievement: PublishedAchievement;

beforeEach(async () => {
  time = Date.now();
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openSchool(cairn);
  family = await openFamily(cairn, school);
  achievement = await school.publish();
});
afterEach(async () => {
  await cairn.close();
});

const setPolicy = async (support: object) => {
  const answer = await school.call('patch', '/organization').send({ policy: { support } });
  expect(answer.status).toBe(200);
};

/** The job, an hour after it last ran. */
const lookAfter = async (ms: number) => {
  time += ms;
  await cairn.cairn.dispatcher.sweep();
};

async function flagsOf(query = '', key = cairn.owner): Promise<readonly Flag[]> {
  const answer = await school.call('get', `/support-flags${query}`, key);
  expect(answer.status).toBe(200);
  return (answer.body as { items: Flag[] }).items;
}

const raise = (body: object, key = family.teacher.key) =>
  school.call('post', '/support-flags', key).send(body);

async function handIn(key = family.learner.key, name = achievement.id) {
  const answer = await school.call('post', '/submissions', key).send({
    achievements: [name],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

async function decide(submission: string, decision: 'revise' | 'approve') {
  const results = resultsAt(achievement, decision === 'approve' ? 1 : 0);
  const answer = await school
    .call('post', `/submissions/${submission}/reviews`, family.teacher.key)
    .send({ achievement: achievement.id, decision, results, feedback: 'Say more.' });
  expect(answer.status).toBe(201);
}

describe('the job', () => {
  it('raises nothing as long as the school has not said when', async () => {
    await lookAfter(100 * dayMs);
    expect(await flagsOf()).toEqual([]);
  });

  it('flags whoever had no progress for so many days, once, and lets go when something moves', async () => {
    await setPolicy({ daysWithoutProgress: 10 });
    await lookAfter(9 * dayMs);
    expect(await flagsOf()).toEqual([]);
    await lookAfter(dayMs + hourMs);
    const found = await flagsOf();
    expect(found.map(({ learner }) => learner).sort()).toEqual(
      [family.learner.id, family.other.id].sort(),
    );
    expect(found[0]).toMatchObject({
      kind: 'no-progress',
      state: 'open',
      summary: 'Nothing new for 10 days.',
    });
    await lookAfter(2 * hourMs);
    expect(await flagsOf()).toHaveLength(2);

    await handIn();
    await lookAfter(2 * hourMs);
    expect((await flagsOf('?state=open')).map(({ learner }) => learner)).toEqual([family.other.id]);
    expect(await flagsOf('?state=resolved')).toMatchObject([
      { learner: family.learner.id, resolution: 'fact-gone' },
    ]);
  });

  it('looks once an hour at most, however often it is asked, and from several processes', async () => {
    await lookAfter(hourMs);
    await setPolicy({ daysWithoutProgress: 1 });
    await Promise.all(Array.from({ length: 5 }, () => lookAfter(0)));
    await lookAfter(50 * 60_000);
    expect(await flagsOf()).toEqual([]);
    await lookAfter(2 * dayMs);
    await Promise.all(Array.from({ length: 4 }, () => cairn.services.jobs.settleDue()));
    expect(await flagsOf()).toHaveLength(2);
  });

  it('goes on after the page where a process died', async () => {
    await setPolicy({ daysWithoutProgress: 1 });
    await cairn.services.jobs.settleDue();
    time += 3 * dayMs;
    const { jobRuns } = cairn.cairn.storage.stores;
    // Somebody took the job and was never heard of again.
    await jobRuns.claim(new Date(time), new Date(time + 60_000));
    await cairn.services.jobs.settleDue();
    expect(await flagsOf()).toEqual([]);
    await lookAfter(61_000);
    expect(await flagsOf()).toHaveLength(2);
  });

  it('flags what is sent back again and again, and lets go of it when it is earned', async () => {
    await setPolicy({ timesSentBack: 2 });
    const submission = await handIn();
    await decide(submission, 'revise');
    await lookAfter(2 * hourMs);
    expect(await flagsOf()).toEqual([]);
    await school.call('post', `/submissions/${submission}/submit`, family.learner.key);
    await decide(submission, 'revise');
    await lookAfter(2 * hourMs);
    expect(await flagsOf()).toMatchObject([
      {
        learner: family.learner.id,
        kind: 'sent-back',
        achievement: achievement.id,
        summary: '“Fair tests” was sent back 2 times.',
      },
    ]);
    await school.call('post', `/submissions/${submission}/submit`, family.learner.key);
    await decide(submission, 'approve');
    await lookAfter(2 * hourMs);
    expect(await flagsOf()).toMatchObject([{ state: 'resolved', resolution: 'fact-gone' }]);
  });

  it('leaves what somebody works on to that person', async () => {
    await setPolicy({ daysWithoutProgress: 5 });
    await lookAfter(6 * dayMs);
    const [flag] = await flagsOf(`?learner=${family.learner.id}`);
    await school.call('post', `/support-flags/${flag?.id ?? ''}/take`, family.teacher.key);
    await handIn();
    await lookAfter(2 * hourMs);
    expect(await flagsOf(`?learner=${family.learner.id}`)).toMatchObject([{ state: 'taken' }]);
  });

  it('tells the audit log of each flag once, in ids only', async () => {
    await setPolicy({ daysWithoutProgress: 5 });
    await lookAfter(6 * dayMs);
    const { items } = (await school.call('get', '/audit-events?limit=200')).body as {
      items: { action: string; details: object }[];
    };
    const raised = items.filter(({ action }) => action === 'support-flag.raised');
    expect(raised.map(({ details }) => details)).toEqual(
      expect.arrayContaining([
        { learner: family.learner.id, kind: 'no-progress' },
        { learner: family.other.id, kind: 'no-progress' },
      ]),
    );
    expect(raised).toHaveLength(2);
  });
});

describe('a flag', () => {
  it('is raised by hand, taken, written about and resolved', async () => {
    const raised = await raise({ learner: family.learner.id, text: 'Seems lost.' });
    expect(raised.status).toBe(201);
    const { id } = raised.body as Flag;
    expect((await raise({ learner: family.learner.id, text: 'Again.' })).body).toMatchObject({
      status: 409,
      code: 'support_flag.exists',
    });
    const call = (verb: string, body = {}) =>
      school.call('post', `/support-flags/${id}/${verb}`, family.teacher.key).send(body);
    expect((await call('take')).body).toMatchObject({
      state: 'taken',
      owner: family.teacher.id,
      summary: 'Somebody at the school would like to help. Tara Teacher is helping.',
    });
    await call('log', { text: 'We talked.' });
    const resolved = (await call('resolve', { outcome: 'Found a partner.' })).body as Flag;
    expect(resolved).toMatchObject({ state: 'resolved', outcome: 'Found a partner.' });
    expect(resolved.log?.map(({ text }) => text)).toEqual(['Seems lost.', 'We talked.']);
    expect((await call('log', { text: 'Late.' })).body).toMatchObject({
      status: 409,
      code: 'support_flag.resolved',
    });
    expect((await raise({ learner: family.learner.id, text: 'Anew.' })).status).toBe(201);
  });

  it('is not raised about nobody, about staff or about what does not exist', async () => {
    for (const learner of [crypto.randomUUID(), family.teacher.id]) {
      expect((await raise({ learner, text: 'Hm.' })).body).toMatchObject({
        code: 'learner.not_found',
      });
    }
    const stray = { learner: family.learner.id, achievement: crypto.randomUUID(), text: 'Hm.' };
    expect((await raise(stray)).body).toMatchObject({ code: 'achievement.not_found' });
    expect(await flagsOf()).toEqual([]);
  });

  it('is seen by staff, and by learner and guardian in plain words where the school says so', async () => {
    const { id } = (await raise({ learner: family.learner.id, text: 'Seems lost.' })).body as Flag;
    const ask = (key: string) => school.call('get', `/support-flags/${id}`, key);
    const hidden = {
      learner: 404,
      other: 404,
      guardian: 404,
      otherGuardian: 404,
      teacher: 200,
      mentor: 404,
    };
    expect(await statusByReader(family, ask)).toEqual(hidden);
    expect(await flagsOf('', family.learner.key)).toEqual([]);

    await setPolicy({ visibleToFamily: true });
    expect(await statusByReader(family, ask)).toEqual({ ...hidden, learner: 200, guardian: 200 });
    for (const { key } of [family.learner, family.guardian]) {
      const [seen, ...others] = await flagsOf('', key);
      expect(others).toEqual([]);
      expect(Object.keys(seen ?? {}).sort()).toEqual(
        ['id', 'kind', 'learner', 'raisedAt', 'state', 'summary'].sort(),
      );
    }
    for (const { key } of [family.other, family.otherGuardian, family.mentor]) {
      expect(await flagsOf('', key)).toEqual([]);
      const path = `/support-flags?learner=${family.learner.id}`;
      expect((await school.call('get', path, key)).body).toMatchObject({
        code: 'learner.not_found',
      });
    }
  });

  it('is told in the language of whoever reads it', async () => {
    await setPolicy({ visibleToFamily: true });
    await raise({ learner: family.learner.id, text: 'Seems lost.' });
    const speak = (language: string) =>
      school.call('patch', `/people/${family.guardian.id}`).send({ language });
    const read = async () => (await flagsOf('', family.guardian.key))[0]?.summary;
    await speak('de-AT');
    expect(await read()).toBe('Jemand möchte helfen (Schule).');
    await speak('es');
    expect(await read()).toBe('Alguien quiere ayudar (escuela).');
    // Not written by Cairn: the school's usual language.
    await school.call('patch', '/organization').send({ languages: ['de'] });
    await speak('fi');
    expect(await read()).toBe('Jemand möchte helfen (Schule).');
  });
});
