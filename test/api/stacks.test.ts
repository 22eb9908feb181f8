import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let skills: readonly Made[];
const creditParts = { kind: 'credit', standards: [], rubric: [], level: undefined };

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  skills = await school.many(['Fair tests', 'Graphs', 'Tables']);
});
afterAll(async () => {
  await cairn.close();
});

const ids = () => skills.map(({ id }) => id);
const pick = (...places: readonly number[]) =>
  skills.filter((_one, place) => places.includes(place));

async function makePathway(award: Made, need: number) {
  const steps = ids().map((achievement) => ({ achievement }));
  const made = await school.call('post', '/pathways').send({
    ...{ name: 'Inquiry', description: 'A way.', kind: 'free', steps },
    award: { achievement: award.id, need },
  });
  expect(made.status).toBe(201);
  return (made.body as { id: string }).id;
}

interface Document {
  readonly evidence: readonly { readonly name: string; readonly digestMultibase?: string }[];
}

async function documentOf(credential: string) {
  const found = await school.call('get', `/credentials/${credential}`);
  return (found.body as { document: Document }).document;
}

describe('what is stacked', () => {
  it('is awarded by itself for enough steps of a pathway, with what it rests on', async () => {
    const award = await school.publish({ ...creditParts, name: 'Inquirer' });
    const pathway = await makePathway(award, 2);
    const learner = await cairn.as('learner');
    await school.earn(learner.id, pick(0));
    expect(await school.credentialsOf(learner.id, award.id)).toEqual([]);
    await school.earn(learner.id, pick(2));
    const [credential, ...others] = await school.credentialsOf(learner.id, award.id);
    expect(others).toEqual([]);
    const document = await documentOf(credential?.id ?? '');
    expect(document.evidence.map(({ name }) => name).sort()).toEqual(['Fair tests', 'Tables']);
    expect(document.evidence.every(({ digestMultibase }) => digestMultibase)).toBe(true);
    const verdict = await cairn.services.verification.verify(document);
    expect(verdict).toMatchObject({ outcome: 'valid' });
    const stand = await school.call('get', `/learners/${learner.id}/pathways`);
    expect(stand.body).toMatchObject({ items: [{ id: pathway, award: { state: 'held' } }] });
    await school.call('post', `/pathways/${pathway}/retire`);
  });

  it('is a credit of achievements and other credits, for those who had all before, too', async () => {
    const learner = await cairn.as('learner');
    await school.earn(learner.id, pick(0, 1));
    const [small, large] = [
      await school.publish({ ...creditParts, name: 'Foundations of inquiry' }),
      await school.publish({ ...creditParts, name: 'Inquiry' }),
    ];
    const compose = async (credit: Made, parts: object) => {
      const path = `/achievements/${credit.id}/composition`;
      return school.call('put', path).send({ tier: 'foundational', ...parts });
    };
    expect((await compose(large, { all: [small.id], tier: 'advanced' })).status).toBe(200);
    expect((await compose(small, { all: ids().slice(0, 2) })).status).toBe(200);
    expect((await compose(small, { all: [large.id] })).body).toMatchObject({
      code: 'credit.cycle',
    });
    await school.settle();
    expect(await school.credentialsOf(learner.id, small.id)).toHaveLength(1);
    expect(await school.credentialsOf(learner.id, large.id)).toHaveLength(1);
    const credits = await school.call('get', `/learners/${learner.id}/credits`, learner.key);
    const { items } = credits.body as { items: { name: string; state: string }[] };
    expect(items.map(({ name, state }) => [name, state])).toEqual([
      ['Foundations of inquiry', 'held'],
      ['Inquiry', 'held'],
    ]);
  });

  it('waits for a person where the school says so', async () => {
    const credit = await school.publish({ ...creditParts, name: 'Seminar' });
    await school
      .call('put', `/achievements/${credit.id}/composition`)
      .send({ tier: 'advanced', all: ids().slice(0, 1), certify: 'by-person' });
    const learner = await cairn.as('learner');
    await school.earn(learner.id, pick(0));
    expect(await school.credentialsOf(learner.id, credit.id)).toEqual([]);
    const credits = await school.call('get', `/learners/${learner.id}/credits`);
    expect((credits.body as { items: object[] }).items).toContainEqual(
      expect.objectContaining({ name: 'Seminar', state: 'ready' }),
    );
  });

  it('stays when it loses its support, and a person is told', async () => {
    const award = await school.publish({ ...creditParts, name: 'Careful' });
    const pathway = await makePathway(award, 3);
    const learner = await cairn.as('learner');
    await school.earn(learner.id, skills);
    const [held] = await school.credentialsOf(learner.id, award.id);
    const [lost] = await school.credentialsOf(learner.id, skills[1]?.id ?? '');
    await school.call('post', `/credentials/${lost?.id ?? ''}/revoke`).send({ reason: 'Copied.' });
    await school.settle();
    expect(await school.credentialsOf(learner.id, award.id)).toEqual([held]);
    const events = await school.call('get', '/audit-events?limit=20');
    expect((events.body as { items: object[] }).items).toContainEqual(
      expect.objectContaining({
        action: 'level.support-lost',
        details: expect.objectContaining({ rule: pathway }) as object,
      }),
    );
  });
});
