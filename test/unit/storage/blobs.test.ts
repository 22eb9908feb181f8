import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sha256 } from '../../../src/shared/ids.ts';
import { openBlobStore } from '../../../src/storage/blobs.ts';
import { refusal } from '../../support/refusal.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blobs-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const staged = () => readdir(join(folder, 'staging'));

async function textOf(stream: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

it('keeps bytes under a random name that only this user can read', async () => {
  const blobs = await openBlobStore(folder);
  const blob = await blobs.stage(Readable.from([Buffer.from('some '), Buffer.from('work')]), 100);
  expect(blob).toMatchObject({ size: 9, sha256: sha256('some work') });
  expect(await blobs.read(blob.id)).toBeUndefined();

  await blobs.keep(blob);
  expect(await textOf(await blobs.read(blob.id))).toBe('some work');
  expect(await staged()).toEqual([]);
  const { mode } = await stat(join(folder, blob.id.slice(0, 2), blob.id));
  expect(mode & 0o777).toBe(0o600);

  await blobs.remove(blob.id);
  expect(await blobs.read(blob.id)).toBeUndefined();
});

it('leaves nothing of what is too large, broken off or discarded', async () => {
  const blobs = await openBlobStore(folder);
  await expect(blobs.stage(Readable.from([Buffer.alloc(11)]), 10)).rejects.toThrow(
    refusal({ kind: 'too-large', code: 'file.too_large' }),
  );
  const broken = Readable.from(breakOff(new Error('gone')));
  await expect(blobs.stage(broken, 10)).rejects.toThrow('gone');
  await blobs.discard(await blobs.stage(Readable.from([Buffer.alloc(10)]), 10));
  expect(await staged()).toEqual([]);
});

it('says so when the disk is full', async () => {
  const blobs = await openBlobStore(folder);
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  await expect(blobs.stage(Readable.from(breakOff(full)), 10)).rejects.toThrow(
    refusal({ kind: 'storage-full', code: 'store.full' }),
  );
  expect(await staged()).toEqual([]);
});

it('sweeps what an old crash left, not what arrives now', async () => {
  await openBlobStore(folder);
  const old = join(folder, 'staging', 'old');
  await writeFile(old, 'x');
  await writeFile(join(folder, 'staging', 'new'), 'x');
  const longAgo = new Date('2020-01-01');
  await utimes(old, longAgo, longAgo);
  await openBlobStore(folder);
  expect(await staged()).toEqual(['new']);
});

it('never leaves its folder', async () => {
  const blobs = await openBlobStore(folder);
  await expect(blobs.read('../../../etc/hostname')).rejects.toThrow('no id');
});

function* breakOff(error: Error) {
  yield Buffer.from('half');
  throw error;
}
