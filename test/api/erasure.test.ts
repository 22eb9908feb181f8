import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { compose } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { scopeOf, systemActor } from '../../src/domain/roles.ts';
import { blobPath } from '../../src/storage/blobs.ts';
import { silentLog } from '../support/log.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addKnownPerson, findWords } from '../support/known-person.ts';
import { openSchool, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

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

const addKnown = () => addKnownPerson(cairn, school);
const scan = () => findWords(cairn.cairn.settings.dataDir);

const erase = (id: string, query = '', key = cairn.owner) =>
  school.call('delete', `/people/${id}${query}`, key);

describe('erasing a person', () => {
  it('leaves nothing of them anywhere', async () => {
    const { learner } = await addKnown();
    expect(await scan()).toEqual(
      expect.arrayContaining(['people', 'awards', 'submissions', 'files', 'store.db-wal']),
    );

    expect((await erase(learner.id, '?reason=left')).status).toBe(204);
    expect(await scan()).toEqual([]);
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
    const late = {
      id: crypto.randomUUID(),
      ...scope,
      owner: learner.id,
      name: 'Zenobia Quill',
      type: 'text/plain',
    };
    await stores.files.add({ ...late, size: 1, sha256: '0', createdAt: new Date(time) });
    // Who asks again does not take the second look's place.
    expect((await erase(learner.id)).status).toBe(204);
    await cairn.cairn.dispatcher.sweep();
    expect(await stores.files.find(scope, late.id)).toBeDefined();

    time += 180_000;
    await cairn.cairn.dispatcher.sweep();
    expect(await scan()).toEqual([]);
    expect((await stores.erasures.find(scope, learner.id))?.state).toBe('erased');
  });

  it('that cannot be finished yet keeps nobody else waiting, and is finished when it can be', async () => {
    const { learner, file } = await addKnown();
    const scope = scopeOf({ organization: await organization() });
    const stores = cairn.cairn.storage.stores;
    const blob = blobPath(join(cairn.cairn.settings.dataDir, 'blobs'), file);
    await rm(blob);
    await mkdir(join(blob, 'in the way'), { recursive: true });
    expect((await erase(learner.id)).status).toBe(500);

    const before = new Date((time += 31_000));
    await cairn.cairn.dispatcher.sweep();
    expect(await stores.erasures.find(scope, learner.id)).toMatchObject({ passes: 0 });
    expect(await stores.erasures.listDue(before, 10)).toEqual([]);

    await rm(blob, { recursive: true });
    time += 31_000;
    await cairn.cairn.dispatcher.sweep();
    expect(await scan()).toEqual([]);
  });

  it('may be asked for again and again, at the same time too', async () => {
    const { learner } = await addKnown();
    const answers = await Promise.all(Array.from({ length: 5 }, () => erase(learner.id)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect((await erase(learner.id)).status).toBe(204);
    expect(await scan()).toEqual([]);
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

describe('after a restore of an older store', () => {
  /** The data folder as it was before, with the journal as it is now. */
  async function bringBack(older: string) {
    const { dataDir } = cairn.cairn.settings;
    const journal = await readFile(join(dataDir, 'erasures.jsonl'), 'utf8');
    await writeFile(join(older, 'erasures.jsonl'), journal);
    return compose(parseSettings({ NODE_ENV: 'test', CAIRN_DATA_DIR: older }), { log: silentLog });
  }

  it('the journal erases again whoever came back, and revokes what was issued since', async () => {
    const { learner, open } = await addKnown();
    const { dataDir } = cairn.cairn.settings;
    await cairn.cairn.storage.scrub();
    const older = await mkdtemp(join(tmpdir(), 'cairn-older-'));
    await cp(dataDir, older, { recursive: true });
    const later = await school.publish({ name: 'Later' });
    await school.call('post', '/awards').send({
      learner: learner.id,
      achievement: later.id,
      narrative: 'Seen.',
      results: resultsAt(later, 1),
    });
    await cairn.cairn.queue.drained();
    await erase(learner.id);
    const scope = scopeOf({ organization: await organization() });
    const tombstone = await cairn.cairn.storage.stores.erasures.find(scope, learner.id);

    const restored = await bringBack(older);
    expect(await restored.services.people.list(operator(scope), { limit: 200 })).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: learner.id })]) as unknown,
    });
    const first = await restored.services.erasures.replayLog();
    expect(first).toEqual({ erased: 1, known: 0, elsewhere: 0, unreadable: 0 });
    const again = await restored.services.erasures.replayLog();
    expect(again).toMatchObject({ erased: 0, known: 2, elsewhere: 0 });
    const stores = restored.storage.stores;
    expect(tombstone?.credentials).toHaveLength(3);
    for (const { id, status } of tombstone?.credentials ?? []) {
      expect(await stores.erasures.hasCredential(id)).toBe(true);
      expect((await stores.statusLists.read(status.list))?.bits).toContain(status.index);
    }
    await expect(restored.services.credentials.getPublic(open)).rejects.toMatchObject({
      kind: 'gone',
    });
    await restored[Symbol.asyncDispose]();
    expect(await findWords(older)).toEqual([]);
    await rm(older, { recursive: true });
  });
});

const operator = ({ organization: id }: { organization: string }) => systemActor(id);

async function organization(): Promise<string> {
  return ((await school.call('get', '/organization')).body as { id: string }).id;
}
