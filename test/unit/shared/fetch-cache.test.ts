import { createFetchCache } from '../../../src/shared/fetch-cache.ts';
import {
  FetchError,
  type FetchedDocument,
  type FetchErrorCode,
} from '../../../src/shared/safe-fetch.ts';

const url = 'https://issuer.example/status/1';

/** A cache before a host that always gives this answer, and a clock that is set by hand. */
function setUp(answer: Partial<FetchedDocument> | FetchErrorCode = {}, limits = {}) {
  let time = 0;
  const asked: string[] = [];
  const fetch = createFetchCache(
    (address) => {
      asked.push(address);
      if (typeof answer === 'string') return Promise.reject(new FetchError(answer, 'No.'));
      const bytes = new Uint8Array([asked.length]);
      return Promise.resolve({ status: 200, url: address, contentType: '', bytes, ...answer });
    },
    { elapsed: () => time * 1_000, ...limits },
  );
  return { asked, fetch, at: (seconds: number) => (time = seconds) };
}

/** For how many seconds the answer is remembered. */
async function lifeOf(answer: Partial<FetchedDocument> | FetchErrorCode): Promise<number> {
  const { asked, fetch, at } = setUp(answer);
  for (let second = 0; second <= 400; second += 1) {
    at(second);
    await fetch(url).catch(() => undefined);
    if (asked.length > 1) return second;
    if (second === 0) await fetch(url).catch(() => undefined);
    if (asked.length > 1) return 0;
  }
  return Infinity;
}

describe('what was looked up for a verification', () => {
  it.each<[string, Partial<FetchedDocument> | FetchErrorCode, number]>([
    ['an answer that does not say how long', {}, 60],
    ['max-age', { cacheControl: 'public, max-age=90' }, 90],
    ['a long max-age', { cacheControl: 'max-age=31536000' }, 300],
    ['a max-age of nothing', { cacheControl: 'max-age=0' }, 0],
    ['no-store', { cacheControl: 'no-store' }, 0],
    ['no-cache', { cacheControl: 'No-Cache, max-age=90' }, 0],
    ['absence', { status: 404, cacheControl: 'max-age=300' }, 60],
    ['a host in trouble', { status: 503 }, 10],
    ['a host that fails', { status: 500 }, 10],
    ['a host that wants to be left alone', { status: 429 }, 10],
    ['something else than an answer', { status: 410 }, 60],
    ['an address that leads inside', 'fetch.blocked', 60],
    ['a document that is too large', 'fetch.too_large', 60],
    ['a host that does not answer', 'fetch.failed', 10],
    ['a host that is slow', 'fetch.timeout', 10],
    ['our own limit', 'fetch.busy', 0],
  ])('is remembered for a while: %s', async (_name, answer, seconds) => {
    expect(await lifeOf(answer)).toBe(seconds);
  });

  it('keeps its error', async () => {
    const { fetch } = setUp('fetch.blocked');
    for (let i = 0; i < 2; i += 1) {
      await expect(fetch(url)).rejects.toMatchObject({ code: 'fetch.blocked', message: 'No.' });
    }
  });

  it('hands on what is no answer at all, and does not keep it', async () => {
    let asked = 0;
    const fetch = createFetchCache(() => {
      asked += 1;
      return Promise.reject(new TypeError('a fault of ours'));
    });
    for (let i = 0; i < 2; i += 1) await expect(fetch(url)).rejects.toThrow(TypeError);
    expect(asked).toBe(2);
  });

  it('is asked for once by all who come at once', async () => {
    const { asked, fetch } = setUp({ cacheControl: 'no-store' });
    const found = await Promise.all(Array.from({ length: 20 }, () => fetch(url)));
    expect(new Set(found.map(({ bytes }) => bytes[0]))).toEqual(new Set([1]));
    expect(asked).toEqual([url]);
    await fetch(url);
    expect(asked).toHaveLength(2);
  });

  it('is not mixed up with what was asked for otherwise', async () => {
    const { asked, fetch } = setUp();
    await fetch(url);
    await fetch(url, { accept: 'image/png' });
    await fetch(url, { maxBytes: 5 });
    expect(asked).toHaveLength(3);
  });

  it('makes room by forgetting the oldest', async () => {
    const many = setUp({}, { entries: 2 });
    for (const name of ['1', '2', '3', '3', '2', '1']) await many.fetch(name);
    expect(many.asked).toEqual(['1', '2', '3', '1']);

    const large = setUp({ bytes: new Uint8Array(900) }, { bytes: 4_000 });
    for (const name of ['1', '2', '3', '4', '5', '5', '1']) await large.fetch(name);
    expect(large.asked).toEqual(['1', '2', '3', '4', '5', '1']);
    const huge = setUp({ bytes: new Uint8Array(1_500) }, { bytes: 4_000 });
    for (const name of ['1', '1']) await huge.fetch(name);
    expect(huge.asked).toHaveLength(2);
  });
});
