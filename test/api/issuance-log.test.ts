import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import request from 'supertest';
import { hashLeaf, hashNode } from '../../src/domain/issuance-log.ts';
import { newRandomId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Proof {
  readonly credential: string;
  readonly document: string;
  readonly jwt: string;
  readonly at: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
}
interface Checkpoint {
  readonly issuer: string;
  readonly size: number;
  readonly root: string;
  readonly jws: string;
}

const count = 11;
let cairn: TestCairn;
const credentials: string[] = [];
const awards: string[] = [];

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openSchool(cairn);
  const achievement = await school.publish();
  for (let made = 0; made < count; made += 1) {
    const answer = await school.call('post', '/awards').send({
      learner: (await cairn.as('learner')).id,
      achievement: achievement.id,
      narrative: 'In the workshop.',
      results: resultsAt(achievement, 1),
    });
    awards.push((answer.body as { id: string }).id);
  }
  await Promise.all(awards.map((id) => cairn.services.issuances.process(id)));
  const operator = await cairn.services.organizations.operator();
  for (const id of awards) {
    credentials.push((await cairn.services.issuances.get(operator, id)).issuance.credential);
  }
});
afterAll(async () => {
  await cairn.close();
});

async function ask(path: string) {
  const answer = await request(cairn.app).get(path);
  return { status: answer.status, body: answer.body as unknown };
}

async function checkpoint(): Promise<Checkpoint> {
  const { body } = await ask('/log/checkpoint');
  const { checkpoints } = body as { checkpoints: Checkpoint[] };
  const [only] = checkpoints;
  if (only === undefined || checkpoints.length > 1) throw new Error('not one checkpoint');
  return only;
}

/** RFC 9162 §2.1.3.2, as somebody outside would do it. */
function rootOf(proof: Proof): string {
  const leaf = { ...proof, organization: '', at: new Date(proof.at) };
  let [node, last, hash] = [proof.index, proof.size - 1, hashLeaf(leaf)];
  for (const step of proof.path) {
    if (node % 2 === 1 || node === last) {
      hash = hashNode(step, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node >> 1, last >> 1];
    } else {
      hash = hashNode(hash, step);
    }
    [node, last] = [node >> 1, last >> 1];
  }
  expect(last).toBe(0);
  return hash;
}

it('every issued credential is in the log once, and its proof leads to the root of the checkpoint', async () => {
  const { size, root } = await checkpoint();
  expect(size).toBe(count);
  const places = new Set<number>();
  for (const credential of credentials) {
    const { status, body } = await ask(`/log/proofs/${credential}`);
    const proof = body as Proof;
    expect(status).toBe(200);
    expect(proof.path.length).toBeLessThanOrEqual(4);
    expect(rootOf(proof)).toBe(root);
    places.add(proof.index);
  }
  expect(places.size).toBe(count);
});

it('the checkpoint is signed by the issuer and says size and root only', async () => {
  const { jws, ...state } = await checkpoint();
  expect(Object.keys(state).sort()).toEqual(['at', 'issuer', 'root', 'size']);
  const { kid, typ } = decodeProtectedHeader(jws);
  expect(typ).toBe('log-checkpoint+jwt');
  const { body } = await ask(new URL(kid ?? '').pathname);
  const { payload } = await compactVerify(jws, await importJWK(body as JWK, 'RS256'));
  expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
    iss: state.issuer,
    size: state.size,
    root: state.root,
  });
});

it('an id that nobody issued looks like any other wrong id', async () => {
  expect(await ask(`/log/proofs/${newRandomId()}`)).toMatchObject({ status: 404 });
  expect((await ask('/log/proofs/none')).status).toBe(404);
  expect((await ask('/log/proofs/')).status).toBe(404);
});

it('logging again changes nothing', async () => {
  const before = await checkpoint();
  const operator = await cairn.services.organizations.operator();
  const stored = await cairn.services.credentials.get(operator, credentials[0] ?? '');
  await cairn.services.issuanceLog.append(stored);
  await Promise.all(awards.map((id) => cairn.services.issuances.process(id)));
  expect(await checkpoint()).toMatchObject({ size: before.size, root: before.root });
});
