import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createSafeFetch, FetchError, publicOnly } from '../../../src/shared/safe-fetch.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return 'fetched';
  return error instanceof FetchError ? error.code : 'another error';
}

describe('safeFetch', () => {
  it('reads a document from a host that is allowed', async () => {
    const { port } = await serve((request, response) => {
      response.setHeader('content-type', 'Application/JSON; charset=utf-8');
      response.setHeader('cache-control', 'max-age=5');
      const { accept, 'user-agent': agent } = request.headers;
      response.end(JSON.stringify({ accept, agent, method: request.method }));
    });
    const safeFetch = createSafeFetch({ allow: [` LOCALHOST:${port} `] });

    const found = await safeFetch(`http://localhost:${port}/x#part`, {
      accept: 'application/json',
    });

    expect(found).toMatchObject({
      status: 200,
      url: `http://localhost:${port}/x`,
      contentType: 'application/json',
      cacheControl: 'max-age=5',
    });
    expect(JSON.parse(Buffer.from(found.bytes).toString())).toEqual({
      accept: 'application/json',
      agent: 'Cairn',
      method: 'GET',
    });
  });

  it('hands on the status of an answer that is not a success', async () => {
    const { port } = await serve((_request, response) => {
      response.statusCode = 404;
      response.end('gone');
    });
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
    await expect(safeFetch(`http://127.0.0.1:${port}/`)).resolves.toMatchObject({ status: 404 });
  });

  it('does not touch a loopback server that is not allowed', async () => {
    const { port, hits } = await serve((_request, response) => response.end('secret'));
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port + 1}`] });
    expect(await codeOf(safeFetch(`http://127.0.0.1:${port}/`))).toBe('fetch.blocked');
    expect(await codeOf(safeFetch(`https://127.0.0.1:${port}/`))).toBe('fetch.blocked');
    expect(hits()).toBe(0);
  });

  it('judges every redirect anew', async () => {
    const inside = await serve((_request, response) => response.end('secret'));
    const outside = await serve((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${inside.port}/` }).end();
    });
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${outside.port}`] });
    expect(await codeOf(safeFetch(`http://127.0.0.1:${outside.port}/`))).toBe('fetch.blocked');
    expect(inside.hits()).toBe(0);
  });

  it('follows three redirects and not a fourth', async () => {
    const { port, hits } = await serve((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 0) response.end('arrived');
      else response.writeHead(307, { location: `/${step - 1}` }).end();
    });
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
    await expect(safeFetch(`http://127.0.0.1:${port}/3`)).resolves.toMatchObject({
      url: `http://127.0.0.1:${port}/0`,
    });
    const before = hits();
    expect(await codeOf(safeFetch(`http://127.0.0.1:${port}/4`))).toBe('fetch.failed');
    expect(hits() - before).toBe(4);
  });

  it('stops at the cap, counted after decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    const { port } = await serve((request, response) => {
      if (request.url === '/bomb') response.setHeader('content-encoding', 'gzip');
      response.end(request.url === '/bomb' ? bomb : Buffer.alloc(2001));
    });
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(safeFetch(`http://127.0.0.1:${port}/bomb`))).toBe('fetch.too_large');
    const plain = `http://127.0.0.1:${port}/plain`;
    expect(await codeOf(safeFetch(plain, { maxBytes: 2000 }))).toBe('fetch.too_large');
    expect(await codeOf(safeFetch(plain, { maxBytes: 2001 }))).toBe('fetched');
  });

  it('gives up in time, also when the body trickles', async () => {
    const { port } = await serve((request, response) => {
      if (request.url === '/trickle') response.write('a');
    });
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
    for (const path of ['silent', 'trickle']) {
      const work = safeFetch(`http://127.0.0.1:${port}/${path}`, { timeoutMs: 100 });
      expect(await codeOf(work)).toBe('fetch.timeout');
    }
  });

  it('says so when nobody answers', async () => {
    const { port } = await serve(() => undefined);
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    const safeFetch = createSafeFetch({ allow: [`127.0.0.1:${port}`] });
    expect(await codeOf(safeFetch(`http://127.0.0.1:${port}/`))).toBe('fetch.failed');
  });

  it.each([
    'http://example.com/',
    'https://example.com:8443/',
    'https://user@example.com/',
    'https://user:secret@example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'javascript:1',
    'not an address',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://017700000001/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[100::1]/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
  ])('refuses %s without asking the network', async (url) => {
    const asked: string[] = [];
    const safeFetch = createSafeFetch({
      allow: [],
      lookup: (hostname, _options, callback) => {
        asked.push(hostname);
        callback(null, []);
      },
    });
    expect(await codeOf(safeFetch(url))).toBe('fetch.blocked');
    expect(asked).toEqual([]);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['loopback', ['127.0.0.1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['one public and one private address', ['93.184.216.34', '192.168.1.1']],
  ])('refuses a name that resolves to %s', async (_name, addresses) => {
    const safeFetch = createSafeFetch({
      allow: [],
      lookup: (_hostname, _options, callback) => {
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
    });
    expect(await codeOf(safeFetch('https://rebinding.example/'))).toBe('fetch.blocked');
  });

  it('refuses localhost by name', async () => {
    const safeFetch = createSafeFetch({ allow: [] });
    expect(await codeOf(safeFetch('https://localhost/'))).toBe('fetch.blocked');
  });
});

describe('what could not be had', () => {
  it.each([
    ['fetch.blocked', 'unprocessable'],
    ['fetch.too_large', 'unprocessable'],
    ['fetch.failed', 'unavailable'],
    ['fetch.timeout', 'unavailable'],
    ['fetch.busy', 'unavailable'],
  ] as const)('%s is %s', (code, kind) => {
    const cause = new Error('inside');
    const error = new FetchError(code, 'No.', cause);
    expect(error).toMatchObject({ name: 'FetchError', code, kind, message: 'No.', cause });
  });
});

describe('the look-up of a connection', () => {
  const here = { address: '93.184.216.34', family: 4 };
  const also = { address: '2606:2800:220:1:248:1893:25c8:1946', family: 6 };
  const inside = { address: '10.0.0.1', family: 4 };

  /** What the connection is told. */
  function ask(answer: Error | (typeof here)[], all: boolean): unknown[] {
    let told: unknown[] = [];
    const guarded = publicOnly((_host, _options, callback) => {
      if (answer instanceof Error) callback(answer, []);
      else callback(null, answer);
    });
    guarded('school.example', { all }, (...values: unknown[]) => (told = values));
    return told;
  }

  it('hands on what is public', () => {
    expect(ask([here, also], true)).toEqual([null, [here, also]]);
    expect(ask([here, also], false)).toEqual([null, here.address, here.family]);
  });

  it.each([
    ['one address inside', [inside]],
    ['one of two inside', [here, inside]],
    ['no address that can be read', [{ address: 'localhost', family: 4 }]],
  ])('refuses %s', (_what, answer) => {
    for (const all of [true, false]) {
      expect(ask(answer, all)[0]).toMatchObject({ code: 'fetch.blocked' });
    }
  });

  it('says when there is none', () => {
    const failure = new Error('ENOTFOUND');
    expect(ask(failure, true)[0]).toBe(failure);
    expect(String(ask([], true)[0])).toContain('no address for school.example');
  });
});
