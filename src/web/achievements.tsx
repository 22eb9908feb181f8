import { Router, type Request, type Response } from 'express';
import type { IssuerService } from '../services/issuers.ts';
import type { PublicAchievementService } from '../services/public-achievements.ts';
import { notFound } from '../shared/errors.ts';
import { AchievementPage } from './achievement-page.tsx';
import { sendPage, wantsPage } from './page.ts';

export interface AchievementPageServices {
  readonly publicAchievements: Pick<PublicAchievementService, 'get'>;
  readonly issuers: Pick<IssuerService, 'getOrganization'>;
}

/** What an achievement asks for: the newest version, or the one that a credential quotes. */
export function achievementPages(services: AchievementPageServices): Router {
  const router = Router();

  router.get('/achievements/:id', async (request, response, next) => {
    if (!wantsPage(request.get('accept'), request.params.id)) next();
    else await answer(request, response);
  });
  router.get('/achievements/:id/versions/:number', async (request, response, next) => {
    if (!wantsPage(request.get('accept'), request.params.number)) next();
    else await answer(request, response);
  });

  return router;

  async function answer(
    { params }: Request<{ id: string; number?: string }>,
    response: Response,
  ): Promise<void> {
    const view = await getAchievementView(services, params.id, parseVersion(params.number));
    sendPage(response, <AchievementPage {...view} />, 'public, max-age=300');
  }
}

function parseVersion(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw notFound('achievement');
  return Number(text);
}

async function getAchievementView(
  { publicAchievements, issuers }: AchievementPageServices,
  id: string,
  number: number | undefined,
) {
  const published = await publicAchievements.get(id, number);
  const issuer = await issuers.getOrganization(published.version.organization);
  return { published, issuer: { id: issuer.id, name: issuer.name } };
}
