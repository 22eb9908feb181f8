import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { scopeOf } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startAchievements, type Shown } from '../support/achievements.ts';

let school: Awaited<ReturnType<typeof startAchievements>>;

beforeAll(async () => {
  school = await startAchievements();
}, 60_000);
afterAll(async () => {
  await school.close();
});

async function upload(bytes: Uint8Array, name: string): Promise<{ status: number; body: Shown }> {
  const { status, body } = (await school
    .call('post', '/files')
    .attach('file', Buffer.from(bytes), name)) as { status: number; body: Shown };
  return { status, body };
}

async function createWith(bytes: Uint8Array, name: string) {
  const { body: file } = await upload(bytes, name);
  return school
    .call('post', '/achievements')
    .send(school.input({ image: { kind: 'upload', file: file.id } }));
}

async function versionOf(id: string) {
  const version = await school.services.achievements.findVersion(scopeOf(school), id, 1);
  if (version === undefined) throw new Error('it is not published');
  return version;
}

const photograph = () =>
  sharp({ create: { width: 900, height: 300, channels: 3, background: '#a03050' } })
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
    .toBuffer();

/** A few kilobytes that unfold into 144 million pixels. */
function hugePng(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(12_000, 0);
  header.writeUInt32BE(12_000, 4);
  header.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(12_000 * 1_501))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('the picture of an achievement', () => {
  it('is always the same template for the same kind and name', async () => {
    const [one, two, boss] = await Promise.all([
      school.create(),
      school.create({ name: ' adding ' }),
      school.create({ kind: 'boss' }),
    ]);
    expect(two).toHaveProperty('image', (one as unknown as { image: object }).image);
    expect(boss).toMatchObject({ image: { shape: 'shield' } });
  });

  it('is drawn from the template as SVG and PNG, with title and level', async () => {
    const { id } = await school.published({
      image: { kind: 'template', shape: 'stone', color: '#0b6e4f', icon: 'leaf' },
    });
    const version = await versionOf(id);
    expect(await school.services.images.svg(version)).toContain('Level 1 of 2');
    const png = await school.services.images.png(version);
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 600, height: 600 });
    expect(await school.services.images.png(version)).toBe(png);
  });

  it('is an uploaded photograph without what the camera wrote into it', async () => {
    const original = await photograph();
    expect((await sharp(original).metadata()).exif).toBeDefined();
    const answer = await createWith(original, 'class.jpg');
    const { id } = answer.body as Shown;
    expect(answer.status).toBe(201);
    expect(answer.body).toHaveProperty('image', { kind: 'upload', width: 600, height: 200 });

    await school.publish(id);
    const version = await versionOf(id);
    const png = await school.services.images.png(version);
    const metadata = await sharp(png).metadata();
    expect(metadata).toMatchObject({ format: 'png', width: 600, height: 200 });
    expect(metadata.exif).toBeUndefined();
    const svg = await school.services.images.svg(version);
    expect(svg).toContain(`data:image/png;base64,${Buffer.from(png).toString('base64')}"`);
    expect((await sharp(Buffer.from(svg)).metadata()).format).toBe('svg');
  });

  it('stays with its version when the draft gets another one', async () => {
    const { id } = await school.published();
    const version = await versionOf(id);
    const png = await school.services.images.png(version);
    const { body: file } = await upload(await photograph(), 'new.jpg');
    const changes = { image: { kind: 'upload', file: file.id } };
    expect((await school.call('patch', `/achievements/${id}`).send(changes)).status).toBe(200);
    await school.publish(id);
    expect(await school.services.images.png(await versionOf(id))).toBe(png);
  });

  it.each<[string, () => Uint8Array, string]>([
    ['a web page', () => Buffer.from('<html><script>alert(1)</script></html>'), 'badge.png'],
    [
      'a web page with the first bytes of a PNG',
      () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('<html></html>')]),
      'badge.png',
    ],
    [
      'an SVG',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      'badge.svg',
    ],
  ])('is not %s', async (_what, bytes, name) => {
    const { status, body: file } = await upload(bytes(), name);
    // Some are no file that Cairn keeps; what it keeps as a text is still no picture.
    if (status !== 201) return;
    const answer = await school
      .call('post', '/achievements')
      .send(school.input({ image: { kind: 'upload', file: file.id } }));
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'image.not_an_image' });
  });

  it('is not a small file that unfolds into 144 million pixels', async () => {
    const bytes = hugePng();
    expect(bytes.length).toBeLessThan(50_000);
    const answer = await createWith(bytes, 'huge.png');
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'image.too_many_pixels' });
  });

  it('is not a file that the teacher may not see', async () => {
    const learner = await school.as('learner');
    const { body: file } = await upload(await photograph(), 'mine.jpg');
    const answers = await Promise.all([
      school
        .call('post', '/achievements')
        .send(school.input({ image: { kind: 'upload', file: newId() } })),
      school
        .call('post', '/achievements', learner.key)
        .send(school.input({ image: { kind: 'upload', file: file.id } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 403]);
  });
});
