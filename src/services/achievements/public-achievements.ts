import { buildAchievementDocument } from '../../credentials/build/achievement.ts';
import { notFound } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AchievementImageService } from './achievement-images.ts';
import type { AchievementService } from './achievements.ts';
import type { IssuerService } from '../credentials/issuers.ts';

export type PublicAchievementService = ReturnType<typeof createPublicAchievementService>;

/** Published achievements as strangers see them. */
export function createPublicAchievementService({
  achievements,
  images,
  issuers,
  urls,
}: {
  achievements: AchievementService;
  images: AchievementImageService;
  issuers: IssuerService;
  urls: Urls;
}) {
  return {
    get,
    getDocument,
    getSvg: async (id: string, version: number) => images.svg((await get(id, version)).version),
    getPng: async (id: string, version: number) => images.png((await get(id, version)).version),
  };

  /** The newest version when none is named. */
  async function get(id: string, version?: number) {
    const found = await achievements.findPublished(id, version);
    if (found === undefined) throw notFound('achievement');
    return found;
  }

  /** The OB 3.0 Achievement as JSON-LD. */
  async function getDocument(id: string, number?: number) {
    const { version } = await get(id, number);
    return buildAchievementDocument(
      urls,
      await issuers.getOrganization(version.organization),
      version,
    );
  }
}
