import request from 'supertest';
import { createApp } from '../../src/app.ts';
import { compose } from '../../src/compose/compose.ts';
import { createHealth } from '../../src/observability/health.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';
import { silentLog } from '../support/log.ts';

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

async function waitingOf(learner: string) {
  const found = await school.call('get', '/credits/waiting');
  const { items } = found.body as { items: { learner: string }[] };
  return items.filter((one) => one.learner === learner);
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
    const composeOf = async (credit: Made, parts: object) => {
      const path = `/achievements/${credit.id}/composition`;
      return school.call('put', path).send({ tier: 'foundational', ...parts });
    };
    expect((await composeOf(large, { all: [small.id], tier: 'advanced' })).status).toBe(200);
    expect((await composeOf(small, { all: ids().slice(0, 2) })).status).toBe(200);
    expect((await composeOf(small, { all: [large.id] })).body).toMatchObject({
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
    expect(await waitingOf(learner.id)).toMatchObject([
      { achievement: credit.id, why: 'by-person' },
    ]);
    const path = `/achievements/${credit.id}/composition/certify`;
    const certify = (id: string) => school.call('post', path).send({ learner: id });
    const stranger = await cairn.as('learner');
    expect((await certify(stranger.id)).body).toMatchObject({
      ...{ status: 409, code: 'credit.not_reached' },
      detail: 'This learner has not reached the credit yet. Missing: Fair tests.',
    });
    const both = await Promise.all([certify(learner.id), certify(learner.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    await school.settle();
    const [held, ...others] = await school.credentialsOf(learner.id, credit.id);
    expect(others).toEqual([]);
    expect((await documentOf(held?.id ?? '')).evidence).toMatchObject([{ name: 'Fair tests' }]);
    expect(await waitingOf(learner.id)).toEqual([]);
    expect((await certify(learner.id)).body).toMatchObject({ code: 'award.exists' });
  });

  it('waits for a person where one took it back, and for nobody when it is not awarded any more', async () => {
    const award = await school.publish({ ...creditParts, name: 'Diligent' });
    const pathway = await makePathway(award, 1);
    const [one, two] = [await cairn.as('learner'), await cairn.as('learner')];
    for (const { id } of [one, two]) {
      await school.earn(id, pick(2));
      const [held] = await school.credentialsOf(id, award.id);
      await school.call('post', `/credentials/${held?.id ?? ''}/revoke`).send({ reason: 'No.' });
      await school.settle();
      expect(await waitingOf(id)).toMatchObject([
        { achievement: award.id, pathway, why: 'revoked' },
      ]);
    }
    const levels = await school.call('get', '/level-rules/waiting');
    expect(levels.body).toEqual({ items: [] });
    const certify = () =>
      school.call('post', `/pathways/${pathway}/certify`).send({ learner: one.id });
    expect((await certify()).status).toBe(202);
    await school.settle();
    const states = (await school.credentialsOf(one.id, award.id)).map(({ state }) => state);
    expect(states.sort()).toEqual(['revoked', 'valid']);
    await school.call('post', `/pathways/${pathway}/retire`);
    expect(await waitingOf(two.id)).toEqual([]);
    expect((await certify()).body).toMatchObject({ status: 404, code: 'pathway_award.not_found' });
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

describe('two changes at once that make sense one by one', () => {
  const rounds = 4;
  const makeCredit = (name: string) => school.publish({ ...creditParts, name });
  const put = (credit: Made, part: Made) =>
    school
      .call('put', `/achievements/${credit.id}/composition`)
      .send({ tier: 'foundational', all: [part.id] });
  const wayTo = (award: Made, step: Made) =>
    school.call('post', '/pathways').send({
      ...{ name: 'Way', description: 'A way.', kind: 'free' },
      steps: [{ achievement: step.id }],
      award: { achievement: award.id, need: 1 },
    });

  it.each([
    ['two credits', put, put],
    ['a credit and a pathway', put, wayTo],
    ['two pathways', wayTo, wayTo],
  ])('never leave a circle of %s', async (what, one, other) => {
    for (let round = 0; round < rounds; round += 1) {
      const [a, b] = [await makeCredit(`${what} A`), await makeCredit(`${what} B`)];
      const both = await Promise.all([one(a, b), other(b, a)]);
      const refused = both.filter(({ status }) => status >= 400);
      expect(refused.map(({ status, body }) => [status, body as object])).toEqual([
        [400, expect.objectContaining({ code: expect.stringMatching(/^\w+\.cycle$/) as string })],
      ]);
    }
  });

  it('never leave one, either, where two installations share a store', async () => {
    await using second = await compose(cairn.cairn.settings, { log: silentLog });
    const app = createApp(second, createHealth({ store: second.storage.ping }));
    for (let round = 0; round < rounds; round += 1) {
      const [a, b] = [await makeCredit('Here'), await makeCredit('There')];
      const elsewhere = request(app)
        .put(`/api/v1/achievements/${b.id}/composition`)
        .auth(cairn.owner, { type: 'bearer' })
        .send({ tier: 'foundational', all: [a.id] });
      const both = await Promise.all([put(a, b), elsewhere]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    }
  });

  it('are both done where there is no circle', async () => {
    const [a, b, c] = [await makeCredit('A'), await makeCredit('B'), await makeCredit('C')];
    const all = await Promise.all([put(a, b), put(b, c), wayTo(c, skills[0] ?? a)]);
    expect(all.map(({ status }) => status)).toEqual([200, 200, 201]);
  });

  it('are refused as long as somebody else is at it, and done afterwards', async () => {
    const [a, b] = [await makeCredit('Left'), await makeCredit('Right')];
    const { organization } = await cairn.services.organizations.operator();
    const lock = await cairn.cairn.storage.stores.locks.take(`awards:${organization}`);
    expect((await put(a, b)).body).toMatchObject({
      ...{ status: 409, code: 'credit.changed_meanwhile' },
      detail: 'Somebody else is changing what is awarded by itself. Please try again in a minute.',
    });
    await lock?.release();
    expect((await put(a, b)).status).toBe(200);
  });
});
