import { bakePng } from '../../credentials/bake/png.ts';
import { bakeSvg } from '../../credentials/bake/svg.ts';
import type { AchievementVersion } from '../../domain/achievements.ts';
import type { Credential } from '../../domain/awards.ts';
import { scopeOf, type Scope } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';

export interface BadgeImages {
  svg(version: AchievementVersion): Promise<string>;
  png(version: AchievementVersion): Promise<Uint8Array>;
}

export type BadgeService = ReturnType<typeof createBadgeService>;

/** Badge pictures with the signed credential inside. */
export function createBadgeService({
  versions,
  images,
}: {
  versions: {
    findVersion(
      scope: Scope,
      achievement: string,
      version: number,
    ): Promise<AchievementVersion | undefined>;
  };
  images: BadgeImages;
}) {
  return {
    bakedPng: async (credential: Credential) =>
      bakePng(await images.png(await versionOf(credential)), credential.document),
    bakedSvg: async (credential: Credential) =>
      bakeSvg(await images.svg(await versionOf(credential)), credential.document),
  };

  async function versionOf(credential: Credential): Promise<AchievementVersion> {
    const { achievement, version } = credential;
    const found = await versions.findVersion(scopeOf(credential), achievement, version);
    if (found === undefined) throw notFound('achievement');
    return found;
  }
}
