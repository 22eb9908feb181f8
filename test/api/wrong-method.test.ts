import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
beforeAll(async () => {
  cairn = await startCairn();
});
afterAll(() => cairn.close());

const ask = (method: 'get' | 'put' | 'delete' | 'options', path: string, key = cairn.owner) =>
  request(cairn.app)[method](path).auth(key, { type: 'bearer' });

describe('a method that an address does not take', () => {
  it.each([
    ['delete', '/api/v1/organization', 'GET, PATCH'],
    ['put', '/api/v1/people', 'POST, GET'],
    ['get', '/vc/credentials/issue', 'POST'],
  ] as const)('%s %s is answered with those that it takes', async (method, path, allowed) => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow?.split(', ').sort()).toEqual(allowed.split(', ').sort());
    expect(answer.body).toMatchObject({ status: 405, code: 'request.wrong_method' });
  });

  it('tells nothing to those without a key, and of an address that is none', async () => {
    expect((await ask('delete', '/api/v1/organization', 'x'.repeat(40))).status).toBe(401);
    expect((await ask('delete', '/api/v1/nothing')).status).toBe(404);
  });

  it('keeps OPTIONS as it was', async () => {
    const answer = await ask('options', '/api/v1/organization');
    expect(answer.status).toBe(200);
    expect(answer.headers.allow).toContain('PATCH');
  });
});
