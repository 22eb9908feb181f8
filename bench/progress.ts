import { atMost, quantile, show, type Figure, type Subject, type Tell } from './harness.ts';
import { openMastery, type Mastery } from './mastery.ts';

const sizes = [500, 1_000, 2_000] as const;
const asked = 100;
const limitMs = 150;

async function timesOf(count: number, ask: (n: number) => Promise<unknown>) {
  const times: number[] = [];
  // The first ones read what does not change and is kept from then on.
  for (let n = -3; n < count; n += 1) {
    const start = performance.now();
    await ask(Math.abs(n));
    if (n >= 0) times.push(performance.now() - start);
  }
  return times;
}

const pick = <T>(all: readonly T[], n: number): T | undefined => all[(n * 37) % all.length];

async function measure(school: Mastery, tell: Tell): Promise<readonly Figure[]> {
  const { learners, classes, curriculum } = school;
  const framework = (n: number) => pick(curriculum.frameworks, n) ?? '';
  const calls: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
    'progress of a learner': (n) => school.get(`/learners/${pick(learners, n) ?? ''}/progress`),
    'matrix of a class, a framework': (n) =>
      school.get(`/frameworks/${framework(n)}/matrix?class=${pick(classes, n) ?? ''}`),
    'matrix of the school, a page of 50': (n) =>
      school.get(`/frameworks/${framework(n)}/matrix?cursor=${pick(learners, n) ?? ''}`),
    'standards matrix of a class': (n) =>
      school.get(`/frameworks/${framework(n)}/standards-matrix?class=${pick(classes, n) ?? ''}`),
  };
  const figures: Figure[] = [];
  for (const [name, ask] of Object.entries(calls)) {
    tell(`${learners.length} learners: ${name}`);
    const times = await timesOf(asked, ask);
    const p95 = quantile(times, 0.95);
    const isWhole = learners.length === sizes.at(-1);
    figures.push({
      what: `${learners.length} learners: ${name}`,
      value: `p95 ${show(p95)} ms, median ${show(quantile(times, 0.5))} ms`,
      ...(isWhole ? { goal: atMost(limitMs, p95, 'ms') } : {}),
    });
  }
  return figures;
}

async function measureSheet(school: Mastery): Promise<Figure> {
  const start = performance.now();
  let bytes = 0;
  for (const framework of school.curriculum.frameworks) {
    bytes += (await school.get(`/frameworks/${framework}/matrix.csv`)).length;
  }
  const seconds = (performance.now() - start) / 1_000;
  return {
    what: `${school.learners.length} learners: the sheets of all frameworks`,
    value: `${show(seconds)} s, ${show(bytes / 1_000_000)} MB`,
  };
}

export const progress: Subject = {
  title: 'Progress',
  about: `What is shown of learners, on the embedded store, over HTTP, one request after the other, client and server in one process: 3 frameworks of 3 levels, 612 achievements with rubrics, 9 level rules, 30 awards for each learner (2,000 learners: 60,000), half of them by reviews of work that was sent back once. ${asked} requests each, the first three not counted.`,
  async run(tell) {
    const school = await openMastery();
    try {
      const figures: Figure[] = [];
      for (const size of sizes) {
        tell(`${size} learners`);
        await school.addLearners(size - school.learners.length);
        figures.push(...(await measure(school, tell)));
      }
      return [...figures, await measureSheet(school)];
    } finally {
      await school.close();
    }
  },
};
