import { Writable } from 'node:stream';
import request from 'supertest';
import { createLogger } from '../../src/observability/logger.ts';
import { startCairn } from '../support/cairn.ts';

describe('logs', () => {
  it('hold the counts that an operator needs', () => {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line: string) => void lines.push(line) });
    const fields = { seed: 5, queue: 'issuances', running: 3, waiting: 9 };
    const counts = { erased: 1, known: 2, elsewhere: 4 };
    log.warn(fields, 'work is waiting');
    log.info(counts, 'erased again');
    const [first, second] = lines.map((line) => JSON.parse(line) as object);
    expect(first).toMatchObject(fields);
    expect(second).toMatchObject(counts);
  });

  it('name nobody and hold nothing that people wrote', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString('utf8'));
        done();
      },
    });
    const canary = 'Zebedee Canarybird';
    const email = 'zebedee.canary@school.example';
    const cairn = await startCairn({ log: createLogger('debug', sink) });
    const send = (path: string, body: object) =>
      request(cairn.app).post(path).auth(cairn.owner, { type: 'bearer' }).send(body);

    await send('/api/v1/people', { name: canary, email, roles: ['learner'] });
    await send('/api/v1/people', { name: canary, email, roles: ['learner'] });
    await send('/api/v1/people', { name: canary, email: canary, roles: [canary] });
    await send(`/api/v1/people/${canary}`, {});
    await request(cairn.app).get(`/verify?who=${encodeURIComponent(canary)}`);
    await request(cairn.app).post('/verify').type('text/plain').send(canary);
    cairn.cairn.log.error(
      { error: new Error(`E11000 dup key: { email: "${email}" }`), person: canary, name: canary },
      'something failed',
    );
    cairn.cairn.log.error({ error: new Error(`first line\n${canary}\n at ${email}`) }, 'failed');
    await cairn.close();

    const text = lines.join('');
    expect(lines.length).toBeGreaterThan(5);
    expect(text).not.toContain('Canarybird');
    expect(text).not.toContain('zebedee');
    expect(text).not.toContain(cairn.owner);
  });
});
