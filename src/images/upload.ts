import { ServiceError } from '../shared/errors.ts';

export interface ReencodedImage {
  /** PNG. */
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const maxBytes = 5 * 1024 * 1024;
/** Enough for a photograph of a modern telephone, and little enough to be decoded in a moment. */
const maxPixels = 25_000_000;
const maxSide = 600;

/** Large, and needed for pictures made of dots only: loaded with the first of them. */
export const loadSharp = async () => (await import('sharp')).default;

/** What the first bytes say; names and declared types are only claims. */
const signatures: readonly (readonly [format: string, hex: RegExp])[] = [
  ['png', /^89504e470d0a1a0a/],
  ['jpeg', /^ffd8ff/],
  ['webp', /^52494646.{8}57454250/],
];

/**
 * Turns an uploaded picture into a PNG of our own making: upright, at most 600 pixels a side, and without
 * anything that was hidden in the file (where a photograph was taken, programs, other pictures).
 */
export async function reencodeUpload(bytes: Uint8Array): Promise<ReencodedImage> {
  if (bytes.length > maxBytes) {
    throw new ServiceError('too-large', 'image.too_large', 'The picture is larger than 5 MB.');
  }
  const head = Buffer.from(bytes.subarray(0, 12)).toString('hex');
  const format = signatures.find(([, hex]) => hex.test(head))?.[0];
  if (format === undefined) throw notAnImage();
  await assertHeader(bytes, format);
  return encode(bytes);
}

/** Reads the header only: a small file may unfold into a picture that fills the memory. */
async function assertHeader(bytes: Uint8Array, format: string): Promise<void> {
  const sharp = await loadSharp();
  const {
    width,
    height,
    pages = 1,
    ...found
  } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw notAnImage(error);
    });
  if (found.format !== format) throw notAnImage();
  if (width * height * pages > maxPixels) {
    throw new ServiceError(
      'unprocessable',
      'image.too_many_pixels',
      'The picture has too many pixels; 5000 × 5000 are the most.',
    );
  }
}

async function encode(bytes: Uint8Array): Promise<ReencodedImage> {
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: maxPixels,
      failOn: 'error',
      animated: false,
    })
      .timeout({ seconds: 10 })
      .rotate()
      .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png({ compressionLevel: 9 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch (error) {
    throw notAnImage(error);
  }
}

function notAnImage(cause?: unknown): ServiceError {
  return new ServiceError(
    'unprocessable',
    'image.not_an_image',
    'This is not a PNG, JPEG or WebP picture, or it is damaged.',
    { cause },
  );
}
