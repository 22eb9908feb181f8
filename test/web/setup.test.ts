import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { createApp } from '../../src/app.ts';
import { compose, type Cairn } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { createHealth } from '../../src/observability/health.ts';
import { silentLog } from '../support/log.ts';

let dataDir: string;
let cairn: Cairn;
let app: ReturnType<typeof createApp>;
let token: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cairn-setup-'));
  const settings = parseSettings({ NODE_ENV: 'test', CAIRN_DATA_DIR: dataDir });
  cairn = await compose(settings, { log: silentLog });
  app = createApp(cairn, createHealth({ store: cairn.storage.ping }));
  token = (await cairn.services.organizations.openSetup()) ?? '';
});
afterEach(async () => {
  await cairn[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

const get = (path: string) => request(app).get(path).set('Accept', 'text/html');
const post = (name: string, headers: Readonly<Record<string, string>> = {}) =>
  request(app)
    .post(`/setup/${token}`)
    .set('Accept', 'text/html')
    .set(headers)
    .type('form')
    .send({ name });

describe('setting up a school', () => {
  it('shows the owner key once, and the key works', async () => {
    const form = await get(`/setup/${token}`);
    expect(form.text).toContain('Name of the school');
    expect(form.headers['cache-control']).toBe('no-store');

    const done = await post('Alder & Creek', { 'Sec-Fetch-Site': 'same-origin' });
    const [, key = ''] = /class="secret">([^<]+)</.exec(done.text) ?? [];
    expect(done.status).toBe(200);
    expect(done.headers['cache-control']).toBe('no-store');
    expect(done.text).toContain('Alder &amp; Creek is ready');

    const organization = await request(app)
      .get('/api/v1/organization')
      .auth(key, { type: 'bearer' });
    expect(organization.body).toMatchObject({ name: 'Alder & Creek' });
    expect((await get(`/setup/${token}`)).status).toBe(404);
    expect((await post('Second')).status).toBe(404);
    expect((await get('/')).text).toContain('Alder &amp; Creek');
  });

  it('is nothing to see with another token', async () => {
    const wrong = await get('/setup/not-the-token');
    const absent = await get('/nothing/here');

    expect(wrong.status).toBe(404);
    expect(wrong.text).toBe(absent.text);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbour under the same domain', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['an origin that hides itself', { Origin: 'null' }],
  ])('is refused to a form of %s', async (_who, headers) => {
    const refused = await post('Mine', headers);

    expect(refused.status).toBe(403);
    expect(refused.text).toContain('sent from another website');
    expect((await get(`/setup/${token}`)).status).toBe(200);
  });

  it('takes a form of its own origin where browsers say no more', async () => {
    expect((await post('Mine', { Origin: 'http://localhost:3000' })).status).toBe(200);
  });

  it.each([
    ['no name', '   ', 'must not be empty'],
    ['too long a name', 'x'.repeat(201), 'must have at most 200 characters'],
    ['a name that cannot be signed', 'School {', 'must have a closing }'],
  ])('asks again for %s', async (_what, name, reason) => {
    const again = await post(name);

    expect(again.status).toBe(422);
    expect(again.text).toContain(reason);
    expect(again.text).toContain('aria-invalid="true"');
  });
});
