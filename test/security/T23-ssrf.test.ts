import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createVerifyEngine } from '../../src/credentials/verify/engine/engine.ts';
import { createSafeFetch } from '../../src/shared/safe-fetch.ts';
import { openTarget, type Target } from '../support/attack.ts';
import { askingAt } from '../support/hostile-credentials.ts';
import { verdictOf } from '../support/verdict.ts';

// T23 (S14, S15): whoever writes a credential chooses which addresses its verifier looks up. A canary on this machine
// hears whether any of them leads inside.

let target: Target;
let canary: Server;
let port: number;
let hits = 0;

beforeAll(async () => {
  canary = createServer((_request, response) => {
    hits += 1;
    response.end('{"secret":true}');
  });
  await new Promise<void>((ready) => canary.listen(0, '127.0.0.1', ready));
  ({ port } = canary.address() as AddressInfo);
  target = await openTarget();
});
beforeEach(() => {
  hits = 0;
});
afterEach(() => {
  expect(hits).toBe(0);
});
afterAll(async () => {
  await target.close('T23 requests to the inside');
  canary.closeAllConnections();
  await new Promise((closed) => canary.close(closed));
});

/** This machine, its network and its cloud, in all the ways in which they can be written. */
const inside = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.255.255.254',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '2130706433',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST',
  '１２７.0.0.1',
  '127。0。0。1',
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '198.18.0.1',
  '192.0.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[100::1]',
];

it.each(inside)('S14: does not go to %s', async (host) => {
  for (const address of [
    `http://${host}:${port}/`,
    `https://${host}:${port}/`,
    `https://${host}/`,
  ]) {
    const { answer } = await target.attack(address, JSON.stringify({ url: address }), {
      type: 'application/json',
    });
    expect(answer).toBe('422 fetch.blocked');
  }
});

it.each(inside)('S14: does not look for keys or lists at %s', async (host) => {
  const { school, attack } = target;
  const statusListCredential = `https://${host}:${port}/status`;
  const credentialStatus = {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '7',
    statusListCredential,
  };
  const badge = await school.sign({ ...school.badge(), credentialStatus });
  const listed = await attack(`a list at ${host}`, badge);
  expect(listed.answer).toMatch(
    /^(?:unverifiable FETCH_BLOCKED|invalid (?:SCHEMA_INVALID|STATUS_MALFORMED))$/,
  );
  const issued = await attack(`an issuer at ${host}`, {
    ...badge,
    issuer: `https://${host}:${port}/`,
  });
  expect(issued.result.verified).toBe(false);
});

const blocked = 'unverifiable FETCH_BLOCKED';

it.each([
  ['localhost', blocked],
  ['127.0.0.1', blocked],
  ['169.254.169.254', blocked],
  ['10.0.0.1', blocked],
  ['user%40evil.example', 'invalid ISSUER_MALFORMED'],
  ['evil.example%2F..', 'invalid ISSUER_MALFORMED'],
  ['[::1]', 'invalid ISSUER_MALFORMED'],
])('S14: did:web of %s', async (host, expected) => {
  for (const name of [host, `${host}%3A${port}`]) {
    const { answer } = await target.attack(`did:web:${name}`, askingAt(name));
    expect(answer).toBe(expected);
  }
});

it('S15: does not follow a public address inside', async () => {
  const { published, attack, school } = target;
  const [, web = ''] = school.did.split('%3A');
  const start = `http://localhost:${web}/redirect`;
  const places = [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, 'https://[::1]/'];
  for (const [index, place] of places.entries()) {
    const url = `${start}/${index}`;
    published.set(url, new URL(place));
    const type = 'application/json';
    const { answer, asked } = await attack(`redirect to ${place}`, JSON.stringify({ url }), {
      type,
    });
    expect(asked).toEqual([url]);
    expect(answer).toBe('422 fetch.blocked');
  }
});

describe('S15: a name that leads inside', () => {
  it.each([
    ['only inside', [['127.0.0.1']]],
    ['outside and inside', [['93.184.216.34', '127.0.0.1']]],
    ['inside, written as IPv6', [['::ffff:127.0.0.1']]],
  ])('%s', async (_name, answers) => {
    const left = [...answers];
    const fetch = createSafeFetch({
      allow: [],
      lookup: (_host, _options, callback) => {
        const addresses = left.shift() ?? ['127.0.0.1'];
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
    });
    const engine = createVerifyEngine();
    const now = () => new Date('2026-12-01T00:00:00Z');
    const result = await engine.verifyCredential(askingAt('rebind.example'), { fetch, now });
    await engine[Symbol.asyncDispose]();
    expect(verdictOf(result)).toBe('unverifiable FETCH_BLOCKED');
  });
});
