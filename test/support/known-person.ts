import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose from 'mongoose';
import request from 'supertest';
import type { TestCairn } from './cairn.ts';
import type { School } from './school.ts';
import { resultsAt } from './submissions.ts';

const words = ['Zenobia Quill', 'zenobia.quill', 'walnut kite', 'marmalade lantern', 'brass otter'];
const [name = '', , narrative = '', evidenceText = '', feedback = ''] = words;

/** Somebody of whom everything is known: work, review, badges, a guardian. */
export async function addKnownPerson(cairn: TestCairn, school: School) {
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

const pattern = new RegExp(words.join('|'), 'i');

/** Where something of that person stands: in which collection of an open store, and in which file of the folder. */
export async function findWords(dataDir: string): Promise<readonly string[]> {
  const found: string[] = [];
  const connected = mongoose.connections.filter(
    ({ readyState }) => readyState === mongoose.ConnectionStates.connected,
  );
  const collections = await Promise.all(connected.map(async ({ db }) => db?.collections() ?? []));
  for (const collection of collections.flat()) {
    const documents = await collection.find().toArray();
    if (pattern.test(JSON.stringify(documents))) found.push(collection.collectionName);
  }
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (pattern.test(bytes.toString('latin1'))) found.push(entry.name);
  }
  return found;
}
