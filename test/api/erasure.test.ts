import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import request from 'supertest';
import { scopeOf } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

const words = ['Zenobia Quill', 'zenobia.quill', 'walnut kite', 'marmalade lantern', 'brass otter'];
const [name = '', , narrative = '', evidenceText = '', feedback = ''] = words;

let cairn: TestCairn;
let school: School;
let time: number;

beforeEach(async () => {
  time = Date.now();
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openSchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
});
afterEach(async () => {
  await cairn.close();
});

/** Somebody of whom everything is known: work, review, badges, a guardian. */
async function addKnown() {
  const learner = await cairn.as('learner', { name, email: 'Zenobia.Quill@school.example' });
  const guardian = await school
    .call('post', '/people')
    .send({ name: 'Guard', roles: ['guardian'], guardianOf: [learner.id] });
  const achievement = await school.publish();
  const file = await request(cairn.app)
    .post('/api/v1/files')
    .auth(learner.key, { type: 'bearer' })
    .attach('file', Buffer.from(`${evidenceText} in a file`), `${name}.txt`);
  expect(file.status).toBe(201);
  const submission = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [
      { name: `Report of ${name}`, narrative: evidenceText },
      { name: 'File', file: (file.body as { id: string }).id },
    ],
    submit: true,
  });
  expect(submission.status).toBe(201);
  const reviewed = await school
    .call('post', `/submissions/${(submission.body as { id: string }).id}/reviews`)
    .send({
      achievement: achievement.id,
      decision: 'approve',
      results: resultsAt(achievement, 1),
      feedback: `${feedback}, ${name}`,
    });
  expect(reviewed.status).toBe(201);
  const graphs = await school.publish({ name: 'Graphs' });
  const direct = await school.call('post', '/awards').send({
    learner: learner.id,
    achievement: graphs.id,
    narrative: `${narrative} by ${name}`,
    results: resultsAt(graphs, 1),
  });
  expect(direct.status).toBe(202);
  await cairn.cairn.queue.drained();
  const listed = await school.call('get', `/credentials?learner=${learner.id}`);
  const credentials = (listed.body as { items: { id: string; document: object }[] }).items;
  expect(credentials).toHaveLength(2);
  const [open, closed] = credentials.map(({ id }) => id);
  await school.call('post', `/credentials/${open ?? ''}/publish`);
  return {
    learner,
    guardian: (guardian.body as { id: string }).id,
    open: open ?? '',
    closed: closed ?? '',
    submission: (submission.body as { id: string }).id,
    issuance: (direct.body as { id: string }).id,
    file: (file.body as { id: string }).id,
  };
}

const erase = (id: string, query = '', key = cairn.owner) =>
  school.call('delete', `/people/${id}${query}`, key);

const pattern = new RegExp(words.join('|'), 'i');

/** Where one of the words stands: in which collection, and in which file of the data folder. */
async function findWords(): Promise<readonly string[]> {
  const found: string[] = [];
  const connected = mongoose.connections.filter(
    ({ readyState }) => readyState === mongoose.ConnectionStates.connected,
  );
  const collections = await Promise.all(connected.map(async ({ db }) => db?.collections() ?? []));
  for (const collection of collections.flat()) {
    const documents = await collection.find().toArray();
    if (pattern.test(JSON.stringify(documents))) found.push(collection.collectionName);
  }
  const folder = cairn.cairn.settings.dataDir;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (pattern.test(bytes.toString('latin1'))) found.push(entry.name);
  }
  return found;
}

describe('erasing a person', () => {
  it('leaves nothing of them anywhere', async () => {
    const { learner } = await addKnown();
    expect(await findWords()).toEqual(
      expect.arrayContaining(['people', 'awards', 'submissions', 'files', 'store.db-wal']),
    );

    expect((await erase(learner.id, '?reason=left')).status).toBe(204);
    expect(await findWords()).toEqual([]);
  });

  it('leaves a tombstone: what they hold is gone at its address, and revoked wherever it is shown', async () => {
    const { learner, guardian, open, closed, submission, issuance, file } = await addKnown();
    const kept = await school.call('get', `/credentials/${open}`);
    const { document } = kept.body as { document: object };
    expect((await request(cairn.app).get(`/credentials/${open}.json`)).status).toBe(200);

    await erase(learner.id);
    for (const id of [open, closed]) {
      for (const suffix of ['', '.json', '.jwt', '.png', '.svg']) {
        const answer = await request(cairn.app).get(`/credentials/${id}${suffix}`);
        expect([suffix, answer.status]).toEqual([suffix, 410]);
        expect(answer.body).toMatchObject({ code: 'credential.erased' });
      }
      const page = await request(cairn.app).get(`/credentials/${id}`).accept('text/html');
      expect([page.status, page.type]).toEqual([410, 'text/html']);
      expect(page.text).toContain('erased');
      expect((await school.call('get', `/credentials/${id}`)).status).toBe(410);
    }
    const verified = await request(cairn.app).post('/verify').send(document);
    expect(verified.body).toMatchObject({ verified: false, outcome: 'revoked' });

    expect((await school.call('get', `/people/${learner.id}`)).body).toMatchObject({
      status: 410,
      code: 'person.erased',
    });
    expect((await school.call('get', `/people/${guardian}`)).body).toMatchObject({
      guardianOf: [],
    });
    for (const path of [`/submissions/${submission}`, `/issuances/${issuance}`, `/files/${file}`])
      expect([path, (await school.call('get', path)).status]).toEqual([path, 404]);
    expect((await school.call('get', '/organization', learner.key)).status).toBe(401);
    expect((await school.call('get', '/credentials')).body).toEqual({ items: [] });
  });

  it('keeps credential ids, places, dates and key ids, and tells the audit log', async () => {
    const { learner, open, closed } = await addKnown();
    await erase(learner.id, '?reason=mistake');
    const scope = scopeOf({ organization: await organization() });
    const tombstone = await cairn.cairn.storage.stores.erasures.find(scope, learner.id);
    expect(tombstone?.credentials.map(({ id }) => id).sort()).toEqual([open, closed].sort());
    for (const credential of tombstone?.credentials ?? []) {
      expect(Object.keys(credential).sort()).toEqual(['at', 'id', 'keys', 'status']);
    }
    const events = (await school.call('get', '/audit-events?limit=200')).body as {
      items: { action: string; subject: string; reason?: string }[];
    };
    expect(events.items).toContainEqual(
      expect.objectContaining({
        action: 'person.erased',
        subject: `person:${learner.id}`,
        reason: 'mistake',
      }),
    );
    expect(events.items.filter(({ reason }) => reason === 'erased')).toHaveLength(2);
    const examined = await cairn.services.invariants.examine();
    expect(examined.flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('looks a second time for what was being written meanwhile', async () => {
    const { learner } = await addKnown();
    await erase(learner.id);
    const stores = cairn.cairn.storage.stores;
    const scope = scopeOf({ organization: await organization() });
    const late = { id: crypto.randomUUID(), ...scope, owner: learner.id, name, type: 'text/plain' };
    await stores.files.add({ ...late, size: 1, sha256: '0', createdAt: new Date(time) });
    await cairn.cairn.dispatcher.sweep();
    expect(await stores.files.find(scope, late.id)).toBeDefined();

    time += 180_000;
    await cairn.cairn.dispatcher.sweep();
    expect(await findWords()).toEqual([]);
    expect((await stores.erasures.find(scope, learner.id))?.state).toBe('erased');
  });

  it('may be asked for again and again, at the same time too', async () => {
    const { learner } = await addKnown();
    const answers = await Promise.all(Array.from({ length: 5 }, () => erase(learner.id)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect((await erase(learner.id)).status).toBe(204);
    expect(await findWords()).toEqual([]);
    const log = await readFile(join(cairn.cairn.settings.dataDir, 'erasures.jsonl'), 'utf8');
    expect(log).toContain(learner.id);
  });

  it('is refused for the only owner, by others than administrators, and of nobody', async () => {
    const owner = await cairn.as('owner');
    expect((await erase(owner.id)).body).toMatchObject({ status: 409, code: 'person.last_owner' });
    const admin = await cairn.as('admin');
    const other = await cairn.as('owner');
    expect((await erase(other.id, '', admin.key)).body).toMatchObject({
      status: 403,
      code: 'person.owners_only',
    });
    expect((await erase(other.id)).status).toBe(204);
    const teacher = await cairn.as('teacher');
    expect((await erase(admin.id, '', teacher.key)).status).toBe(403);
    expect((await erase(crypto.randomUUID())).status).toBe(404);
    expect((await erase(teacher.id, '?reason=spite')).status).toBe(400);
  });

  it('leaves everybody else as they are', async () => {
    const { learner } = await addKnown();
    const other = await cairn.as('learner');
    const graphs = await school.publish({ name: 'Maps' });
    await school.call('post', '/awards').send({
      learner: other.id,
      achievement: graphs.id,
      narrative: 'Seen.',
      results: resultsAt(graphs, 1),
    });
    await cairn.cairn.queue.drained();
    await erase(learner.id);
    const left = (await school.call('get', '/credentials')).body as { items: { state: string }[] };
    expect(left.items.map(({ state }) => state)).toEqual(['valid']);
    expect((await school.call('get', `/people/${other.id}`)).status).toBe(200);
    const teacher = await cairn.as('teacher');
    await erase(teacher.id);
    expect(((await school.call('get', '/credentials')).body as { items: [] }).items).toHaveLength(
      1,
    );
  });
});

async function organization(): Promise<string> {
  return ((await school.call('get', '/organization')).body as { id: string }).id;
}
