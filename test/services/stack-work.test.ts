import { scopeOf } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import type { RedecisionStore } from '../../src/storage/redecisions.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let skill: Made;
let learner: string;
const creditParts = { kind: 'credit', standards: [], rubric: [], level: undefined };
/** More than a page of them. */
const others = 220;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  skill = await school.publish({ name: 'Fair tests' });
  const { organization } = await cairn.services.organizations.operator();
  for (let n = 0; n < others; n += 1) {
    await cairn.cairn.storage.stores.people.add({
      ...{ id: newId(), organization, name: `Learner ${n}`, roles: ['learner'], adult: false },
      ...{ guardianOf: [], createdAt: new Date() },
    });
  }
  learner = (await cairn.as('learner')).id;
  await school.earn(learner, [skill]);
});
afterAll(async () => {
  await cairn.close();
});

interface Found {
  readonly redecision?: { readonly done: number; readonly startedAt: string };
}

/** Something that is awarded by itself for the one skill: where it is read, and where its work lies. */
const stacked: readonly [string, () => Promise<{ path: string; award: Made; work: Work }>][] = [
  [
    'a credit',
    async () => {
      const award = await school.publish({ ...creditParts, name: 'Credit' });
      const path = `/achievements/${award.id}/composition`;
      await school.call('put', path).send({ tier: 'foundational', all: [skill.id] });
      return { path, award, work: cairn.cairn.storage.stores.compositions };
    },
  ],
  [
    'the award of a pathway',
    async () => {
      const award = await school.publish({ ...creditParts, name: 'Pathway' });
      const made = await school.call('post', '/pathways').send({
        ...{ name: 'Inquiry', description: 'A way.', kind: 'free' },
        steps: [{ achievement: skill.id }],
        award: { achievement: award.id, need: 1 },
      });
      const path = `/pathways/${(made.body as { id: string }).id}`;
      return { path, award, work: cairn.cairn.storage.stores.pathways };
    },
  ],
];
type Work = RedecisionStore;

const read = async (path: string) => (await school.call('get', path)).body as Found;

describe.each(stacked)('%s that is new', (_what, make) => {
  it('is decided for everybody a page at a time, from where it ended, and says how far it is', async () => {
    const { path, award, work } = await make();
    const at = new Date();
    const claimed = await work.claimRedecision(at, new Date(at.getTime() + 60_000));
    if (claimed === undefined) throw new Error('nothing to claim');
    // Whoever claimed it is at it: nobody else begins, and other work goes on.
    expect(await work.claimRedecision(at, at)).toBeUndefined();
    await cairn.services.levelWork.settleDue();
    expect(await read(path)).toMatchObject({ redecision: { state: 'running', done: 0 } });
    const page = await cairn.cairn.storage.stores.people.listByRole(scopeOf(claimed), 'learner', {
      limit: 200,
    });
    const decided = { last: page.at(-1)?.id ?? '', done: page.length, certified: 0 };
    expect(await work.advanceRedecision(claimed, decided)).toBe(true);
    // They were slower than somebody who took it over: theirs counts for nothing.
    expect(await work.advanceRedecision(claimed, decided)).toBe(false);
    expect(await read(path)).toMatchObject({ redecision: { state: 'running', done: 200 } });
    await school.settle();
    const total = await cairn.cairn.storage.stores.people.countLearners(scopeOf(claimed));
    expect(await read(path)).toMatchObject({
      redecision: { state: 'done', done: total, total, certified: 1 },
    });
    expect(await school.credentialsOf(learner, award.id)).toHaveLength(1);
  });
});

it('what is composed as before is not decided again', async () => {
  const [, make] = stacked[0] ?? [];
  const { path } = (await make?.()) ?? { path: '' };
  await school.settle();
  const before = (await read(path)).redecision;
  const body = { tier: 'foundational', all: [skill.id] };
  expect((await school.call('put', path).send(body)).body).toMatchObject({ redecision: before });
  const changed = await school.call('put', path).send({ ...body, tier: 'advanced' });
  expect(changed.body).toMatchObject({ redecision: { state: 'running', done: 0 } });
});

it('a pathway that awards nothing asks for no decision', async () => {
  const [, make] = stacked[1] ?? [];
  const { path } = (await make?.()) ?? { path: '' };
  const changed = await school.call('patch', path).send({ award: null });
  expect(changed.status).toBe(200);
  expect(changed.body).not.toHaveProperty('redecision');
});
