import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';

describe('people', () => {
  let cairn: TestCairn;

  beforeAll(async () => {
    cairn = await startCairn();
  });
  afterAll(async () => {
    await cairn.close();
  });

  const post = (key: string, body: object) =>
    request(cairn.app).post('/api/v1/people').auth(key, { type: 'bearer' }).send(body);

  it('are added by an owner and found again', async () => {
    const added = await post(cairn.owner, {
      name: 'Ada',
      email: 'Ada@School.example',
      roles: ['learner'],
    });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      name: 'Ada',
      email: 'ada@school.example',
      roles: ['learner'],
    });

    const { id } = added.body as { id: string };
    const found = await request(cairn.app)
      .get(`/api/v1/people/${id}`)
      .auth(cairn.owner, { type: 'bearer' });
    expect(found.body).toEqual(added.body);
  });

  it('are not added twice with one e-mail address', async () => {
    await post(cairn.owner, { name: 'Bo', email: 'bo@school.example', roles: ['learner'] });
    const again = await post(cairn.owner, {
      name: 'Bo',
      email: 'BO@school.example',
      roles: ['learner'],
    });

    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'person.exists', status: 409 });
  });

  it.each([
    ['an operator for text', { name: { $gt: '' }, roles: ['learner'] }, 'name'],
    [
      'an unknown field',
      { name: 'Eve', roles: ['learner'], organization: 'other' },
      'organization',
    ],
    ['no role', { name: 'Eve', roles: [] }, 'roles'],
    ['a wrong type', { name: 7, roles: ['learner'] }, 'name'],
    ['control characters', { name: 'E\u0007ve', roles: ['learner'] }, 'name'],
  ])('are refused with %s, and the problem names the field', async (_what, body, path) => {
    const refused = await post(cairn.owner, body);

    expect(refused.status).toBe(400);
    expect(refused.type).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'request.invalid', errors: [{ path }] });
  });

  it('are refused when the body is not JSON, or reaches for the prototype', async () => {
    const send = (text: string) =>
      request(cairn.app)
        .post('/api/v1/people')
        .auth(cairn.owner, { type: 'bearer' })
        .type('application/json')
        .send(text);

    expect((await send('{"name":')).body).toMatchObject({
      status: 400,
      code: 'request.malformed_json',
    });
    expect((await send('{"name":"x","__proto__":{"a":1},"roles":["learner"]}')).body).toMatchObject(
      {
        status: 400,
        code: 'request.malformed_json',
      },
    );
    expect((await send(`{"name":"${'x'.repeat(2_000_000)}"}`)).body).toMatchObject({
      status: 413,
      code: 'request.too_large',
    });
  });

  it('of another school, or unknown, are a 404', async () => {
    const unknown = await request(cairn.app)
      .get('/api/v1/people/00000000-0000-4000-8000-000000000000')
      .auth(cairn.owner, { type: 'bearer' });
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({ code: 'person.not_found' });
  });

  it('see themselves only, when they are learners', async () => {
    const ada = await cairn.as('learner');
    const bo = await cairn.as('learner');
    const get = (id: string) =>
      request(cairn.app).get(`/api/v1/people/${id}`).auth(ada.key, { type: 'bearer' });

    expect((await get(ada.id)).status).toBe(200);
    expect((await get(bo.id)).status).toBe(404);
    expect((await post(ada.key, { name: 'X', roles: ['owner'] })).status).toBe(403);
  });

  it('cannot be made owners by an administrator', async () => {
    const admin = await cairn.as('admin');
    const refused = await post(admin.key, { name: 'X', roles: ['owner'] });

    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'person.owners_only' });
  });

  it('without a valid key are told to send one', async () => {
    const nobody = await request(cairn.app).get('/api/v1/people');
    const wrong = await request(cairn.app)
      .get('/api/v1/people')
      .auth('x'.repeat(40), { type: 'bearer' });

    expect(nobody.body).toMatchObject({ status: 401, code: 'auth.missing' });
    expect(wrong.body).toMatchObject({ status: 401, code: 'auth.invalid_key' });
  });

  it('are added once for one Idempotency-Key', async () => {
    const send = (name: string) =>
      post(cairn.owner, { name, roles: ['learner'] }).set('Idempotency-Key', 'add-cleo');

    const first = await send('Cleo');
    const second = await send('Cleo');
    const other = await send('Dora');

    expect(first.status).toBe(201);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(other.body).toMatchObject({ status: 422, code: 'idempotency.other_request' });
  });
});
