// A school that calls achievements quests and levels belts: people read these words, and nothing that is signed has them.
import { startCairn, type TestCairn } from '../../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../../support/levels.ts';

interface Shown {
  readonly pace: { readonly words: string };
  readonly frameworks: readonly {
    readonly decisions: readonly { readonly nextSteps: readonly { readonly words: string }[] }[];
    readonly standards: readonly {
      readonly estimate?: { readonly computed?: { readonly why: string } };
    }[];
  }[];
}

let cairn: TestCairn;
let school: Levels;
let learner: { readonly id: string; readonly key: string };
let made: readonly Made[];

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  await school.call('patch', '/organization').send({
    vocabulary: {
      en: {
        achievement: { one: 'quest', other: 'quests' },
        level: { one: 'belt', other: 'belts' },
        boss: { one: 'dragon', other: 'dragons' },
      },
      es: {
        achievement: { one: 'misión', other: 'misiones' },
        level: { one: 'cinturón', other: 'cinturones' },
        boss: { one: 'dragón', other: 'dragones' },
      },
    },
  });
  made = await school.many(['Fair tests', 'Graphs', 'Notes']);
  const [first, second] = [await school.levelOf(1), await school.levelOf(2)];
  const boss = await school.boss('Field study', 2);
  const next = await school.many(['Charts'], { level: 2 });
  await school.call('put', school.ruleAt(1)).send(school.rule(made, first));
  const rule = school.rule(next, second, {
    requirePreviousLevel: true,
    boss: { achievements: [boss.id], require: 'all' },
  });
  expect((await school.call('put', school.ruleAt(2)).send(rule)).status).toBe(200);
  learner = await cairn.as('learner');
  await school.earn(learner.id, made.slice(0, 1));
}, 60_000);
afterAll(async () => {
  await cairn.close();
});

async function read(key = cairn.owner): Promise<readonly string[]> {
  const answer = await school.call('get', `/learners/${learner.id}/progress`, key);
  const { pace, frameworks } = answer.body as Shown;
  const steps = frameworks.flatMap(({ decisions }) => decisions.flatMap((one) => one.nextSteps));
  const estimates = frameworks.flatMap(({ standards }) => standards);
  return [
    ...steps.map(({ words }) => words),
    ...estimates.flatMap(({ estimate }) => estimate?.computed?.why ?? []),
    pace.words,
  ];
}

describe('the words of a school', () => {
  it('stand in the next steps, estimates and pace of a learner', async () => {
    expect(await read()).toEqual([
      'Earn these quests: Graphs, Notes.',
      'First comes the belt before: Science 1.',
      'Earn this quest: Charts.',
      'Then take on this dragon: Field study.',
      'The highest step of 1 found for this standard. It was reached once.',
      '1 quest a month lately, 1 in the last 30 days.',
    ]);
  });

  it('are those of the reader’s language', async () => {
    await school.call('patch', `/people/${learner.id}`).send({ language: 'es-MX' });
    expect(await read(learner.key)).toEqual([
      'Por conseguir (misiones): Graphs, Notes.',
      'Antes va lo anterior (cinturón): Science 1.',
      'Por conseguir (misión): Charts.',
      'Después (dragón): Field study.',
      'El paso más alto de los encontrados (1). Se alcanzó una vez.',
      'Últimamente 1 al mes (misión), 1 en los últimos 30 días.',
    ]);
    const path = `/learners/${learner.id}/chart.svg?framework=${school.framework}`;
    const chart = await school.call('get', path, learner.key);
    expect((chart.body as Buffer).toString()).toContain('lang="es"');
    expect((chart.body as Buffer).toString()).toContain('(misiones) a fecha de');
  });

  it('are in nothing that is signed', async () => {
    await school.earn(learner.id, made.slice(1));
    const listed = await school.call('get', `/credentials?learner=${learner.id}`);
    const { items } = listed.body as { items: readonly { id: string }[] };
    // Three achievements, and the level that they certified.
    expect(items).toHaveLength(4);
    for (const { id } of items) {
      const { document } = (await school.call('get', `/credentials/${id}`)).body as {
        document: object;
      };
      const text = JSON.stringify(document);
      expect(text).toContain('eddsa-rdfc-2022');
      expect(text).not.toMatch(/quest|belt|dragon|misi[oó]n|cintur[oó]n|drag[oó]n/i);
    }
  });
});
