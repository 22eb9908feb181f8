import { Router } from 'express';
import { languagesOf } from '../domain/vocabulary.ts';
import type { PublicPolicy, PublicSchoolService } from '../services/school/public-schools.ts';
import { defined } from '../shared/defined.ts';
import type { Urls } from '../shared/urls.ts';
import { sendPublicJson } from './public.ts';

/** A change of the settings shows at once; who has the answer already is told so. */
const asked = 'public, no-cache';

/** Schools and their policies as data: what their pages are made of. */
export function schoolRouter(schools: PublicSchoolService, urls: Urls): Router {
  const router = Router();

  router.get('/policy/:id', async (request, response) => {
    const policy = await schools.getPolicy(request.params.id);
    sendPublicJson(response, presentPolicy(policy), 'application/json', asked);
  });

  router.get('/schools/:id', async (request, response) => {
    const { id, name, description, url, email, ...wording } = await schools.get(request.params.id);
    const { items, next } = await schools.listAchievements(id, request.query.cursor);
    const isPromised = await schools.hasLearningFramework(id);
    const achievements = items.map((version) =>
      defined({
        id: urls.achievement(version.achievement),
        kind: version.kind,
        name: version.name,
        description: version.description,
        language: version.language,
        level: version.levelName,
      }),
    );
    const languages = languagesOf(wording);
    const own = defined({ id, name, description, url, email, did: urls.issuerDid(id), languages });
    const body = {
      ...own,
      policy: `${urls.base}/policy/${id}`,
      ...(isPromised ? { learningFramework: `${urls.base}/schools/${id}/learning-framework` } : {}),
      achievements,
      ...defined({ next }),
    };
    sendPublicJson(response, body, 'application/json', asked);
  });

  return router;
}

function presentPolicy({ school, frameworks, hasCourses, hasMentors }: PublicPolicy) {
  const { id, name, policy, masteryPolicy = {} } = school;
  const { secondReader, nameInCredential, adultCredentialVisibility } = policy;
  const { rollUp, support, guardianConsent, calibration, digest } = policy;
  const published = new Set(frameworks.map((framework) => framework.id));
  const others = Object.entries(rollUp.frameworks).filter(([framework]) =>
    published.has(framework),
  );
  return {
    school: { id, name },
    languages: languagesOf(school),
    judging: { secondReader },
    credentials: { nameInCredential, adultCredentialVisibility },
    frameworks,
    rollUp: { default: rollUp.default, frameworks: Object.fromEntries(others) },
    support,
    guardianConsent,
    calibration,
    digest,
    courses: hasCourses,
    mentoring: hasMentors,
    text: masteryPolicy,
  };
}
