import { createVerifyEngine } from '../../../src/credentials/verify/engine/engine.ts';
import type { EngineLimits } from '../../../src/credentials/verify/engine/limits.ts';
import type { Outside } from '../../../src/credentials/verify/engine/messages.ts';
import { ServiceError } from '../../../src/shared/errors.ts';
import { FetchError } from '../../../src/shared/safe-fetch.ts';
import { createIssuer } from '../../support/issuer.ts';
import type { Json } from '../../support/json-places.ts';

const issuer = createIssuer();
let badge: Json;
let list: Json;
const engines: ReturnType<typeof createVerifyEngine>[] = [];

beforeAll(async () => {
  badge = await issuer.sign(issuer.badge());
  list = await issuer.sign(issuer.statusList());
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine[Symbol.asyncDispose]();
});

function start(limits: Partial<EngineLimits> = {}) {
  const engine = createVerifyEngine({ deadlineMs: 50_000, ...limits });
  engines.push(engine);
  return engine;
}

/** A world in which the issuer's documents are at hand. */
function outside(change: Partial<Outside> = {}): Outside {
  return {
    now: () => new Date('2026-12-01T00:00:00Z'),
    fetch: () => Promise.reject(new FetchError('fetch.failed', 'Nobody answers.')),
    local: (id) => Promise.resolve({ [issuer.did]: issuer.document, [issuer.listUrl]: list }[id]),
    ...change,
  };
}

const codes = ({ checks }: { checks: readonly { code?: string }[] }) =>
  checks.flatMap(({ code }) => code ?? []);

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ServiceError ? `${error.kind} ${error.code}` : 'no refusal';
}

describe('the verification engine', () => {
  it('verifies in another thread what it would verify in this one', async () => {
    const { verifyCredential } = start();
    const valid = await verifyCredential(badge, outside());
    expect(valid).toMatchObject({ outcome: 'valid', credential: badge });
    expect(valid.verifiedAt).toBe('2026-12-01T00:00:00Z');
    const bytes = Buffer.from(JSON.stringify(badge));
    expect((await verifyCredential(bytes, outside())).outcome).toBe('valid');
    const changed = { ...badge, name: 'Other' };
    expect(codes(await verifyCredential(changed, outside()))).toEqual(['PROOF_INVALID']);
  });

  it.each(['fetch.blocked', 'fetch.failed'] as const)(
    'knows there what was wrong here: %s',
    async (code) => {
      const asked: string[] = [];
      const { verifyCredential } = start();
      const result = await verifyCredential(
        badge,
        outside({
          local: () => Promise.resolve(undefined),
          fetch: (url) => {
            asked.push(url);
            return Promise.reject(new FetchError(code, 'No.'));
          },
        }),
      );
      const expected = code === 'fetch.blocked' ? 'FETCH_BLOCKED' : 'ISSUER_UNREACHABLE';
      expect(codes(result)).toEqual([expected]);
      expect(asked[0]).toBe(issuer.documentUrl);
    },
  );

  it('puts aside what keeps a thread busy for too long, and goes on with the next', async () => {
    const { verifyCredential } = start({ busyMs: 0, threads: 1 });
    const results = await Promise.all([1, 2, 3].map(() => verifyCredential(badge, outside())));
    for (const result of results) {
      expect(result).toMatchObject({ verified: false, outcome: 'unverifiable' });
      expect(codes(result)).toEqual(['TOO_COMPLEX']);
    }
  });

  it('puts aside what needs too much memory, and lives on', async () => {
    const { verifyCredential } = start({ heapMegabytes: 64, busyMs: 30_000, threads: 1 });
    const evidence = Array.from({ length: 1_500_000 }, (_, index) => ({ index }));
    expect(codes(await verifyCredential({ evidence }, outside()))).toEqual(['TOO_COMPLEX']);
    expect((await verifyCredential(badge, outside())).outcome).toBe('valid');
  });

  it('goes on with others while one waits for an answer', async () => {
    const { verifyCredential } = start({ threads: 1 });
    let answer: (document: unknown) => void = () => undefined;
    let askedFor: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => (askedFor = resolve));
    const slow = outside({
      local: (id) => {
        if (id === issuer.listUrl) return Promise.resolve(list);
        askedFor?.();
        return new Promise((settle) => (answer = settle));
      },
    });
    const waiting = verifyCredential(badge, slow);
    await asked;
    expect((await verifyCredential(badge, outside())).outcome).toBe('valid');
    answer(issuer.document);
    expect((await waiting).outcome).toBe('valid');
  });

  it('answers in time when others do not', async () => {
    const { verifyCredential } = start({ deadlineMs: 3_000 });
    /** On a busy machine three seconds are short, and the first time a thread has to start. */
    const valid = async () => {
      const found = await verifyCredential(badge, outside()).catch(() => undefined);
      return found?.outcome === 'valid';
    };
    while (!(await valid()));
    const never = outside({ local: () => new Promise(() => undefined) });
    expect(codes(await verifyCredential(badge, never))).toEqual(['VERIFY_TIMEOUT']);
    while (!(await valid()));
  });

  it('sends away whom it has no room for', async () => {
    const { verifyCredential } = start({ threads: 1, runsPerThread: 1, queue: 1 });
    const never = outside({ local: () => new Promise(() => undefined) });
    const first = refusal(verifyCredential(badge, never));
    expect(await refusal(verifyCredential(badge, outside()))).toBe('unavailable verify.busy');
    await engines[0]?.[Symbol.asyncDispose]();
    expect(await first).toBe('unavailable verify.busy');
    expect(await refusal(verifyCredential(badge, outside()))).toBe('unavailable verify.busy');
  });

  it('reads nothing that is too deep to be handed over', async () => {
    let deep: Json = {};
    for (let i = 0; i < 200_000; i += 1) deep = { evidence: deep };
    const { verifyCredential } = start();
    expect(codes(await verifyCredential({ ...badge, evidence: deep }, outside()))).toEqual([
      'TOO_COMPLEX',
    ]);
    const text = `{"evidence":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect((await verifyCredential(text, outside())).verified).toBe(false);
    expect((await verifyCredential(badge, outside())).outcome).toBe('valid');
  });
});
