import { Router } from 'express';
import type { PublicSchoolService } from '../services/school/public-schools.ts';
import type { Urls } from '../shared/urls.ts';
import { sendPage, wantsPage } from './page.ts';
import { PolicyPage } from './policy-page.tsx';
import { SchoolPage } from './school-page.tsx';
import { proseOf, voiceOf } from './wording.ts';

/** A change of the settings shows at once; who has the page already is told so. */
const asked = 'public, no-cache';

/** What a school is, and by which rules it decides. */
export function schoolPages(schools: PublicSchoolService, urls: Urls): Router {
  const router = Router();

  router.get('/policy/:id', async (request, response, next) => {
    const { id } = request.params;
    if (!wantsPage(request.get('accept'), id)) {
      next();
      return;
    }
    const policy = await schools.getPolicy(id);
    const voice = voiceOf(request, policy.school);
    const prose = proseOf(request, policy.school);
    response.vary('Accept-Language');
    sendPage(response, <PolicyPage {...policy} voice={voice} prose={prose} />, asked);
  });

  router.get('/schools/:id', async (request, response, next) => {
    const { id } = request.params;
    if (!wantsPage(request.get('accept'), id)) {
      next();
      return;
    }
    const school = await schools.get(id);
    const [achievements, hasLearningFramework] = await Promise.all([
      schools.listAchievements(id, request.query.cursor),
      schools.hasLearningFramework(id),
    ]);
    const voice = voiceOf(request, school);
    const did = urls.issuerDid(id);
    const view = { school, achievements, hasLearningFramework, voice, did };
    response.vary('Accept-Language');
    sendPage(response, <SchoolPage {...view} />, asked);
  });

  return router;
}
