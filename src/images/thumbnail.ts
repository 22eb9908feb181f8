import { loadSharp } from './upload.ts';

/** On the 28 mm that a badge has on a chart: 216 dots an inch. */
export const thumbnailSide = 240;

/** A small JPEG on white, for paper with hundreds of them; only of pictures of our own making. */
export async function makeThumbnail(png: Uint8Array): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(png)
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
