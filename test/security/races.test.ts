import { systemActor } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

let cairn: TestCairn;
let school: School;
let learner: { id: string; key: string };
let readers: readonly { id: string; key: string }[];

beforeAll(async () => {
  cairn = await startCairn();
  cairn.cairn.queue.process(cairn.services.issuances.process);
  school = await openSchool(cairn);
  readers = await Promise.all(Array.from({ length: 4 }, () => cairn.as('teacher')));
});
beforeEach(async () => {
  learner = await cairn.as('learner');
});
afterAll(async () => {
  await cairn.close();
});

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly credential: string;
  readonly items: readonly { readonly id: string }[];
  readonly decisions: readonly { readonly state: string }[];
  readonly reviews: readonly object[];
}
const post = async (path: string, body: object = {}, key = cairn.owner) => {
  const answer = await school.call('post', path, key).send(body);
  return { status: answer.status, body: answer.body as Shown };
};
const get = async (path: string) => (await school.call('get', path)).body as Shown;
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const statuses = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).sort();

describe('at the same moment', () => {
  it('a submission is withdrawn or approved, never both', async () => {
    for (const _round of times(8, (index) => index)) {
      const badge = await school.publish({ name: `Race ${learner.id.slice(-6)}` });
      const me = await cairn.as('learner');
      const evidence = [{ name: 'A', narrative: 'B' }];
      const { body } = await post(
        '/submissions',
        { achievements: [badge.id], evidence, submit: true },
        me.key,
      );
      const approval = { achievement: badge.id, decision: 'approve', results: resultsAt(badge, 1) };
      const [withdrawn, approved, retired] = await Promise.all([
        post(`/submissions/${body.id}/withdraw`, {}, me.key),
        post(`/submissions/${body.id}/reviews`, approval, readers[0]?.key),
        post(`/achievements/${badge.id}/retire`),
      ]);
      expect(statuses([withdrawn, approved])).toEqual(
        withdrawn.status === 200 ? [200, 409] : [201, 409],
      );
      expect(retired.status).toBe(200);
      await cairn.cairn.queue.drained();
      const { items } = await get(`/credentials?learner=${me.id}`);
      expect(items).toHaveLength(approved.status === 201 ? 1 : 0);
    }
  }, 60_000);

  it('two readers count twice and no reader twice', async () => {
    const boss = await school.publish({ kind: 'boss', name: 'Boss race' });
    const evidence = [{ name: 'A', narrative: 'B' }];
    const { body } = await post(
      '/submissions',
      { achievements: [boss.id], evidence, submit: true },
      learner.key,
    );
    const approval = { achievement: boss.id, decision: 'approve', results: resultsAt(boss, 1) };
    const answers = await Promise.all(
      times(12, (index) =>
        post(`/submissions/${body.id}/reviews`, approval, readers[index % 4]?.key),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const after = await get(`/submissions/${body.id}`);
    expect(after.decisions).toMatchObject([{ state: 'approved' }]);
    expect(
      new Set(after.reviews.map((review) => (review as { reviewer: string }).reviewer)).size,
    ).toBe(2);
  });

  it('many award the same, and the learner holds it once', async () => {
    const badge = await school.publish({ name: 'Award race' });
    const award = { learner: learner.id, achievement: badge.id, narrative: 'Seen.' };
    const answers = await Promise.all(
      times(12, (index) => post('/awards', award, readers[index % 4]?.key)),
    );
    expect(statuses(answers)).toEqual([202, ...times(11, () => 409)]);
    await cairn.cairn.queue.drained();
    expect((await get(`/credentials?learner=${learner.id}`)).items).toHaveLength(1);
  });

  it('many publish one draft, and one version comes of it', async () => {
    const { id } = await school.draft({ name: 'Publish race' });
    const answers = await Promise.all(times(10, () => post(`/achievements/${id}/publish`)));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect((await get(`/achievements/${id}`)).version).toBe(1);
  });

  it('many badges are revoked, each by several, and every bit is set', async () => {
    const badge = await school.publish({ name: 'Revoke race' });
    const learners = await Promise.all(times(12, () => cairn.as('learner')));
    const awards = await Promise.all(
      learners.map(({ id }) =>
        post('/awards', { learner: id, achievement: badge.id, narrative: 'Seen.' }),
      ),
    );
    await cairn.cairn.queue.drained();
    const issued = await Promise.all(awards.map(({ body }) => get(`/issuances/${body.id}`)));
    const ids = issued.map(({ credential }) => credential);
    const revocations = await Promise.all(
      [...ids, ...ids].map((id) => post(`/credentials/${id}/revoke`, { reason: 'Mistake' })),
    );
    expect(new Set(statuses(revocations))).toEqual(new Set([204]));
    for (const id of ids) {
      const { document } = (await get(`/credentials/${id}`)) as unknown as { document: object };
      expect((await cairn.services.verification.verify(document)).outcome).toBe('revoked');
    }
  }, 60_000);

  it('different rules of the school are changed, and all of them hold', async () => {
    const patch = (policy: object) => school.call('patch', '/organization').send({ policy });
    await Promise.all([
      patch({ secondReader: 'always' }),
      patch({ nameInCredential: false }),
      patch({ adultCredentialVisibility: 'public' }),
    ]);
    expect(await get('/organization')).toMatchObject({
      policy: {
        secondReader: 'always',
        nameInCredential: false,
        adultCredentialVisibility: 'public',
      },
    });
  });

  it('everything was recorded in one unbroken chain', async () => {
    const [report] = await cairn.services.audit.verify();
    expect(report?.fault).toBeUndefined();
    const { items } = await cairn.services.audit.list(systemActor(report?.organization ?? ''), {
      limit: 500,
    });
    const revoked = items.filter(({ action }) => action === 'credential.revoked');
    expect(revoked).toHaveLength(12);
  });
});
