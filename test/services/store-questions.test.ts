import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';
import { readMetrics } from '../support/metrics.ts';

interface Question {
  readonly name: string;
  readonly ask: () => Promise<unknown>;
}

let cairn: TestCairn;
let school: Levels;
let made: readonly Made[];
let level: Made;
let classroom = '';
let minCount = 2;
const learners: string[] = [];

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  made = await school.many(['Fair tests', 'Graphs', 'Notes', 'Models']);
  level = await school.levelOf(1);
  const added = await school.call('post', '/classes').send({ name: '7a', learners: [] });
  classroom = (added.body as { id: string }).id;
});
afterAll(async () => {
  await cairn.close();
});

/** Each holds all but one of the achievements; what is changed here is signed by nobody. */
async function grow(count: number): Promise<void> {
  while (learners.length < count) {
    const { id } = await cairn.as('learner');
    learners.push(id);
    for (const one of made.slice(1)) await school.award(id, one);
  }
  await school.call('patch', `/classes/${classroom}`).send({ learners });
}

/** How often the store was asked until now. */
async function countQuestions(): Promise<number> {
  const { text } = await request(cairn.app).get('/metrics').auth(cairn.owner, { type: 'bearer' });
  return readMetrics(text)
    .filter(
      ({ name, labels: { command } }) =>
        name === 'cairn_store_command_duration_seconds_count' &&
        ['find', 'getMore', 'aggregate', 'distinct'].includes(command ?? ''),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

async function countOf({ ask }: Question): Promise<number> {
  // Versions that nobody asked for before are read once, and kept.
  await ask();
  const before = await countQuestions();
  await ask();
  return (await countQuestions()) - before;
}

async function get(path: string): Promise<void> {
  const answer = await school.call('get', path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
}

const questions = (): readonly Question[] => [
  { name: 'progress', ask: () => get(`/learners/${learners[0] ?? ''}/progress`) },
  { name: 'matrix', ask: () => get(`/frameworks/${school.framework}/matrix?class=${classroom}`) },
  {
    name: 'standards matrix',
    ask: () => get(`/frameworks/${school.framework}/standards-matrix?class=${classroom}`),
  },
  { name: 'history of a class', ask: () => get(`/classes/${classroom}/history`) },
  {
    name: 'everybody decided anew',
    ask: async () => {
      minCount = minCount === 2 ? 3 : 2;
      const rule = { preponderance: { minCount }, certify: 'by-person' };
      const saved = await school.call('put', school.ruleAt(1)).send(school.rule(made, level, rule));
      if (saved.status !== 200) throw new Error(saved.text);
      await cairn.services.levelWork.settleDue();
    },
  },
  {
    name: 'simulation',
    ask: () => school.call('post', `${school.ruleAt(1)}/simulate`).send(school.rule(made, level)),
  },
];

it('asks the store as often for twenty learners as for two', async () => {
  await grow(2);
  await school.settle();
  const few: Record<string, number> = {};
  for (const one of questions()) few[one.name] = await countOf(one);
  await grow(20);
  await school.settle();
  const many: Record<string, number> = {};
  for (const one of questions()) many[one.name] = await countOf(one);
  expect(Object.values(few).every((count) => count > 2)).toBe(true);
  expect(many).toEqual(few);
});
