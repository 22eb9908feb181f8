import { AnswerError, createSession } from '../../../../src/credentials/verify/session.ts';
import {
  asProblem,
  attempt,
  failed,
  isProved,
  pass,
  Problem,
  skip,
  warn,
} from '../../../../src/credentials/verify/problem.ts';
import { FetchError, type FetchOptions } from '../../../../src/shared/safe-fetch.ts';
import { openSession } from '../../../support/session.ts';

const a = 'https://a.example/1';

describe('what one verification looks up', () => {
  it('is asked for once, however often it is needed', async () => {
    const { session, asked } = openSession({ [a]: { is: 1 } });
    const [first, second] = await Promise.all([session.load(a), session.load(a)]);
    expect(first).toEqual({ is: 1 });
    expect(second).toBe(first);
    expect(asked).toEqual([a]);
  });

  it('fails as often as it is needed, and is asked for once', async () => {
    const { session, asked } = openSession();
    await expect(session.load(a)).rejects.toThrow(FetchError);
    await expect(session.load(a)).rejects.toThrow(FetchError);
    expect(asked).toEqual([a]);
  });

  it('is our own where it is ours, by name, and asks nobody then', async () => {
    const names: string[] = [];
    const local = (id: string) => {
      names.push(id);
      return Promise.resolve(id === 'did:web:a.example' ? { own: true } : undefined);
    };
    const { session, asked } = openSession({ [a]: 1 }, { local });
    expect(await session.load('did:web:a.example', a)).toEqual({ own: true });
    expect(asked).toEqual([]);
    expect(await session.load('did:web:b.example', a)).toBe(1);
    expect(names).toEqual(['did:web:a.example', 'did:web:b.example']);
    expect(asked).toEqual([a]);
  });

  it('is eight documents at most, all kinds together', async () => {
    const { session, asked } = openSession(
      Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`https://a.example/${at}`, at])),
    );
    for (let at = 0; at < 7; at += 1) await session.load(`https://a.example/${at}`);
    await session.loadBytes('https://a.example/7');
    for (const work of [session.load, session.loadBytes]) {
      await expect(work('https://a.example/8')).rejects.toMatchObject({ code: 'fetch.blocked' });
    }
    expect(asked).toHaveLength(8);
  });

  function answering(status: number, text: string, place = a) {
    const calls: FetchOptions[] = [];
    const session = createSession({
      documents: () => Promise.reject(new Error('none')),
      now: () => new Date(0),
      fetch: (_url, options = {}) => {
        calls.push(options);
        const bytes = Buffer.from(text);
        return Promise.resolve({ status, url: place, contentType: '', bytes });
      },
    });
    return { session, calls };
  }

  it('is JSON, or a text without the space around it', async () => {
    expect(await answering(200, ' {"a":1} ').session.load(a)).toEqual({ a: 1 });
    expect(await answering(200, ' a.b.c\n').session.load(a)).toBe('a.b.c');
  });

  it.each([201, 204, 301, 404, 410, 500])('is nothing when the answer is %d', async (status) => {
    const { session } = answering(status, '{}');
    const error = await session.load(a).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnswerError);
    expect(error).toMatchObject({ name: 'AnswerError', status, code: 'fetch.failed' });
    expect((error as Error).message).toContain(String(status));
  });

  it('tells where it came from in the end', async () => {
    const { session } = answering(200, '{}', 'https://b.example/');
    expect(session.placeOf(a)).toBe(a);
    await session.load(a);
    expect(session.placeOf(a)).toBe('https://b.example/');
    const { session: missing } = answering(404, '', 'https://b.example/');
    await missing.load(a).catch(() => undefined);
    expect(missing.placeOf(a)).toBe('https://b.example/');
  });

  it('asks for JSON, or for bytes that come soon', async () => {
    const { session, calls } = answering(200, '{}');
    await session.load(a);
    await session.loadBytes(a);
    expect(calls).toEqual([
      {
        accept: 'application/json, application/vc, application/did+json, application/ld+json;q=0.9',
      },
      { timeoutMs: 2_000 },
    ]);
  });

  it('knows whom it may ask', () => {
    const findLogged = () => Promise.resolve(undefined);
    const findDigest = () => Promise.resolve(undefined);
    const findIssuer = () => Promise.resolve({ own: false, listings: [], unread: [] });
    const all = { findLogged, findDigest, findIssuer };
    expect(openSession({}, all).session).toMatchObject(all);
    expect(Object.keys(openSession().session)).not.toEqual(expect.arrayContaining(['findLogged']));
  });
});

describe('a problem', () => {
  const problem = new Problem('status', 'revoked', 'REVOKED', 'Why.');

  it('is a failed check, titled by whether it is decided', () => {
    expect(problem.name).toBe('Problem');
    const title = (verdict: Problem['verdict']) =>
      failed(new Problem('status', verdict, 'X', '')).title;
    expect(failed(problem)).toEqual({
      id: 'status',
      outcome: 'fail',
      title: title('revoked'),
      detail: 'Why.',
      code: 'REVOKED',
      verdict: 'revoked',
    });
    expect(
      new Set(['revoked', 'suspended', 'unverifiable'].map((each) => title(each as never))).size,
    ).toBe(3);
    expect(title('invalid')).toBe(title('revoked'));
  });

  it('comes of whatever goes wrong in a check', async () => {
    const fails = (error: Error) => attempt('proof', () => Promise.reject(error));
    expect(await fails(problem)).toEqual(failed(problem));
    expect(await fails(new TypeError('x'))).toMatchObject({
      id: 'proof',
      outcome: 'fail',
      code: 'CHECK_FAILED',
      verdict: 'unverifiable',
    });
    expect(await attempt('proof', () => pass('proof', 'y'))).toEqual(pass('proof', 'y'));
    expect(asProblem('proof', problem)).toBe(problem);
  });

  it('leaves nothing proved', () => {
    const wrong = failed(new Problem('proof', 'invalid', 'X', ''));
    expect(isProved([pass('proof', '')])).toBe(true);
    expect(isProved([pass('format', ''), warn('proof', 'X', '', '')])).toBe(true);
    expect(isProved([pass('format', ''), wrong])).toBe(false);
    expect(isProved([skip('proof', '')])).toBe(false);
    expect(isProved([pass('issuer', ''), warn('issuer', 'X', '', '')])).toBe(false);
    expect(isProved([])).toBe(false);
  });
});
