import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pickTemplate } from '../../domain/achievement-images.ts';
import type {
  AchievementContent,
  AchievementImage,
  AchievementVersion,
  TemplateImage,
  UploadedImage,
} from '../../domain/achievements.ts';
import type { Actor } from '../../domain/roles.ts';
import { badgeIcons, isBadgeIcon } from '../../images/icons.ts';
import { renderBadgePng } from '../../images/raster.ts';
import { renderBadge } from '../../images/template.ts';
import { reencodeUpload } from '../../images/upload.ts';
import { defined } from '../../shared/defined.ts';
import { invalid, notFound, ServiceError } from '../../shared/errors.ts';
import { createLastUsed } from '../../shared/last-used.ts';
import type { BlobStore } from '../../storage/blobs.ts';
import type { FileService } from '../submissions/files.ts';

export type ImageInput = TemplateImage | { readonly kind: 'upload'; readonly file: string };

/** More is not even read. */
const maxUploadBytes = 5 * 1_048_576;
/** Pictures are a few ten kilobytes each. */
const maxCached = 200;

export type AchievementImageService = ReturnType<typeof createAchievementImageService>;

export function createAchievementImageService({
  files,
  blobs,
}: {
  files: Pick<FileService, 'get' | 'read'>;
  blobs: Pick<BlobStore, 'stage' | 'keep' | 'read'>;
}) {
  const pngs = createLastUsed<Uint8Array>(maxCached);

  return { choose, pick, svg, png };

  /** The picture for an achievement that nobody chose one for. */
  function pick(content: Pick<AchievementContent, 'kind' | 'name'>): TemplateImage {
    return pickTemplate(content, badgeIcons);
  }

  /** Takes a picture that a person chose. An upload is drawn anew: nothing of the file itself is kept or shown. */
  async function choose(actor: Actor, input: ImageInput): Promise<AchievementImage> {
    if (input.kind === 'upload') return takeUpload(actor, input.file);
    if (!isBadgeIcon(input.icon)) {
      throw invalid('achievement.unknown_icon', 'There is no such icon.', [
        { path: 'image.icon', message: `must be one of ${badgeIcons.join(', ')}` },
      ]);
    }
    return input;
  }

  async function takeUpload(actor: Actor, id: string): Promise<UploadedImage> {
    const { size } = await files.get(actor, id);
    if (size > maxUploadBytes) {
      throw new ServiceError(
        'too-large',
        'image.too_large',
        `This picture is too large: at most ${maxUploadBytes / 1_048_576} MB.`,
      );
    }
    const { content } = await files.read(actor, id);
    const { bytes, width, height } = await reencodeUpload(await buffer(content));
    // As one chunk: a stream of a byte array gives its numbers.
    const blob = await blobs.stage(Readable.from([bytes]), Infinity);
    await blobs.keep(blob);
    return { kind: 'upload', blob: blob.id, width, height };
  }

  async function svg(version: AchievementVersion): Promise<string> {
    return version.image.kind === 'upload'
      ? wrapPng(await readUpload(version.image), version.image)
      : drawTemplate(version, version.image);
  }

  /** Versions never change, and neither do their pictures. */
  async function png(version: AchievementVersion): Promise<Uint8Array> {
    const { image, achievement, number } = version;
    return pngs(`${achievement}/${number}`, async () =>
      image.kind === 'upload' ? readUpload(image) : renderBadgePng(drawTemplate(version, image)),
    );
  }

  async function readUpload({ blob }: UploadedImage): Promise<Uint8Array> {
    const content = await blobs.read(blob);
    if (content === undefined) throw notFound('image');
    return buffer(content);
  }
}

export type Drawn = Pick<AchievementVersion, 'name' | 'level' | 'levelCount'>;

export function drawTemplate({ name, level, levelCount }: Drawn, template: TemplateImage): string {
  return renderBadge(template, { title: name, ...defined({ level, levels: levelCount }) });
}

/** The picture itself inside an SVG, so that both forms show the same. */
function wrapPng(png: Uint8Array, { width, height }: UploadedImage): string {
  const data = Buffer.from(png).toString('base64');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<image width="${width}" height="${height}" href="data:image/png;base64,${data}"/></svg>`
  );
}
