import express from 'express';
import request from 'supertest';
import { createHealth } from '../../src/observability/health.ts';

const works = () => Promise.resolve();
const fails = () => Promise.reject(new Error('the password is hunter2'));

function serve(checks: Parameters<typeof createHealth>[0]) {
  const health = createHealth(checks);
  return { health, app: express().use(health.router) };
}

describe('health', () => {
  it('is alive whatever its surroundings do', async () => {
    const { app } = serve({ store: fails });
    expect((await request(app).get('/livez')).status).toBe(200);
  });

  it('is ready when everything it needs works', async () => {
    const { app } = serve({ store: works, keys: works });
    const answer = await request(app).get('/readyz');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ok', checks: { store: 'ok', keys: 'ok' } });
  });

  it('names what does not work, and nothing more', async () => {
    const { app } = serve({ store: works, keys: fails });
    const answer = await request(app).get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ status: 'not ready', checks: { store: 'ok', keys: 'failed' } });
  });

  it('is not ready any more while it stops', async () => {
    const { app, health } = serve({ store: works });
    health.stop();
    const answer = await request(app).get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ status: 'stopping' });
  });

  it('does its checks once for many who ask at once', async () => {
    let runs = 0;
    const { app } = serve({
      store: () => {
        runs += 1;
        return Promise.resolve();
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => request(app).get('/readyz')));
    expect(runs).toBe(1);
  });
});
