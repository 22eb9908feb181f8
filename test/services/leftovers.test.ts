import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { blobPath, listBlobs } from '../../src/storage/blobs.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type School } from '../support/school.ts';

let cairn: TestCairn;
let school: School;
let kept: readonly string[];

beforeEach(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  await keepOneOfEach();
  kept = await listKept();
  expect(kept).toHaveLength(4);
});
afterEach(async () => {
  await cairn.close();
});

const blobsDir = () => join(cairn.cairn.settings.dataDir, 'blobs');

async function listKept(): Promise<string[]> {
  const found: string[] = [];
  for await (const id of listBlobs(blobsDir())) found.push(id);
  return found.sort();
}

/** Everything that names a file: evidence, what a badge was made of, the badge, and a learner's own picture. */
async function keepOneOfEach(): Promise<void> {
  const learner = await cairn.as('learner');
  const picture = await draw();
  const upload = async (key: string, path = '/files', method: 'post' | 'put' = 'post') => {
    const answer = await school.call(method, path, key).attach('file', picture, 'a.png');
    expect(answer.status).toBe(201);
    return (answer.body as { id: string }).id;
  };
  await upload(learner.key);
  const { id } = await school.publish({
    image: { kind: 'upload', file: await upload(cairn.owner) },
  });
  await upload(learner.key, `/learners/${learner.id}/art/${id}`, 'put');
}

function draw(): Promise<Buffer> {
  const plain = { width: 400, height: 400, channels: 3, background: 'teal' } as const;
  return sharp({ create: plain }).png().toBuffer();
}

/** As a process leaves it that dies before it has made the record. */
async function leave(): Promise<string> {
  const { blobs } = cairn.cairn.storage;
  const staged = await blobs.stage(Readable.from(['Half an upload.']), 100);
  await blobs.keep(staged);
  return staged.id;
}

async function passTwoDays(): Promise<void> {
  const before = new Date(Date.now() - 2 * 86_400_000);
  for (const id of await listKept()) await utimes(blobPath(blobsDir(), id), before, before);
}

const findFaults = async () =>
  (await cairn.services.invariants.examine()).find(({ id }) => id === 'I8')?.faults;

describe('a file that belongs to nothing', () => {
  it('is named and removed once it is old, and no other one is', async () => {
    const old = await leave();
    await passTwoDays();
    const young = await leave();
    expect(await findFaults()).toEqual([expect.stringContaining(`file ${old} (15 bytes`)]);
    expect((await cairn.services.leftovers.remove()).map(({ id }) => id)).toEqual([old]);
    expect(await listKept()).toEqual([...kept, young].sort());
    expect(await findFaults()).toEqual([]);
  });

  it('is left where most belong to nothing: that is another store’s folder', async () => {
    for (let count = 0; count < 5; count += 1) await leave();
    await passTwoDays();
    await expect(cairn.services.leftovers.remove()).rejects.toMatchObject({
      code: 'file.wrong_store',
    });
    expect(await listKept()).toHaveLength(9);
  });
});
