import { createApi, type Answered } from '../support/api.ts';
import { waitForCredential } from '../support/first-badge.ts';
import { adminKey, makeDataDir, run, startBuilt, type BuiltCairn } from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';

interface Decided {
  readonly decisions: readonly { readonly issuance: string; readonly credential: string }[];
  readonly code?: string;
}

let data: Awaited<ReturnType<typeof makeDataDir>>;
let cairn: BuiltCairn;
let school: Awaited<ReturnType<typeof openRemoteSchool>>;

beforeAll(async () => {
  data = await makeDataDir();
  cairn = await startBuilt(data.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
  school = await openRemoteSchool(cairn.base);
}, 60_000);
afterAll(async () => {
  await cairn.stop();
  await data.remove();
});

/** 100 approvals of a new submission, all under way at the same time. */
async function approveAtOnce(name: string, headers: Readonly<Record<string, string>>) {
  const submission = await school.handIn(name);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      school.teacher.send<Decided>(
        'POST',
        `/submissions/${submission}/reviews`,
        school.approval,
        headers,
      ),
    ),
  );
  const accepted = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ status }) => status !== 201);
  return { accepted, refused };
}

/** The one issuance that all of these answers speak of, once it is there. */
async function expectOneCredential(accepted: readonly Answered<Decided>[]): Promise<void> {
  const named = new Set(accepted.map(({ body }) => JSON.stringify(body.decisions)));
  expect(named.size).toBe(1);
  const [decision] = accepted[0]?.body.decisions ?? [];
  const credential = await waitForCredential(school.owner, decision?.issuance ?? '');
  expect(credential).toBe(decision?.credential);
}

const list = async (path: string) =>
  (await createApi(cairn.base, adminKey).call<{ items: { award: string }[] }>('GET', path)).items;

it('100 approvals of one submission at once make one award and one credential', async () => {
  // Connections that are open already bring the questions closer together.
  await Promise.all(Array.from({ length: 100 }, () => list('/credentials')));
  const learners = ['Ada', 'Bo', 'Cleo', 'Dora', 'Eli'];
  for (const [index, name] of learners.entries()) {
    const { accepted, refused } = await approveAtOnce(name, {});

    expect(accepted.map(({ status }) => status)).toEqual([201]);
    const codes = new Set(refused.map(({ status, body }) => `${status} ${body.code ?? ''}`));
    expect([...codes]).toEqual(['409 review.already_decided']);
    await expectOneCredential(accepted);
    expect(await list('/issuances')).toHaveLength(index + 1);
    expect(await list('/credentials')).toHaveLength(index + 1);
  }
}, 60_000);

it('100 of them with one Idempotency-Key all answer the same, or that it is under way', async () => {
  const { accepted, refused } = await approveAtOnce('Finn', { 'idempotency-key': 'approve-finn' });

  const codes = refused.map(({ status, body }) => `${status} ${body.code ?? ''}`);
  expect(codes.filter((code) => code !== '409 idempotency.in_progress')).toEqual([]);
  await expectOneCredential(accepted);
  expect(await list('/credentials')).toHaveLength(6);
}, 60_000);

it('leaves a chain of decisions without a gap, and a store that is in step', async () => {
  const env = { CAIRN_DATA_DIR: data.path };
  expect(await run('dist/cli.js', ['audit', 'verify'], env)).toMatchObject({ code: 0 });
  expect(await run('dist/cli.js', ['doctor'], env)).toMatchObject({ code: 0 });
}, 60_000);
