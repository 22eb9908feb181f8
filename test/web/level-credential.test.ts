import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels } from '../support/levels.ts';

let cairn: TestCairn;
let page = '';

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openLevels(cairn);
  const made = await school.many(['Fair tests', 'Graphs', 'Notes']);
  const boss = await school.boss('An experiment of your own');
  const level = await school.levelOf(1);
  const rule = { preponderance: { minShare: 0.6 }, boss: { achievements: [boss.id] } };
  await school.call('put', school.ruleAt(1)).send(school.rule(made, level, rule));
  const learner = await cairn.as('learner', { adult: true });
  await school.earn(learner.id, [...made.slice(1), boss]);
  const [credential] = await school.credentialsOf(learner.id, level.id);
  await school.call('post', `/credentials/${credential?.id ?? ''}/publish`);
  const answer = await request(cairn.app)
    .get(`/credentials/${credential?.id ?? ''}`)
    .accept('text/html');
  page = answer.text;
});
afterAll(async () => {
  await cairn.close();
});

/** The rows of the table of results, as somebody reads them. */
function readResults(): readonly (readonly string[])[] {
  const table = /<table class="rubric".*?<\/table>/s.exec(page)?.[0] ?? '';
  return [...table.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<(th|td).*?<\/\1>/gs)].map(([cell]) => cell.replaceAll(/<[^>]*>/g, '')),
  );
}

it('says in words how the level was reached', () => {
  expect(readResults()).toEqual([
    ['Criterion', 'Result'],
    ['Share of the achievements of this level', '66 %'],
    ['Integrative assessment of this level', 'Completed'],
  ]);
});
