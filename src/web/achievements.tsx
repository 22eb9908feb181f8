import { Router, type Request, type Response } from 'express';
import type { IssuerService } from '../services/credentials/issuers.ts';
import type { PublicAchievementService } from '../services/achievements/public-achievements.ts';
import { notFound } from '../shared/errors.ts';
import { AchievementPage } from './achievement-page.tsx';
import { usualLanguage } from '../domain/vocabulary.ts';
import { sendPage, wantsPage } from './page.ts';
import { voiceOf } from './wording.ts';

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
    request: Request<{ id: string; number?: string }>,
    response: Response,
  ): Promise<void> {
    const { id, number } = request.params;
    const view = await getAchievementView(services, id, parseVersion(number));
    const voice = voiceOf(request, view.issuer);
    response.vary('Accept-Language');
    sendPage(response, <AchievementPage {...view} voice={voice} />, 'public, max-age=300');
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
  const language = published.version.language ?? usualLanguage(issuer);
  return { published, issuer, language };
}
