import { atMost, show, type Figure, type Subject } from './harness.ts';
import { openMastery, type Mastery } from './mastery.ts';

const sizes = [500, 1_000, 2_000] as const;
const limitSeconds = 60;

interface Rule {
  readonly ordinal: number;
  readonly pool: unknown;
  readonly achievement: string;
  readonly redecision?: { readonly done: number; readonly certified: number };
}

async function firstRule(school: Mastery, framework: string): Promise<Rule> {
  const answer = await school.get(`/frameworks/${framework}/level-rules`);
  const [rule] = (JSON.parse(answer) as { items: readonly Rule[] }).items;
  if (rule === undefined) throw new Error('the framework has no rule');
  return rule;
}

/** The first level asks for something else from now on; until everybody was decided anew. */
async function change(
  school: Mastery,
  framework: string,
  asked: { readonly minCount: number; readonly certify: 'by-rule' | 'by-person' },
) {
  const { ordinal, pool, achievement } = await firstRule(school, framework);
  const { minCount, certify } = asked;
  const preponderance = { minCount };
  const rule = { pool, achievement, certify, preponderance, state: 'on' };
  await school.put(`/frameworks/${framework}/level-rules/${ordinal}`, rule);
  const start = performance.now();
  await school.cairn.services.levelWork.settleDue();
  const seconds = (performance.now() - start) / 1_000;
  const { redecision } = await firstRule(school, framework);
  if (redecision?.done !== school.learners.length) throw new Error('not everybody was decided');
  return { seconds, certified: redecision.certified };
}

export const redecision: Subject = {
  title: 'Everybody decided anew',
  about:
    'The school of "Progress", embedded store, one process: the rule of a level is changed over HTTP, and everybody is decided anew in the background. First by a rule that lets those who reached the level wait for a person, then by one that certifies them: their level awards with everything that is to be signed are in the store at the end; signing is what "Approval" measures.',
  async run(tell) {
    const school = await openMastery();
    try {
      const [waiting = '', certifying = ''] = school.curriculum.frameworks;
      const figures: Figure[] = [];
      for (const [place, size] of sizes.entries()) {
        tell(`${size} learners`);
        await school.addLearners(size - school.learners.length);
        const { seconds } = await change(school, waiting, {
          minCount: place + 2,
          certify: 'by-person',
        });
        figures.push({
          what: `${size} learners: reached levels wait for a person`,
          value: `${show(seconds)} s`,
          ...(size === sizes.at(-1) ? { goal: atMost(limitSeconds, seconds, 's') } : {}),
        });
      }
      tell('all of them, certified');
      const { seconds, certified } = await change(school, certifying, {
        minCount: 2,
        certify: 'by-rule',
      });
      const what = `${school.learners.length} learners: ${certified} certified`;
      const goal = atMost(limitSeconds, seconds, 's');
      return [...figures, { what, value: `${show(seconds)} s`, goal }];
    } finally {
      await school.close();
    }
  },
};
