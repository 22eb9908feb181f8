import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let made: readonly Made[];
let bosses: readonly Made[];
let levels: readonly Made[];

/** Level 1: two of three and the boss. Level 2: one achievement, after level 1. */
beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  made = await school.many(['Fair tests', 'Graphs', 'Tables']);
  bosses = [await school.boss('Field study')];
  levels = [await school.levelOf(1), await school.levelOf(2)];
  const [first, second] = levels as [Made, Made];
  const boss = { achievements: bosses.map(({ id }) => id), require: 'all' };
  const one = await school
    .call('put', school.ruleAt(1))
    .send(school.rule(made, first, { preponderance: { minShare: 0.6 }, boss }));
  expect([one.status, one.body]).toMatchObject([200, { state: 'on', certify: 'by-rule' }]);
  const next = await school.many(['Forces'], { level: 2 });
  const two = await school
    .call('put', school.ruleAt(2))
    .send(school.rule(next, second, { requirePreviousLevel: true }));
  expect(two.status).toBe(200);
  made = [...made, ...next];
  await school.settle();
});
afterAll(async () => {
  await cairn.close();
});

const at = (list: readonly Made[], index: number): Made => {
  const found = list[index];
  if (found === undefined) throw new Error('not made');
  return found;
};

interface Document {
  readonly id: string;
  readonly evidence: readonly { readonly id: string; readonly name: string }[];
  readonly credentialSubject: {
    readonly achievement: { readonly resultDescription: readonly { readonly id: string }[] };
    readonly result: readonly { readonly resultDescription: string; readonly value?: string }[];
  };
}

describe('a level', () => {
  it('certifies itself as soon as its rule holds, and opens the next', async () => {
    const learner = await cairn.as('learner');
    await school.earn(learner.id, [at(made, 0), at(made, 3)]);
    expect(await school.credentialsOf(learner.id, at(levels, 0).id)).toEqual([]);
    await school.earn(learner.id, [at(made, 1), at(bosses, 0)]);
    const first = await school.credentialsOf(learner.id, at(levels, 0).id);
    const second = await school.credentialsOf(learner.id, at(levels, 1).id);
    expect([first.length, second.length]).toEqual([1, 1]);
  });

  it('carries its supports by address and digest, its share and its boss, and verifies', async () => {
    const learner = await cairn.as('learner');
    await school.earn(learner.id, [at(made, 0), at(made, 1), at(bosses, 0)]);
    const [level] = await school.credentialsOf(learner.id, at(levels, 0).id);
    const found = await school.call('get', `/credentials/${level?.id ?? ''}`);
    const { document } = found.body as { document: Document };
    expect(document.evidence.map(({ name }) => name).sort()).toEqual([
      'Fair tests',
      'Field study',
      'Graphs',
    ]);
    const described = document.credentialSubject.achievement.resultDescription.map(({ id }) => id);
    expect(document.credentialSubject.result.map((one) => one.resultDescription)).toEqual(
      described,
    );
    expect(document.credentialSubject.result[0]).toMatchObject({ value: '66' });
    const verdict = await cairn.services.verification.verify(document);
    expect(verdict).toMatchObject({ outcome: 'valid' });
    expect(JSON.stringify(verdict)).toContain('3 unchanged');
  });
});
