import { systemActor } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let made: readonly Made[];
let level: Made;
let reached: string | undefined;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  made = await school.many(['Fair tests', 'Graphs']);
  level = await school.levelOf(1);
});
afterAll(async () => {
  await cairn.close();
});

const live = async (learner: string) =>
  (await school.credentialsOf(learner, level.id)).filter(({ state }) => state === 'valid');

describe('what follows for levels', () => {
  it('is not lost when whoever signed dies before it was decided', async () => {
    await school.call('put', school.ruleAt(1)).send(school.rule(made, level));
    await school.settle();
    const learner = await cairn.as('learner');
    for (const one of made) expect((await school.award(learner.id, one)).status).toBe(202);
    // Signed, and nobody decides: as if the process had ended here.
    await cairn.cairn.queue.drained();
    const { levelAwards } = cairn.cairn.storage.stores;
    const marked = await levelAwards.listUndecided(10);
    expect(marked.map((award) => award.learner)).toEqual([learner.id, learner.id]);
    await school.settle();
    expect(await live(learner.id)).toHaveLength(1);
    expect(await levelAwards.listUndecided(10)).toEqual([]);
    reached = learner.id;
  });

  it('is done once when two workers do it at once', async () => {
    const learner = await cairn.as('learner');
    for (const one of made) expect((await school.award(learner.id, one)).status).toBe(202);
    await cairn.cairn.queue.drained();
    const { levelWork } = cairn.services;
    await Promise.all([levelWork.settleDue(), levelWork.settleDue(), levelWork.settleDue()]);
    await school.settle();
    expect(await live(learner.id)).toHaveLength(1);
  });

  it('changes nothing when the same sheet is read again', async () => {
    const learner = await cairn.as('learner');
    const rows = made.map(({ id }) => `${learner.id},${id},Seen,Met`);
    const sheet = `learner,achievement,narrative,criterion: Done\n${rows.join('\n')}\n`;
    const send = () => school.call('post', '/awards/import').type('text/csv').send(sheet);
    await send();
    await school.settle();
    const before = await school.credentialsOf(learner.id, level.id);
    await send();
    await school.settle();
    expect(await school.credentialsOf(learner.id, level.id)).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it('goes on from the page where a re-decision ended', async () => {
    const { levelRules } = cairn.cairn.storage.stores;
    const rule = school.rule(made, level, { preponderance: { minCount: 1 } });
    await school.call('put', school.ruleAt(1)).send(rule);
    const at = new Date();
    const claimed = await levelRules.claimRedecision(at, new Date(at.getTime() + 60_000));
    expect(claimed).toBeDefined();
    // Whoever claimed it died: nobody else is at it until the time is up.
    expect(await levelRules.claimRedecision(at, at)).toBeUndefined();
    const later = new Date(at.getTime() + 61_000);
    expect(await levelRules.claimRedecision(later, new Date(0))).toBeDefined();
    await school.settle();
    const found = await school.call('get', school.ruleAt(1));
    expect(found.body).toMatchObject({ redecision: { state: 'done' } });
  });

  it('is told to the audit log once', async () => {
    const { audit } = cairn.services;
    const { organization } = (
      await cairn.cairn.storage.stores.levelRules.list({
        organization: (await cairn.cairn.storage.stores.organizations.list())[0]?.id ?? '',
      } as never)
    )[0] ?? { organization: '' };
    const { items } = await audit.list(systemActor(organization), { limit: 200 });
    const [award] = await school.credentialsOf(reached ?? '', level.id);
    expect(award).toBeDefined();
    const told = items.filter(
      ({ action, details }) =>
        action === 'award.made' && details.learner === reached && details.achievement === level.id,
    );
    expect(told).toMatchObject([{ actor: { kind: 'system', id: 'cairn' } }]);
  });
});
