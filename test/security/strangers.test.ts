import request from 'supertest';
import { newRandomId } from '../../src/shared/ids.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;
let credential: string;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openBadgeSchool(cairn);
  credential = await school.award();
});
afterAll(async () => {
  await cairn.close();
});

const get = (path: string, accept = '*/*') => request(cairn.app).get(path).set('Accept', accept);

describe('a private badge', () => {
  it.each([
    ['', '*/*'],
    ['', 'text/html'],
    ['.json', '*/*'],
    ['.jwt', '*/*'],
    ['.png', 'image/png'],
    ['.svg', 'image/svg+xml'],
  ])('answers byte for byte like an absent one at %p for %s', async (suffix, accept) => {
    const [kept, absent] = [credential, newRandomId()].map((id) =>
      get(`/credentials/${id}${suffix}`, accept),
    );
    const [one, other] = [await kept, await absent];

    expect(one?.status).toBe(404);
    expect(one?.text).toBe(other?.text);
    const { date: _date, 'x-request-id': _id, ...headers } = one?.headers as Record<string, string>;
    expect(other?.headers).toMatchObject(headers);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('is not given to a reader who has seen it, once it is closed', async () => {
    await school.publish(credential);
    const seen = await get(`/credentials/${credential}`);
    expect(seen.status).toBe(200);
    expect(
      (await get(`/credentials/${credential}`).set('If-None-Match', seen.headers.etag ?? ''))
        .status,
    ).toBe(304);

    await request(cairn.app)
      .post(`/api/v1/credentials/${credential}/unpublish`)
      .auth(cairn.owner, { type: 'bearer' });

    const after = await get(`/credentials/${credential}`).set(
      'If-None-Match',
      seen.headers.etag ?? '',
    );
    expect(after.status).toBe(404);
  });
});

describe('evidence', () => {
  it('is shown to no stranger, whether it exists or not', async () => {
    const answer = await get(`/evidence/${newRandomId()}`);
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'evidence.private' });
    expect(answer.body).toEqual((await get('/evidence/anything')).body);

    const page = await get(`/evidence/${newRandomId()}`, 'text/html');
    expect(page.status).toBe(404);
    expect(page.text).toContain('kept by the school and shown only where its learner shares it');
  });
});

describe('headers', () => {
  it.each(['/', '/verify', '/api/v1/people', '/livez', '/nothing-here', '/api/openapi.json'])(
    'guard %s',
    async (path) => {
      const { headers } = await get(path, 'text/html');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['strict-transport-security']).toContain('max-age');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );

  it.each(['did.json', ''])('let every page read /issuers/{id}/%s', async (end) => {
    const { id } = (
      await request(cairn.app).get('/api/v1/organization').auth(cairn.owner, { type: 'bearer' })
    ).body as { id: string };
    const { headers } = await get(`/issuers/${id}/${end}`);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
  });

  it('never let a stranger choose where an address leads', async () => {
    const answer = await get('/verify', 'text/html')
      .set('Host', 'evil.example')
      .set('X-Forwarded-Host', 'evil.example')
      .set('X-Forwarded-Proto', 'javascript');
    const document = await get('/api/openapi.json').set('Host', 'evil.example');
    expect(answer.text + document.text).not.toContain('evil.example');
  });

  it('let a page from elsewhere send a badge to be verified', async () => {
    const { status, headers } = await request(cairn.app)
      .options('/verify')
      .set('Origin', 'https://college.example')
      .set('Access-Control-Request-Headers', 'content-type');
    expect(status).toBe(204);
    expect(headers['access-control-allow-headers']).toContain('Content-Type');

    const management = await request(cairn.app).options('/api/v1/people');
    expect(management.headers['access-control-allow-origin']).toBeUndefined();
  });
});
