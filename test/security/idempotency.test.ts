import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { systemActor } from '../../src/domain/roles.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { refusal } from '../support/refusal.ts';

let cairn: TestCairn;
let time = Date.parse('2026-11-22T09:00:00Z');

beforeAll(async () => {
  cairn = await startCairn({ now: () => new Date(time) });
});
afterAll(async () => {
  await cairn.close();
});

const post = (path: string, body: object, key: string, token: string) =>
  request(cairn.app)
    .post(`/api/v1${path}`)
    .auth(token, { type: 'bearer' })
    .set('Idempotency-Key', key)
    .send(body);

/** Everything that lies in the data folder, as it lies there. */
function readStore(): string {
  const { dataDir } = cairn.cairn.settings;
  return readdirSync(dataDir)
    .filter((name) => name.startsWith('store'))
    .map((name) => readFileSync(join(dataDir, name), 'latin1'))
    .join('\n');
}

describe('an Idempotency-Key', () => {
  it('repeats a secret to its caller and leaves it nowhere', async () => {
    const make = () => post('/api-keys', { name: 'Tell-tale', roles: ['lead'] }, 'k', cairn.owner);
    const [first, again] = [await make(), await make()];
    const { secret } = first.body as { secret: string };

    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(readStore()).toContain('Tell-tale');
    expect(readStore()).not.toContain(secret);
  });

  it('is each caller’s own', async () => {
    const [one, other] = [await cairn.as('admin'), await cairn.as('admin')];
    const add = (token: string, name: string) =>
      post('/people', { name, roles: ['learner'] }, 'monday', token);

    expect((await add(one.key, 'Ada')).status).toBe(201);
    expect((await add(other.key, 'Bo')).status).toBe(201);
    expect((await add(one.key, 'Cleo')).body).toMatchObject({ code: 'idempotency.other_request' });
  });

  it('is free again after a request that failed', async () => {
    const add = (roles: string[]) =>
      post('/people', { name: 'Dora', roles }, 'failing', cairn.owner);
    expect((await add([])).status).toBe(400);
    expect((await add(['learner'])).status).toBe(201);
  });

  it('that a dead process took is taken over when its time is up', async () => {
    const { once } = cairn.services.idempotency;
    const actor = systemActor('school');
    const asked = { key: 'crash', fingerprint: 'f' };
    const done = { status: 200, headers: {}, body: '' };
    const answer = () => Promise.resolve(done);
    await new Promise<void>((started) => {
      void once(actor, asked, () => {
        started();
        return new Promise(() => undefined);
      });
    });

    const inProgress = refusal({ code: 'idempotency.in_progress' });
    await expect(once(actor, asked, answer)).rejects.toThrow(inProgress);
    time += 121_000;
    const other = { ...asked, fingerprint: 'other' };
    await expect(once(actor, other, answer)).rejects.toThrow(
      refusal({ code: 'idempotency.other_request' }),
    );
    await expect(once(actor, asked, answer)).resolves.toEqual(done);
  });
});
