import { readdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { until } from '../support/store.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const html = Buffer.from('<!doctype html><script>alert(1)</script>');
const page = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), html]);

let cairn: TestCairn;
let learner: { id: string; key: string };

beforeAll(async () => {
  cairn = await startCairn({ env: { CAIRN_MAX_FILE_MB: '1' } });
  learner = await cairn.as('learner');
});

afterAll(async () => {
  await cairn.close();
});

function upload(content: Buffer, name: string, key = learner.key) {
  return request(cairn.app)
    .post('/api/v1/files')
    .auth(key, { type: 'bearer' })
    .attach('file', content, name);
}

const outcome = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

function download(id: string, key = learner.key) {
  return request(cairn.app)
    .get(`/api/v1/files/${id}`)
    .auth(key, { type: 'bearer' })
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(null, Buffer.concat(chunks));
      });
    });
}

/** Every file that lies in the blob folder. */
async function filesOnDisk(): Promise<readonly string[]> {
  const folder = join(cairn.cairn.settings.dataDir, 'blobs');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('a file that is allowed', () => {
  it('is kept as its bytes say and comes back only as a download', async () => {
    const created = await upload(png, 'übersicht 1.png');
    expect(outcome(created)).toMatchObject({
      status: 201,
      body: { name: 'übersicht 1.png', type: 'image/png', size: png.length },
    });
    const { id, sha256 } = created.body as { id: string; sha256: string };
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(created.headers.location).toBe(`/api/v1/files/${id}`);

    const answer = await download(id);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(png);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition':
        'attachment; filename="?bersicht 1.png"; filename*=UTF-8\'\'%C3%BCbersicht%201.png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-cache',
    });
  });

  it.each([
    ['notes.md', '# What I did\n\n- a plan\n', 'text/markdown', 'notes.md'],
    ['data.CSV', 'day,height\n1,3\n', 'text/csv', 'data.csv'],
    ['BMW.txt', 'BMW is a maker of cars.', 'text/plain', 'BMW.txt'],
    ['../../etc/passwd.txt', 'root', 'text/plain', 'passwd.txt'],
    ['report.html', '%PDF-1.7\n%\u00e2\u00e3\n1 0 obj', 'application/pdf', 'report.html.pdf'],
    ['evil\u202Egnp.txt', 'turned around', 'text/plain', 'evilgnp.txt'],
  ])('%s', async (name, content, type, kept) => {
    const answer = await upload(Buffer.from(content), name);
    expect(outcome(answer)).toMatchObject({ status: 201, body: { type, name: kept } });
  });
});

describe('what is refused leaves nothing on disk', () => {
  it.each([
    ['a page', html, 'page.html'],
    ['a page that calls itself a picture', html, 'picture.png'],
    ['a page behind the first bytes of a PNG', page, 'picture.png'],
    ['a page that calls itself text', html, 'notes.txt'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'), 'a.svg'],
    ['an SVG that calls itself Markdown', Buffer.from('\ufeff\n <svg onload="x()"/>'), 'a.md'],
    ['a script', Buffer.from('#!/bin/sh\nrm -rf /\n'), 'notes.txt'],
    ['a program', Buffer.from('7f454c460201010000000000', 'hex'), 'notes.txt'],
    ['a bare archive', Buffer.from('504b0506'.padEnd(44, '0'), 'hex'), 'work.zip'],
    ['bytes that are no text', Buffer.from([1, 2, 3]), 'notes.txt'],
    ['JavaScript', Buffer.from('alert(1)'), 'a.js'],
  ])('%s', async (_what, content, name) => {
    const before = await filesOnDisk();
    const answer = await upload(content, name);
    expect(outcome(answer)).toMatchObject({
      status: 400,
      body: { code: 'file.type_not_allowed' },
    });
    expect(await filesOnDisk()).toEqual(before);
  });

  it('a file over the limit, and not one that just fits', async () => {
    const before = await filesOnDisk();
    const text = Buffer.alloc(1_048_577, 'a');
    const answer = await upload(text, 'long.txt');
    expect(outcome(answer)).toMatchObject({ status: 413, body: { code: 'file.too_large' } });
    expect(await filesOnDisk()).toEqual(before);
    expect((await upload(text.subarray(1), 'long.txt')).status).toBe(201);
  });

  it('an empty file', async () => {
    const answer = await upload(Buffer.alloc(0), 'empty.txt');
    expect(outcome(answer)).toMatchObject({ status: 400, body: { code: 'file.empty' } });
  });

  it.each([
    [
      'a second file',
      (post: request.Test) => post.attach('file', png, 'a.png').attach('file', png, 'b.png'),
    ],
    ['another field', (post: request.Test) => post.attach('file', png, 'a.png').field('x', 'y')],
    ['another name', (post: request.Test) => post.attach('picture', png, 'a.png')],
    ['no file', (post: request.Test) => post.field('file', 'text')],
    ['JSON', (post: request.Test) => post.send({ file: 'a.png' })],
    ['no body', (post: request.Test) => post],
    [
      'half a form',
      (post: request.Test) =>
        post
          .set('Content-Type', 'multipart/form-data; boundary=x')
          .send('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nab'),
    ],
  ])('a request with %s', async (_what, fill) => {
    const before = await filesOnDisk();
    const post = request(cairn.app).post('/api/v1/files').auth(learner.key, { type: 'bearer' });
    const answer = await fill(post);
    expect(outcome(answer)).toMatchObject({ status: 400, body: { code: 'file.not_one_part' } });
    expect(await filesOnDisk()).toEqual(before);
  });
});

describe('a sender', () => {
  const boundary = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
  let server: http.Server;

  beforeAll(async () => {
    server = http.createServer(cairn.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  function open() {
    return http.request({
      port: (server.address() as AddressInfo).port,
      method: 'POST',
      path: '/api/v1/files',
      headers: {
        Authorization: `Bearer ${learner.key}`,
        'Content-Type': 'multipart/form-data; boundary=x',
        'Transfer-Encoding': 'chunked',
      },
    });
  }

  it('who never stops is answered at the limit and cut off', async () => {
    let readWhenAnswered = NaN;
    server.once('request', ({ socket }, answer) => {
      answer.once('finish', () => (readWhenAnswered = socket.bytesRead));
    });
    const sending = open();
    const status = new Promise<number | undefined>((resolve, reject) => {
      sending.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
    });
    const closed = new Promise((resolve) => sending.on('close', resolve));
    sending.write(boundary);
    const chunk = Buffer.alloc(65_536, 'a');
    const timer = setInterval(() => {
      if (sending.writable && !sending.writableNeedDrain) sending.write(chunk);
    }, 2);
    expect(await status).toBe(413);
    expect(readWhenAnswered).toBeLessThan(2 * 1_048_576);
    sending.on('error', () => undefined);
    await closed;
    clearInterval(timer);
  });

  it('who goes away half-way leaves nothing', async () => {
    const before = await filesOnDisk();
    const sending = open();
    sending.on('error', () => undefined);
    sending.write(boundary);
    sending.write('the first half');
    await until(async () => (await filesOnDisk()).length > before.length);
    sending.destroy();
    await until(async () => (await filesOnDisk()).length === before.length);
  });
});

describe('a file is read by', () => {
  let id: string;
  beforeAll(async () => {
    id = idOf(await upload(png, 'mine.png'));
  });

  it.each([
    ['teacher', 200],
    ['lead', 200],
    ['owner', 200],
    ['learner', 404],
    ['guardian', 404],
    ['mentor', 404],
  ] as const)('another person who is %s: %d', async (role, status) => {
    const { key } = await cairn.as(role);
    expect((await download(id, key)).status).toBe(status);
  });

  it('nobody of another school', async () => {
    const file = idOf(await upload(png, 'theirs.png'));
    await expect(
      cairn.services.files.get(
        { kind: 'person', id: learner.id, organization: 'another', roles: ['owner'] },
        file,
      ),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('nobody when it does not exist or the id is none', async () => {
    const absent = await download('00000000-0000-4000-8000-000000000000');
    expect(absent.status).toBe(404);
    expect((await download('..%2Fstore.db')).status).toBe(400);
  });
});

it('guardians and mentors hand in nothing', async () => {
  const { key } = await cairn.as('guardian');
  const answer = await upload(png, 'a.png', key);
  expect(outcome(answer)).toMatchObject({ status: 403, body: { code: 'role.not_allowed' } });
});
