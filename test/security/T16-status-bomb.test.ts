import { gzipSync } from 'node:zlib';
import { hangsMs, openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T16 (S13): a status list that unfolds into a gigabyte. Its issuer is honest about everything else.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T16 status bomb');
});

const megabyte = 1024 * 1024;

/** Some megabytes of nothing, several times over: a packed file may have any number of parts. */
function bomb(megabytes: number): string {
  const part = gzipSync(Buffer.alloc(16 * megabyte), { level: 9 });
  const parts = Array.from({ length: megabytes / 16 }, () => part);
  return `u${Buffer.concat(parts).toString('base64url')}`;
}

async function badgeWith(encodedList: string): Promise<Json> {
  const { school, published } = target;
  const list = school.statusList([], { encodedList });
  published.set(school.listUrl, await school.sign(list));
  return school.sign(school.badge());
}

it('S01: the honest list', async () => {
  const { school, publish, attack } = target;
  await publish();
  const { answer } = await attack('an honest list', await school.sign(school.badge()));
  expect(answer).toBe('valid');
});

it.each([
  [32, 'unverifiable STATUS_VERIFICATION_ERROR'],
  [96, 'unverifiable STATUS_VERIFICATION_ERROR'],
  // More than a megabyte before it is unpacked: it is not even fetched to its end.
  [1_024, 'unverifiable STATUS_RETRIEVAL_ERROR'],
])('S13: a list of %i MB is not unpacked', async (megabytes, expected) => {
  const badge = await badgeWith(bomb(megabytes));
  const { answer, ms } = await target.attack(`a list of ${megabytes} MB`, badge);
  expect(answer).toBe(expected);
  expect(ms).toBeLessThan(hangsMs);
});

it('S13: a gigabyte on the wire, packed by the web server', async () => {
  const { school, published, publish, attack } = target;
  await publish();
  const packed = gzipSync(Buffer.alloc(16 * megabyte, ' '), { level: 9 });
  const parts = Array.from({ length: 64 }, () => packed);
  published.set(school.listUrl, Buffer.concat(parts));
  const { answer, ms } = await attack(
    '1 GB by Content-Encoding',
    await school.sign(school.badge()),
  );
  expect(answer).toBe('unverifiable STATUS_RETRIEVAL_ERROR');
  expect(ms).toBeLessThan(hangsMs);
});

it('verifies what others issued afterwards', async () => {
  const { other, attack } = target;
  const { credentialStatus: _none, ...badge } = other.badge();
  const { answer } = await attack('a badge of somebody else', await other.sign(badge));
  expect(answer).toBe('valid');
});
