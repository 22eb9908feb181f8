import { buffer } from 'node:stream/consumers';
import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Scope } from '../../domain/roles.ts';
import type { ChartPicture } from '../../images/charts.ts';
import { renderBadgePng } from '../../images/raster.ts';
import { makeThumbnail, thumbnailSide } from '../../images/thumbnail.ts';
import { notFound } from '../../shared/errors.ts';
import { createLastUsed } from '../../shared/last-used.ts';
import type { BlobStore } from '../../storage/blobs.ts';
import { drawTemplate, type Drawn } from '../achievements/achievement-images.ts';
import type { ArtService } from '../curriculum/art.ts';

type Pictured = Drawn & Pick<AchievementVersion, 'achievement' | 'number' | 'image'>;

/** A screen draws the badge as sharp as it likes; paper gets dots. */
export type ChartMedium = 'screen' | 'paper';

/** Some ten kilobytes each. */
const maxKept = 1_000;
/** So many are in memory at full size at once. */
const atOnce = 8;

export type ChartPictures = ReturnType<typeof createChartPictures>;

/** The pictures on a learner's chart: their own where one was approved, else the one of the achievement. */
export function createChartPictures({
  art,
  blobs,
}: {
  art: Pick<ArtService, 'findApprovedArt'>;
  blobs: Pick<BlobStore, 'read'>;
}) {
  // Versions never change. What learners drew is not kept: it has to be gone when they are.
  const thumbnails = createLastUsed<ChartPicture>(maxKept);

  return { load };

  async function load(
    { scope, learner }: { readonly scope: Scope; readonly learner: string },
    wanted: readonly Pictured[],
    medium: ChartMedium,
  ): Promise<ReadonlyMap<string, ChartPicture>> {
    const own = await art.findApprovedArt(scope, learner);
    const found = new Map<string, ChartPicture>();
    const find = async (version: Pictured) => {
      const { achievement } = version;
      const blob = own.get(achievement);
      const drawn = blob === undefined ? undefined : await orNone(shrink(blob));
      const picture = drawn ?? (await orNone(show(version, medium)));
      if (picture !== undefined) found.set(achievement, picture);
    };
    for (let first = 0; first < wanted.length; first += atOnce) {
      await Promise.all(wanted.slice(first, first + atOnce).map(find));
    }
    return found;
  }

  async function show(version: Pictured, medium: ChartMedium): Promise<ChartPicture> {
    const { achievement, number, image } = version;
    if (image.kind === 'template' && medium === 'screen') {
      return { type: 'image/svg+xml', bytes: Buffer.from(drawTemplate(version, image)) };
    }
    return thumbnails(`${achievement}/${number}`, async () =>
      image.kind === 'upload'
        ? shrink(image.blob)
        : toThumbnail(await renderBadgePng(drawTemplate(version, image), thumbnailSide)),
    );
  }

  async function shrink(blob: string): Promise<ChartPicture> {
    const content = await blobs.read(blob);
    if (content === undefined) throw notFound('image');
    return toThumbnail(await buffer(content));
  }
}

async function toThumbnail(png: Uint8Array): Promise<ChartPicture> {
  return { type: 'image/jpeg', bytes: await makeThumbnail(png) };
}

/** A picture that is damaged or gone keeps nobody from printing the others. */
async function orNone<T>(picture: Promise<T>): Promise<T | undefined> {
  return picture.catch(() => undefined);
}
