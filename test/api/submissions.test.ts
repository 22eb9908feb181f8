import { newRandomId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';

interface Answer {
  readonly id: string;
  readonly state: string;
  readonly round: number;
  readonly code: string;
  readonly decisions: readonly { readonly achievement: string; readonly state: string }[];
  readonly items: readonly { readonly id: string }[];
  readonly next?: string;
}

interface Member {
  readonly id: string;
  readonly key: string;
}

let cairn: TestCairn;
let school: School;
let fairTests: PublishedAchievement;
let learner: Member;
let classmate: Member;
let teacher: Member;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  fairTests = await school.publish();
  learner = await cairn.as('learner');
  classmate = await cairn.as('learner');
  teacher = await cairn.as('teacher');
});

afterAll(async () => {
  await cairn.close();
});

const outcome = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
const bodyOf = ({ body }: { body: unknown }) => body as Answer;
const report = { name: 'Report', narrative: 'What I did.' };

function post(path: string, body: object = {}, key = learner.key) {
  return school.call('post', path, key).send(body);
}

function create(changes: object = {}, key = learner.key) {
  const input = { achievements: [fairTests.id], evidence: [report], ...changes };
  return post('/submissions', input, key);
}

async function createdId(changes: object = {}, key = learner.key): Promise<string> {
  const answer = await create(changes, key);
  if (answer.status !== 201) throw new Error(answer.text);
  return bodyOf(answer).id;
}

function upload(content: string, key: string) {
  return school.call('post', '/files', key).attach('file', Buffer.from(content), 'notes.txt');
}

describe('a learner', () => {
  it('drafts, changes, hands in and withdraws', async () => {
    const created = await create({ achievements: [fairTests.id], evidence: [] });
    expect(outcome(created)).toMatchObject({
      status: 201,
      body: {
        learner: learner.id,
        state: 'draft',
        round: 1,
        decisions: [{ achievement: fairTests.id, version: 1, state: 'pending' }],
        evidence: [],
        reviews: [],
      },
    });
    const { id } = bodyOf(created);
    expect(created.headers.location).toBe(`/api/v1/submissions/${id}`);
    expect(created.body).not.toHaveProperty('revision');

    const early = await post(`/submissions/${id}/submit`);
    expect(outcome(early)).toMatchObject({
      status: 422,
      body: { code: 'submission.too_little_evidence' },
    });
    const evidence = [report, { name: 'Film', url: 'https://film.example/1' }];
    const edited = await school.call('patch', `/submissions/${id}`, learner.key).send({ evidence });
    expect(outcome(edited)).toMatchObject({ status: 200, body: { evidence } });
    const submitted = await post(`/submissions/${id}/submit`);
    expect(outcome(submitted)).toMatchObject({ status: 200, body: { state: 'submitted' } });
    const again = await post(`/submissions/${id}/submit`);
    expect(outcome(again)).toMatchObject({ status: 409, body: { code: 'submission.in_review' } });
    const withdrawn = await post(`/submissions/${id}/withdraw`);
    expect(outcome(withdrawn)).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
  });

  it('hands in at once with a file', async () => {
    const file = bodyOf(await upload('my notes', learner.key)).id;
    const answer = await create({ evidence: [{ name: 'Notes', file }], submit: true });
    expect(outcome(answer)).toMatchObject({
      status: 201,
      body: {
        state: 'submitted',
        evidence: [{ name: 'Notes', file: { id: file, name: 'notes.txt', size: 8 } }],
      },
    });
  });

  it('sees nobody else’s submissions', async () => {
    const theirs = await createdId({}, classmate.key);
    for (const path of ['', '/submit', '/withdraw']) {
      const answer =
        path === ''
          ? await school.call('get', `/submissions/${theirs}`, learner.key)
          : await post(`/submissions/${theirs}${path}`);
      expect(outcome(answer)).toMatchObject({
        status: 404,
        body: { code: 'submission.not_found' },
      });
    }
    const edit = await school
      .call('patch', `/submissions/${theirs}`, learner.key)
      .send({ evidence: [] });
    expect(edit.status).toBe(404);
    const list = bodyOf(await school.call('get', '/submissions?limit=200', learner.key));
    expect(list.items.map(({ id }) => id)).not.toContain(theirs);
    const asked = await school.call('get', `/submissions?learner=${classmate.id}`, learner.key);
    expect(asked.status).toBe(404);
  });

  it('cannot hand in for, or with the files of, somebody else', async () => {
    const answer = await create({ learner: classmate.id });
    expect(outcome(answer)).toMatchObject({ status: 403, body: { code: 'submission.not_yours' } });
    const file = bodyOf(await upload('their notes', classmate.key)).id;
    const taken = await create({ evidence: [{ name: 'Notes', file }] });
    expect(outcome(taken)).toMatchObject({ status: 404, body: { code: 'file.not_found' } });
  });
});

describe('staff', () => {
  it('hand in for a learner, who may read the file', async () => {
    const file = bodyOf(await upload('seen in class', teacher.key)).id;
    const before = await school.call('get', `/files/${file}`, learner.key);
    expect(before.status).toBe(404);
    const id = await createdId(
      { learner: learner.id, evidence: [{ name: 'Notes', file }] },
      teacher.key,
    );
    const seen = await school.call('get', `/submissions/${id}`, learner.key);
    expect(outcome(seen)).toMatchObject({ status: 200, body: { learner: learner.id } });
    const after = await school.call('get', `/files/${file}`, learner.key);
    expect(after.status).toBe(200);
    const forAnother = await create(
      { learner: classmate.id, evidence: [{ name: 'Notes', file }] },
      teacher.key,
    );
    expect(forAnother.status).toBe(404);
  });

  it('hand in for learners only', async () => {
    const forTeacher = await create({ learner: teacher.id }, teacher.key);
    expect(outcome(forTeacher)).toMatchObject({
      status: 400,
      body: { code: 'submission.not_a_learner' },
    });
    const forNobody = await create({ learner: newRandomId() }, teacher.key);
    expect(outcome(forNobody)).toMatchObject({ status: 404, body: { code: 'learner.not_found' } });
  });

  it('list by learner and state, page by page', async () => {
    const someone = await cairn.as('learner');
    const ids: string[] = [];
    for (const submit of [false, true, false, true, false]) {
      ids.unshift(await createdId({ submit }, someone.key));
    }
    const path = `/submissions?learner=${someone.id}`;
    const first = bodyOf(await school.call('get', `${path}&limit=3`, teacher.key));
    const second = bodyOf(
      await school.call('get', `${path}&limit=3&cursor=${first.next ?? ''}`, teacher.key),
    );
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    const submitted = bodyOf(await school.call('get', `${path}&state=submitted`, teacher.key));
    expect(submitted.items.map(({ id }) => id)).toEqual([ids[1], ids[3]]);
    const all = bodyOf(await school.call('get', '/submissions?state=submitted', teacher.key));
    expect(all.items.length).toBeGreaterThanOrEqual(2);
  });
});

describe('what cannot be handed in for', () => {
  it('is unknown, a draft, retired, or of another school', async () => {
    const draft = await school.draft();
    const retired = await school.publish();
    await school.call('post', `/achievements/${retired.id}/retire`).send({});
    for (const id of [newRandomId(), draft.id, retired.id]) {
      const answer = await create({ achievements: [id] });
      expect(outcome(answer)).toMatchObject({
        status: 404,
        body: { code: 'achievement.not_found' },
      });
    }
  });

  it('is a level: its rule decides', async () => {
    const level = await school.publish({ kind: 'level', name: 'Foundations' });
    const answer = await create({ achievements: [level.id] });
    expect(outcome(answer)).toMatchObject({
      status: 403,
      body: { code: 'submission.level_by_rule' },
    });
  });

  it('is an achievement that the learner holds', async () => {
    const held = await school.publish();
    const awarded = await post(
      '/awards',
      { learner: learner.id, achievement: held.id, narrative: 'Seen in class.' },
      teacher.key,
    );
    expect(awarded.status).toBe(202);
    const answer = await create({ achievements: [held.id] });
    expect(outcome(answer)).toMatchObject({
      status: 409,
      body: { code: 'submission.already_awarded' },
    });
    expect((await create({ achievements: [held.id] }, classmate.key)).status).toBe(201);
  });
});

describe('bad input', () => {
  it.each([
    ['no achievement', { achievements: [] }, 'request.invalid'],
    ['an achievement twice', { achievements: [0, 0] }, 'request.invalid'],
    ['an id that is none', { achievements: ['x'] }, 'request.invalid'],
    ['an unknown field', { state: 'decided' }, 'request.invalid'],
    [
      'a web address that runs code',
      { evidence: [{ name: 'x', url: 'javascript:alert(1)' }] },
      'request.invalid',
    ],
    ['nothing but a name', { evidence: [{ name: 'x' }] }, 'submission.bad_evidence'],
    [
      'a narrative over 16 kB',
      { evidence: [{ name: 'x', narrative: 'é'.repeat(8_193) }] },
      'submission.bad_evidence',
    ],
    [
      '21 pieces of evidence',
      { evidence: Array.from({ length: 21 }, () => report) },
      'request.invalid',
    ],
  ])('%s is refused', async (_what, changes, code) => {
    const answer = await create(changes);
    expect(outcome(answer)).toMatchObject({ status: 400, body: { code } });
  });
});

describe('another school', () => {
  it('finds nothing here', async () => {
    const id = await createdId({ submit: true });
    const stranger = {
      kind: 'person',
      id: learner.id,
      organization: newRandomId(),
      roles: ['owner', 'learner'],
    } as const;
    const { submissions, reviews, reviewQueue } = cairn.services;
    const absent = { kind: 'not-found' };
    await expect(submissions.get(stranger, id)).rejects.toMatchObject(absent);
    await expect(submissions.edit(stranger, id, {})).rejects.toMatchObject(absent);
    await expect(submissions.submit(stranger, id)).rejects.toMatchObject(absent);
    await expect(submissions.withdraw(stranger, id)).rejects.toMatchObject(absent);
    const input = { achievement: fairTests.id, decision: 'approve', results: [] } as const;
    await expect(reviews.review(stranger, id, input)).rejects.toMatchObject(absent);
    expect((await reviewQueue.list(stranger, { limit: 10 })).items).toEqual([]);
    expect((await submissions.list(stranger, {}, { limit: 10 })).items).toEqual([]);
  });
});
