// A fictional school from standards to public credentials, in a throw-away data folder. `npm run demo`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Named {
  readonly id: string;
}
interface AchievementAnswer extends Named {
  readonly rubric: readonly {
    readonly id: string;
    readonly levels: readonly (Named & { name: string })[];
  }[];
}
interface SubmissionAnswer extends Named {
  readonly decisions: readonly { readonly issuance: string }[];
}

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
  await call('PATCH', '/organization', { json: { policy: { nameInCredential: true } } });
  say('Stonefield imports its standards and cuts them into two levels.');
  const { framework } = await call<{ framework: Named }>(
    'POST',
    '/frameworks/import?title=Numbers%20and%20data',
    {
      csv: await readFile(new URL('examples/standards.csv', root), 'utf8'),
    },
  );
  await call('PUT', `/frameworks/${framework.id}/levels`, {
    json: [
      { ordinal: 1, name: 'Foundations', description: 'With help, on familiar ground' },
      { ordinal: 2, name: 'Independent', description: 'Alone, on new ground' },
    ],
  });
  const fractions = await publish(framework.id, 'fractions', {
    name: 'Fractions that add up',
    description: 'Compares, adds and subtracts fractions and explains how.',
    criteria: 'Show **two** ways to add fractions with unlike denominators, and say why both work.',
    level: 1,
    image: { kind: 'template', shape: 'hexagon', color: '#1f6f78', icon: 'graph' },
  });
  const argument = await publish(framework.id, 'data', {
    name: 'Argues from data',
    description: 'Asks a question, finds data, and argues in writing.',
    criteria: 'Hand in one question, one graph and one page that could be proven wrong.',
    level: 2,
  });

  say('Two students hand in work; one is told "not yet" and comes back.');
  const ada = await addLearner('Ada Quarry');
  const bo = await addLearner('Bo Lichen');
  const first = await handIn(ada, fractions, 'Pizza for seven');
  await review(first, fractions, 'Developing', {
    decision: 'revise',
    feedback: 'Both answers are right. Why do they agree?',
  });
  await call('PATCH', `/submissions/${first.id}`, {
    json: {
      evidence: [
        { name: 'Pizza for seven, with reasons', narrative: 'Both ways cut the same whole.' },
      ],
    },
  });
  await call('POST', `/submissions/${first.id}/submit`);
  const badges = [
    await issue(
      await review(first, fractions, 'Proficient', {
        decision: 'approve',
        feedback: 'Now it is clear.',
      }),
    ),
    await issue(
      await review(await handIn(bo, argument, 'Is our bus late?'), argument, 'Advanced', {
        decision: 'approve',
        feedback: 'Bold, and open to proof.',
      }),
    ),
  ];

  say('Both decide to show what they have earned. Look:');
  for (const badge of badges) {
    await call('POST', `/credentials/${badge}/publish`);
    console.log(
      `    ${base}/credentials/${badge}        a badge page; .json .jwt .png .svg for machines`,
    );
  }
  console.log(
    `    ${base}/verify                 check one: drop a file, paste, or give an address`,
  );
  console.log(`    ${base}/achievements/${fractions.id}`);
  console.log(
    `    ${base}/api/docs               everything that programs can ask for (key: ${key})`,
  );
  console.log(
    runsOnce
      ? '\n  The demo is over, and its data is thrown away.'
      : '\n  Ctrl-C stops the demo and throws its data away.',
  );
}

async function publish(
  framework: string,
  words: string,
  content: object,
): Promise<AchievementAnswer> {
  const { items } = await call<{ items: Named[] }>(
    'GET',
    `/frameworks/${framework}/standards?q=${words}`,
  );
  const rubric = [
    {
      name: 'Reasoning',
      requiredLevel: 'Proficient',
      levels: ['Beginning', 'Developing', 'Proficient', 'Advanced'].map((name, i) => ({
        name,
        description: name,
        points: i + 1,
      })),
    },
  ];
  const standards = items.map(({ id }) => id);
  const made = await call<AchievementAnswer>('POST', '/achievements', {
    json: { kind: 'microcredential', standards, rubric, ...content },
  });
  return call('POST', `/achievements/${made.id}/publish`);
}

async function addLearner(name: string): Promise<Named> {
  const email = `${name.toLowerCase().replace(' ', '.')}@stonefield.example`;
  return call('POST', '/people', { json: { name, email, roles: ['learner'] } });
}

async function handIn(learner: Named, achievement: Named, name: string): Promise<SubmissionAnswer> {
  const evidence = [{ name, narrative: 'My notes are on paper; this is the short form.' }];
  return call('POST', '/submissions', {
    json: { learner: learner.id, achievements: [achievement.id], evidence, submit: true },
  });
}

async function review(
  submission: Named,
  achievement: AchievementAnswer,
  level: string,
  verdict: { decision: 'approve' | 'revise'; feedback: string },
): Promise<SubmissionAnswer> {
  const results = achievement.rubric.map((criterion) => ({
    criterion: criterion.id,
    level: criterion.levels.find(({ name }) => name === level)?.id,
  }));
  return call('POST', `/submissions/${submission.id}/reviews`, {
    json: { achievement: achievement.id, results, ...verdict },
  });
}

/** Waits until the approval has become a credential. */
async function issue({ decisions }: SubmissionAnswer): Promise<string> {
  const id = decisions[0]?.issuance ?? '';
  for (;;) {
    const { state, credential } = await call<{ state: string; credential?: string }>(
      'GET',
      `/issuances/${id}`,
    );
    if (credential !== undefined) return credential;
    if (state === 'failed') throw new Error(`issuance ${id} failed`);
    await pause();
  }
}

async function call<T>(
  method: string,
  path: string,
  body: { json?: unknown; csv?: string } = {},
): Promise<T> {
  const type = body.csv === undefined ? 'application/json' : 'text/csv';
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': type },
    ...(method === 'GET' ? {} : { body: body.csv ?? JSON.stringify(body.json ?? {}) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
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

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

function say(text: string): void {
  console.log(`\n  ${text}`);
}
