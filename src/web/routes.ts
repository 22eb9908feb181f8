import { Router, type RequestHandler } from 'express';
import type { GraduateProfileService } from '../services/curriculum/graduate-profiles.ts';
import type { IssuerService } from '../services/credentials/issuers.ts';
import type { LetterStopService } from '../services/letters/letter-stops.ts';
import type { OrganizationService } from '../services/school/organizations.ts';
import type { PublicSchoolService } from '../services/school/public-schools.ts';
import type { PublicStandardService } from '../services/frameworks/public-standards.ts';
import type { VerificationService } from '../services/verification/verification.ts';
import type { Urls } from '../shared/urls.ts';
import { achievementPages, type AchievementPageServices } from './achievements.tsx';
import { assetRouter } from './assets.ts';
import { credentialPages, type CredentialPageServices } from './credentials.tsx';
import { evidencePage } from './evidence.tsx';
import { issuerPages } from './issuers.tsx';
import { letterPages } from './letters.tsx';
import { schoolPages } from './schools.tsx';
import { learningFrameworkPages } from './learning-framework.tsx';
import { setupPages } from './setup.tsx';
import { standardPages } from './standards.tsx';
import { verifyPages } from './verify.tsx';
import { welcomePage } from './welcome.tsx';

export interface PageServices extends AchievementPageServices, CredentialPageServices {
  readonly issuers: IssuerService;
  readonly graduateProfiles: GraduateProfileService;
  readonly letterStops: LetterStopService;
  readonly organizations: OrganizationService;
  readonly publicSchools: PublicSchoolService;
  readonly publicStandards: PublicStandardService;
  readonly verification: VerificationService;
}

/** Every page. What is not asked for as a page is left to the routers behind. */
export function pageRoutes(
  services: PageServices,
  { urls, limitVerifying }: { urls: Urls; limitVerifying: RequestHandler },
): Router {
  const router = Router();
  router.use(assetRouter());
  router.use(welcomePage(services.issuers));
  router.use(setupPages(services.organizations, urls));
  router.use(issuerPages(services.issuers, urls));
  router.use(learningFrameworkPages(services.graduateProfiles));
  router.use(achievementPages(services));
  router.use(schoolPages(services.publicSchools, urls));
  router.use(standardPages(services));
  router.use(credentialPages(services, urls));
  router.use(letterPages(services.letterStops));
  router.use(evidencePage());
  router.use(verifyPages(services.verification, { urls, limit: limitVerifying }));
  return router;
}
