import { Router } from 'express';
import type { GraduateProfileService } from '../services/curriculum/graduate-profiles.ts';
import type { Urls } from '../shared/urls.ts';
import { sendPublicJson } from './public.ts';

/** The learning framework as data: what its page is made of. */
export function learningFrameworkRouter(
  profiles: Pick<GraduateProfileService, 'getPublic'>,
  urls: Urls,
): Router {
  const router = Router();

  router.get('/schools/:id/learning-framework', async (request, response) => {
    const { organization, competencies, ...profile } = await profiles.getPublic(request.params.id);
    const { id, name } = organization;
    const body = {
      school: { id, name },
      ...profile,
      competencies: competencies.map(({ credits, ...competency }) => ({
        ...competency,
        credits: credits.map((credit) => ({ ...credit, id: urls.achievement(credit.id) })),
      })),
    };
    sendPublicJson(response, body, 'application/json', 'public, no-cache');
  });

  return router;
}
