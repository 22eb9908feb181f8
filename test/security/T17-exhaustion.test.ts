import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { hangsMs, table } from '../support/attack.ts';
import { costly, costlyPresentation, exhausting } from '../support/hostile-credentials.ts';
import type { Json } from '../support/json-places.ts';
import { adminKey, makeDataDir, startBuilt, type BuiltCairn } from '../support/process.ts';
import { verdictOf } from '../support/verdict.ts';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';

// T17 (S10, S11): documents that are built to keep a verifier busy. The built server is attacked over HTTP; while each
// document is looked at, /livez is asked again and again.

interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly body: Json;
}

interface Row {
  readonly attack: string;
  readonly kB: number;
  readonly answer: string;
  readonly ms: number;
  readonly 'livez p99 ms': number;
  readonly 'memory +MB': number | string;
}

let data: Awaited<ReturnType<typeof makeDataDir>>;
let cairn: BuiltCairn;
let honest: string;
const rows: Row[] = [];
let senders = 0;

beforeAll(async () => {
  data = await makeDataDir();
  cairn = await startBuilt(data.path, {
    CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    // Each document comes from another address: the limit for one address is not what is tested.
    CAIRN_TRUST_PROXY: '1',
  });
  const { body } = await post('/vc/credentials/issue', {
    credential: {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      credentialSubject: { id: 'did:example:somebody' },
    },
  });
  honest = JSON.stringify(body.verifiableCredential ?? body);
  expect(await verdictOfHonest()).toBe('valid');
}, 60_000);
afterAll(async () => {
  await cairn.stop();
  await data.remove();
  console.info(`T17 exhaustion\n${table(rows)}`);
});

async function post(path: string, body: string | object): Promise<Answer> {
  senders += 1;
  const start = performance.now();
  const answer = await fetch(`${cairn.base}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: path.endsWith('issue') ? `Bearer ${adminKey}` : '',
      'x-forwarded-for': `10.1.${senders >> 8}.${senders & 255}`,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const found = (await answer.json()) as Json;
  return { status: answer.status, body: found, ms: performance.now() - start };
}

async function verdictOfHonest(): Promise<string> {
  const { body } = await post('/verify', honest);
  return verdictOf(body as unknown as VerificationResult);
}

/** Resident megabytes of the server; undefined where the system does not tell. */
function memory(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const status = readFileSync(`/proc/${cairn.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Asks whether the server is alive for as long as the work takes; answers how long it took to say so. */
async function watching<T>(work: Promise<T>): Promise<{ result: T; waits: number[] }> {
  const waits: number[] = [];
  const state = { isOver: false };
  const end = work.finally(() => (state.isOver = true));
  while (!state.isOver || waits.length === 0) {
    const start = performance.now();
    const { ok } = await fetch(`${cairn.base}/livez`);
    expect(ok).toBe(true);
    waits.push(performance.now() - start);
  }
  return { result: await end, waits: waits.sort((a, b) => a - b) };
}

async function attack(name: string, path: string, text: string): Promise<Answer> {
  const before = memory() ?? 0;
  const { result, waits } = await watching(post(path, text));
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? NaN;
  rows.push({
    attack: name,
    kB: Math.round(text.length / 1_000),
    answer: describeAnswer(result),
    ms: Math.round(result.ms),
    'livez p99 ms': Math.round(p99),
    'memory +MB': Math.round((memory() ?? NaN) - before),
  });
  // A second is what is allowed; who is kept from answering by what is verified is for as long as that takes.
  expect(p99).toBeLessThan(5_000);
  return result;
}

function describeAnswer({ status, body }: Answer): string {
  if (status !== 200) return `${status} ${String(body.code)}`;
  if ('checks' in body) return verdictOf(body as unknown as VerificationResult);
  const [credential] = ((body.results as Json).credentials ?? [body]) as Json[];
  const problems = [body, credential].flatMap((report) => report?.problemDetails ?? []);
  const [problem] = problems as { code?: string }[];
  return `${String(body.verified)} ${problem?.code ?? ''}`.trim();
}

describe.each([
  ['/verify', (text: string) => text],
  ['/vc/credentials/verify', (text: string) => `{"verifiableCredential":${text}}`],
  [
    '/vc/presentations/verify',
    (text: string) =>
      `{"verifiablePresentation":{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[${text}]}}`,
  ],
])('what is stopped by its shape, at %s', (path, wrap) => {
  it.each(Object.entries(exhausting))('S10 S11 S12: %s', async (name, make) => {
    const answer = await attack(`${name} at ${path}`, path, wrap(make()));
    expect(answer.ms).toBeLessThan(hangsMs);
    expect(answer.status === 200 || answer.status === 400).toBe(true);
    expect(answer.body.verified).not.toBe(true);
  });
});

describe('what gets as far as the expensive work', () => {
  it('is answered: a badge that is as costly as its limits allow', async () => {
    const answer = await attack('a costly badge', '/verify', JSON.stringify(costly()));
    expect(answer.ms).toBeLessThan(hangsMs);
    expect(answer.body).toMatchObject({ verified: false });
  });

  it('is put aside in time, and the next honest badge is verified at once', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const text = JSON.stringify({ verifiablePresentation: costlyPresentation() });
      const answer = await attack(
        'a presentation of 20 costly badges',
        '/vc/presentations/verify',
        text,
      );
      expect(describeAnswer(answer)).toBe('false TOO_COMPLEX');
      expect(answer.ms).toBeLessThan(2 * hangsMs);
      const { result, waits } = await watching(post('/verify', honest));
      expect(verdictOf(result.body as unknown as VerificationResult)).toBe('valid');
      rows.push({
        attack: '  an honest badge right after it',
        kB: 1,
        answer: 'valid',
        ms: Math.round(result.ms),
        'livez p99 ms': Math.round(waits.at(-1) ?? NaN),
        'memory +MB': '',
      });
    }
  });
});

it('keeps no memory of fifty attacks in a row', async () => {
  const before = memory();
  const bodies = Object.values(exhausting).map((make) => make());
  let worst = 0;
  for (let round = 0; round < 50; round += 1) {
    const isKilled = round % 10 === 9;
    const answer = isKilled
      ? await post('/vc/presentations/verify', { verifiablePresentation: costlyPresentation() })
      : await post('/verify', bodies[round % bodies.length] ?? '');
    expect(answer.body.verified).not.toBe(true);
    worst = Math.max(worst, answer.ms);
  }
  expect(await verdictOfHonest()).toBe('valid');
  const after = memory();
  console.info(
    `50 attacks: slowest answer ${Math.round(worst)} ms, memory ${before?.toFixed()} -> ${after?.toFixed()} MB`,
  );
  if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(300);
});

it('stops cleanly while it verifies', async () => {
  const own = await makeDataDir();
  const other = await startBuilt(own.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
  const text = JSON.stringify({ verifiablePresentation: costlyPresentation() });
  const asking = request(`${other.base}/vc/presentations/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', expect: '100-continue' },
  });
  const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
  asking.flushHeaders();
  // The server has the request before the signal: it asked for the rest of it.
  await once(asking, 'continue');
  asking.end(text);
  const [{ code, stderr }, [{ statusCode: status }]] = await Promise.all([other.stop(), answered]);
  await own.remove();
  expect([200, 503]).toContain(status);
  expect(code).toBe(0);
  expect(stderr).toBe('');
});
