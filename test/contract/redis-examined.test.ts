import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import { silentLog } from '../support/log.ts';
import { findFreePort } from '../support/process.ts';
import { describeWithRedis, startRedis, type RedisOptions } from '../support/redis.ts';

async function examine(url: string): Promise<readonly string[]> {
  await using queue = createBullmqQueue({
    ...{ url, prefix: 'examined', concurrency: 1, perSecond: 0, log: silentLog },
  });
  return await queue.examine();
}

async function examineNew(options: RedisOptions, change = (url: string) => url) {
  await using redis = await startRedis(options);
  return await examine(change(redis.url));
}

describeWithRedis('what Cairn says of its Redis', () => {
  it('has nothing to say of a good one, with or without a password', async () => {
    expect(await examineNew({})).toEqual([]);
    expect(await examineNew({ password: 'secret' })).toEqual([]);
  });

  it('reads it also where CONFIG is forbidden', async () => {
    const more = ['--rename-command', 'CONFIG', ''];
    expect(await examineNew({ more })).toEqual([]);
    await expect(examineNew({ more, policy: 'allkeys-lru' })).rejects.toMatchObject({
      code: 'queue.eviction',
    });
  });

  it('warns of one that keeps no file', async () => {
    expect(await examineNew({ aof: false })).toEqual([expect.stringMatching(/appendonly no/)]);
  });

  it.each<[string, RedisOptions, (url: string) => string]>([
    ['queue.eviction', { policy: 'volatile-lru' }, (url) => url],
    ['queue.wrong_password', { password: 'secret' }, (url) => url.replace('secret', 'guess')],
    ['queue.wrong_password', { password: 'secret' }, (url) => url.replace(':secret@', '')],
    ['queue.no_database', {}, (url) => url.replace(/0$/, '99')],
  ])('refuses with %s', async (code, options, change) => {
    const refused = examineNew(options, change);
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', code });
    await expect(refused).rejects.not.toThrow(/secret|guess/);
  });

  it('knows a server that is no Redis', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(examine(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'queue.not_redis',
    });
    server.close();
  });

  it('says of one that is away that awards are kept', async () => {
    await expect(examine(`redis://127.0.0.1:${await findFreePort()}`)).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'queue.unreachable',
      message: expect.stringMatching(/Awards are kept/) as string,
    });
  });
});
