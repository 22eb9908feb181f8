import { Writable } from 'node:stream';
import request from 'supertest';
import { createLogger } from '../../src/observability/logger.ts';
import { startCairn, type TestCairn } from './cairn.ts';
import { openSchool } from './school.ts';
import { resultsAt } from './submissions.ts';

/** One line of the log, as it was printed. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event?: string };

const person = { name: 'Zenobia Quillfeather', email: 'zenobia@quillfeather.example' };

/** A school on a busy day: what people do, what goes wrong, and what strangers ask. */
export async function liveBusyDay() {
  const lines: LogLine[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString('utf8')) as LogLine);
      done();
    },
  });
  const cairn = await startCairn({ log: createLogger('debug', sink) });
  cairn.cairn.queue.process(cairn.services.issuances.process);
  const school = await openSchool(cairn);
  const achievement = await school.publish({ name: 'Beekeeping in winter' });
  const learner = await cairn.as('learner', { ...person, adult: true });
  const teacher = await cairn.as('teacher', { name: 'Ottoline Marchbanks' });
  const results = resultsAt(achievement, 1);

  const submitted = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [{ name: 'Hive diary', narrative: 'Fed them sugar.' }],
    submit: true,
  });
  const { id: submission } = submitted.body as { id: string };
  const reviews = `/submissions/${submission}/reviews`;
  const review = { achievement: achievement.id, results, feedback: 'Well observed.' };
  const approved = await school
    .call('post', reviews, teacher.key)
    .send({ ...review, decision: 'approve' });
  expect(approved.status).toBe(201);
  const [decision] = (approved.body as { decisions: { issuance: string }[] }).decisions;
  await cairn.cairn.queue.drained();
  const issuance = await school.call('get', `/issuances/${decision?.issuance ?? ''}`);
  const { credential } = issuance.body as { credential: string };

  await school.call('post', `/credentials/${credential}/publish`);
  await verifySome(cairn, credential);
  await school.call('post', `/credentials/${credential}/suspend`).send({ reason: 'A question.' });
  await school.call('post', `/credentials/${credential}/reinstate`).send({ reason: 'Answered.' });
  await school.call('post', `/credentials/${credential}/revoke`).send({ reason: 'Copied.' });
  const operator = await cairn.services.organizations.operator();
  await cairn.services.signingKeys.rotate(operator, ['RS256']);
  const ids = [learner.id, teacher.id, submission, credential, achievement.id];
  const words = ['Zenobia', 'quillfeather', 'Ottoline', 'Beekeeping', 'Hive', 'sugar', 'observed'];
  const keys = [learner.key, teacher.key, cairn.owner];
  return { cairn, lines, ids, words, keys, learner, teacher };
}

/** Strangers verify, mistype and try things out. */
async function verifySome(cairn: TestCairn, credential: string): Promise<void> {
  const { app } = cairn;
  const signed = await request(app).get(`/credentials/${credential}.json`);
  for (const document of [signed.text, signed.text.replace('Beekeeping', 'Beeping'), '{}']) {
    await request(app).post('/verify').type('application/json').send(document);
  }
  await request(app).get(`/API/v1/People/${credential}`);
  await request(app).get('/zenobia@quillfeather.example');
  await request(app).get(`/credentials/${credential}`).set('accept', 'text/html');
  await request(app).options(`/nothing/${credential}`);
}
