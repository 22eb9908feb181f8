// A fictional school from standards to public credentials, in a throw-away data folder. `npm run demo`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSchool, pause, type Achievement, type Named } from './demo-school.ts';

const runsOnce = process.argv.includes('--once');
const root = new URL('..', import.meta.url);
const key = 'demo-key-for-a-fictional-school-0001';
const port = await freePort();
const base = `http://localhost:${port}`;
const dataDir = await mkdtemp(join(tmpdir(), 'cairn-demo-'));

const server = spawn(process.execPath, ['dist/main.js'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  // Nothing of the caller's own settings: the demo keeps away from their data.
  env: {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    PORT: String(port),
    CAIRN_URL: base,
    CAIRN_DATA_DIR: dataDir,
    CAIRN_BOOTSTRAP_ADMIN_KEY: key,
    CAIRN_BOOTSTRAP_ORG: 'Stonefield Community School',
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.kill('SIGTERM'));
const stopped = once(server, 'exit').finally(() => rm(dataDir, { recursive: true, force: true }));
const school = createSchool(base, key);

try {
  await ready();
  await show();
  if (runsOnce) server.kill('SIGTERM');
} catch (error) {
  server.kill('SIGTERM');
  throw error;
} finally {
  await stopped;
}

async function show(): Promise<void> {
  // Stonefield asked its families, so learners' names stand in their credentials. By default they do not.
  const organization = await school.call<Named>('PATCH', '/organization', {
    json: { policy: { nameInCredential: true } },
  });
  say('Stonefield imports its standards and cuts them into two levels.');
  const framework = await importStandards();
  const made = await publishAll(framework);
  const ada = await school.addPerson('Ada Quarry', 'learner');
  const bo = await school.addPerson('Bo Lichen', 'learner');

  say('Two students hand in work; one is told "not yet" and comes back.');
  const badges = [
    await comeBack(ada, made.fractions),
    await pass(bo, made.argument, 'Is our bus late?', 'Bold, and open to proof.'),
  ];

  say('Ada passes the boss of her level, read by two teachers. The level then certifies itself.');
  await passBoss(ada, made.boss);
  badges.push(await school.waitForCredential(ada, made.level));
  const chart = join(dataDir, 'ada-quarry.pdf');
  await writeFile(chart, await school.save(`/learners/${ada.id}/chart.pdf?framework=${framework}`));

  say('Both decide to show what they have earned. Look:');
  for (const badge of badges) {
    await school.call('POST', `/credentials/${badge}/publish`);
    tell(`/credentials/${badge}`, 'a badge page; .json .jwt .png .svg for machines');
  }
  tell('/verify', 'check one: drop a file, paste, or give an address');
  tell(`/achievements/${made.fractions.id}`, 'what a badge stands for');
  tell(`/schools/${organization.id}`, 'what can be earned here');
  tell(`/policy/${organization.id}`, 'how this school decides what is mastered');
  tell('/api/docs', `everything that programs can ask for (key: ${key})`);
  console.log(`    ${chart}\n        Ada’s chart, to be printed`);
  say(
    runsOnce
      ? 'The demo is over, and its data is thrown away.'
      : 'Ctrl-C stops the demo and throws its data away.',
  );
}

async function importStandards(): Promise<string> {
  const { framework } = await school.call<{ framework: Named }>(
    'POST',
    '/frameworks/import?title=Numbers%20and%20data',
    { csv: await readFile(new URL('examples/standards.csv', root), 'utf8') },
  );
  await school.call('PUT', `/frameworks/${framework.id}/levels`, {
    json: [
      { ordinal: 1, name: 'Foundations', description: 'With help, on familiar ground' },
      { ordinal: 2, name: 'Independent', description: 'Alone, on new ground' },
    ],
  });
  return framework.id;
}

/** Two skills, the boss of the first level, and the level: all of its skills and the boss certify it. */
async function publishAll(framework: string) {
  const fractions = await school.publish(framework, 'fractions', {
    name: 'Fractions that add up',
    description: 'Compares, adds and subtracts fractions and explains how.',
    criteria: 'Show **two** ways to add fractions with unlike denominators, and say why both work.',
    level: 1,
    image: { kind: 'template', shape: 'hexagon', color: '#1f6f78', icon: 'graph' },
  });
  const argument = await school.publish(framework, 'data', {
    name: 'Argues from data',
    description: 'Asks a question, finds data, and argues in writing.',
    criteria: 'Hand in one question, one graph and one page that could be proven wrong.',
    level: 2,
  });
  const boss = await school.publish(framework, 'fractions', {
    kind: 'boss',
    name: 'Feeds forty',
    description: 'Plans a meal for forty: fractions, ratios and prices in one piece of work.',
    criteria: 'Hand in the plan, the sums behind it, and what you would do for fifty.',
    level: 1,
  });
  const level = await school.publish(framework, 'fractions', {
    kind: 'level',
    name: 'Numbers and data: Foundations',
    description: 'Works with numbers with help, on familiar ground.',
    criteria: 'All badges of this level, and its boss.',
    level: 1,
    rubric: [],
  });
  await school.call('PUT', `/frameworks/${framework}/level-rules/1`, {
    json: {
      pool: { achievements: [fractions.id] },
      preponderance: { minShare: 1 },
      boss: { achievements: [boss.id], require: 'all' },
      achievement: level.id,
    },
  });
  return { fractions, argument, boss, level };
}

async function comeBack(learner: Named, achievement: Achievement): Promise<string> {
  const submission = await school.handIn(learner, achievement, 'Pizza for seven');
  await school.review(submission, achievement, {
    decision: 'revise',
    level: 'Developing',
    feedback: 'Both answers are right. Why do they agree?',
  });
  const narrative = 'Both ways cut the same whole.';
  await school.call('PATCH', `/submissions/${submission.id}`, {
    json: { evidence: [{ name: 'Pizza for seven, with reasons', narrative }] },
  });
  await school.call('POST', `/submissions/${submission.id}/submit`);
  const verdict = {
    decision: 'approve',
    level: 'Proficient',
    feedback: 'Now it is clear.',
  } as const;
  return school.issue(await school.review(submission, achievement, verdict));
}

async function pass(learner: Named, achievement: Achievement, work: string, feedback: string) {
  const submission = await school.handIn(learner, achievement, work);
  const verdict = { decision: 'approve', level: 'Advanced', feedback } as const;
  return school.issue(await school.review(submission, achievement, verdict));
}

/** A boss has two readers unless the school says otherwise. */
async function passBoss(learner: Named, boss: Achievement): Promise<void> {
  const submission = await school.handIn(learner, boss, 'Soup for forty');
  for (const name of ['Mara Slate', 'Jon Flint']) {
    const teacher = await school.addTeacher(name);
    const feedback = 'I would eat there.';
    const verdict = { decision: 'approve', level: 'Proficient', feedback } as const;
    await school.review(submission, boss, verdict, teacher);
  }
}

async function ready(): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(`${base}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause();
  }
  throw new Error('Cairn did not become ready within 30 seconds');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return free;
}

function say(text: string): void {
  console.log(`\n  ${text}`);
}

function tell(path: string, what: string): void {
  console.log(`    ${base}${path}\n        ${what}`);
}
