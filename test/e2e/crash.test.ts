import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { leaseMs, type Award, type Credential } from '../../src/domain/awards.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import { start } from '../../src/start.ts';
import { startCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { makeDataDir, run } from '../support/process.ts';
import { openSchool } from '../support/school.ts';
import { until } from '../support/store.ts';
import { resultsAt } from '../support/submissions.ts';
import type { Task } from './killed-issuance.ts';

// A process is killed before each single write between an approval and its credential; another one takes over.

type Approval = Omit<Task, 'dieBefore' | 'signed'>;
type Written = Pick<Credential, 'document' | 'jwt'>;

let data: Awaited<ReturnType<typeof makeDataDir>>;
let approval: Approval;

beforeAll(async () => {
  data = await makeDataDir();
  approval = await prepare(join(data.path, 'before'));
}, 60_000);
afterAll(async () => {
  await data.remove();
});

const environment = (dataDir: string) => ({
  NODE_ENV: 'test',
  CAIRN_URL: 'http://localhost:3000',
  CAIRN_ROLES: 'worker',
  CAIRN_LOG_LEVEL: 'silent',
  CAIRN_DATA_DIR: dataDir,
});

/** A data folder in which one submission waits for its approval. */
async function prepare(dataDir: string): Promise<Approval> {
  const cairn = await startCairn({ env: environment(dataDir) });
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  const [learner, teacher] = [await cairn.as('learner'), await cairn.as('teacher')];
  const handedIn = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  const { organization } = await cairn.services.organizations.operator();
  await cairn.close();
  return {
    teacher: { kind: 'person', id: teacher.id, organization, roles: ['teacher'] },
    submission: (handedIn.body as { id: string }).id,
    review: {
      achievement: achievement.id,
      decision: 'approve',
      results: resultsAt(achievement, 1),
    },
  };
}

/** Starts a worker on the folder after the lease of the dead one is over. */
async function resume<T>(dataDir: string, look: (cairn: Cairn) => Promise<T>): Promise<T> {
  const now = () => new Date(Date.now() + leaseMs + 1_000);
  const cairn = await compose(parseSettings(environment(dataDir)), { log: silentLog, now });
  const stop = await start(cairn);
  try {
    return await look(cairn);
  } finally {
    await stop();
    await cairn[Symbol.asyncDispose]();
  }
}

/** Everything that came of the approval, once nothing more is to come. */
async function findOutcome({ storage, services }: Cairn) {
  const { awards, credentials, submissions, auditEvents } = storage.stores;
  const scope = scopeOf(approval.teacher);
  const list = async () => (await awards.list(scope, {}, { limit: 10 })).items;
  await until(async () => {
    const isWaiting = (await list()).some(({ issuance }) => issuance.state !== 'issued');
    return !isWaiting && (await submissions.listDue(10)).length === 0;
  });
  const events = await auditEvents.list(scope, { limit: 50 });
  return {
    awards: await list(),
    credentials: (await credentials.list(scope, {}, { limit: 10 })).items,
    decisions: events
      .map(({ action }) => action)
      .filter((action) => ['review.approved', 'award.made'].includes(action)),
    faults: [
      ...(await services.audit.verify()).filter(({ fault }) => fault !== undefined),
      ...(await storage.verify()),
    ],
  };
}

async function readWritten(file: string): Promise<Written | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Written);
}

function expectOneOfEach(awards: readonly Award[], credentials: readonly Credential[]): void {
  expect(awards).toHaveLength(1);
  expect(credentials).toHaveLength(1);
  expect(credentials[0]?.award).toBe(awards[0]?.id);
  expect(credentials[0]?.id).toBe(awards[0]?.issuance.credential);
}

it('a kill before any write loses nothing, doubles nothing and changes no byte', async () => {
  const before: string[] = [];
  let all: readonly string[];
  let afterSigning = 0;
  for (let dieBefore = 1; ; dieBefore += 1) {
    const dataDir = join(data.path, `killed-${dieBefore}`);
    await cp(join(data.path, 'before'), dataDir, { recursive: true });
    const task: Task = { ...approval, dieBefore, signed: join(dataDir, 'signed.json') };
    const child = await run(
      'test/e2e/killed-issuance.ts',
      [JSON.stringify(task)],
      environment(dataDir),
    );
    expect(child.stderr).toBe('');
    all = child.stdout.trim().split('\n');
    const last = all.at(-1) ?? '';
    const outcome = await resume(dataDir, findOutcome);
    expect(outcome.faults).toEqual([]);
    if (dieBefore === 1) {
      // Nothing was written, so nothing was approved.
      expect(outcome).toMatchObject({ awards: [], credentials: [], decisions: [] });
    } else {
      expectOneOfEach(outcome.awards, outcome.credentials);
      expect([...outcome.decisions].sort()).toEqual(['award.made', 'review.approved']);
      const written = await readWritten(task.signed);
      if (written !== undefined) {
        afterSigning += 1;
        expect(outcome.credentials[0]).toMatchObject({
          document: written.document,
          jwt: written.jwt,
        });
      }
    }
    if (child.code === 0) break;
    before.push(last);
  }
  console.info(`killed before each of ${before.length} writes: ${before.join(', ')}`);
  // Those of the run that nobody killed. Some of them happen at once, so which one a kill meets is a matter of luck.
  expect(all).toEqual(
    expect.arrayContaining([
      'submissions.replaceOne',
      'statusEntries.insertMany',
      'awards.insertOne',
      'auditEvents.insertMany',
      'awards.findOneAndUpdate',
      'credentials.insertOne',
      'awards.updateOne',
    ]),
  );
  // Not at all, and at least once between the signature and the end.
  expect(afterSigning).toBeGreaterThanOrEqual(2);
}, 900_000);
