import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { reencodeUpload } from '../../../src/images/upload.ts';
import { ServiceError } from '../../../src/shared/errors.ts';

type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff';

function picture(width: number, height: number, format: Format = 'png'): Promise<Buffer> {
  const image = sharp({ create: { width, height, channels: 3, background: '#336699' } });
  return image.toFormat(format).toBuffer();
}

async function codeOf(bytes: Uint8Array): Promise<string> {
  try {
    await reencodeUpload(bytes);
    return 'accepted';
  } catch (error) {
    return error instanceof ServiceError ? error.code : 'another error';
  }
}

describe('an uploaded picture', () => {
  it.each(['png', 'jpeg', 'webp'] as const)(
    'becomes a PNG of at most 600 pixels: %s',
    async (format) => {
      const { bytes, width, height } = await reencodeUpload(await picture(1200, 800, format));
      expect({ width, height }).toEqual({ width: 600, height: 400 });
      expect(await sharp(bytes).metadata()).toMatchObject({
        format: 'png',
        width: 600,
        height: 400,
      });
    },
  );

  it('is not made larger', async () => {
    expect(await reencodeUpload(await picture(40, 60))).toMatchObject({ width: 40, height: 60 });
  });

  it('is turned upright and says no longer where it was taken', async () => {
    const photo = await sharp(await picture(80, 40, 'jpeg'))
      .withExif({ IFD0: { Copyright: 'SECRET PLACE' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const tagged = await sharp(photo).metadata();
    expect(tagged.orientation).toBe(6);
    const { bytes, width, height } = await reencodeUpload(photo);
    expect({ width, height }).toEqual({ width: 40, height: 80 });
    const clean = await sharp(bytes).metadata();
    expect([clean.exif, clean.icc, clean.xmp, clean.iptc, clean.orientation]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('brings nothing along that hung at its end', async () => {
    const polyglot = Buffer.concat([
      await picture(10, 10),
      Buffer.from('<script>alert(1)</script>'),
    ]);
    const { bytes } = await reencodeUpload(polyglot);
    expect(Buffer.from(bytes).includes('script')).toBe(false);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello')],
    ['HTML', Buffer.from('<html><script>alert(1)</script></html>')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['a PDF', Buffer.from('%PDF-1.7')],
    ['only the first bytes of a PNG', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['only the first bytes of a JPEG', Buffer.from('ffd8ffe0', 'hex')],
    ['this test', readFileSync(import.meta.filename)],
  ])('is refused when it is %s', async (_name, bytes) => {
    expect(await codeOf(bytes)).toBe('image.not_an_image');
  });

  it.each(['gif', 'tiff'] as const)('is refused in other formats: %s', async (format) => {
    expect(await codeOf(await picture(10, 10, format))).toBe('image.not_an_image');
  });

  it('is refused when it is cut off', async () => {
    const whole = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .png()
      .toBuffer();
    expect(await codeOf(whole.subarray(0, whole.length / 2))).toBe('image.not_an_image');
  });

  it('is refused before it unfolds into too many pixels', async () => {
    const bomb = await picture(12_000, 12_000);
    expect(bomb.length).toBeLessThan(2_500_000);
    expect(await codeOf(bomb)).toBe('image.too_many_pixels');
  });

  it('is refused when the file is too large', async () => {
    const bytes = Buffer.concat([await picture(10, 10), Buffer.alloc(5 * 1024 * 1024)]);
    expect(await codeOf(bytes)).toBe('image.too_large');
  });
});
