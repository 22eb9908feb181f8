import { Router } from 'express';
import type { AchievementService } from '../services/achievements/achievements.ts';
import type { CredentialService } from '../services/credentials/credentials.ts';
import type { IssuerService } from '../services/credentials/issuers.ts';
import type { VerificationService } from '../services/verification/verification.ts';
import type { Urls } from '../shared/urls.ts';
import { readBadge } from './badge.ts';
import { CredentialPage } from './credential-page.tsx';
import { sendPage, wantsPage } from './page.ts';
import { englishOf } from './wording.ts';

export interface CredentialPageServices {
  readonly achievements: Pick<AchievementService, 'findPublished'>;
  readonly credentials: Pick<CredentialService, 'getPublic'>;
  readonly issuers: Pick<IssuerService, 'getOrganization'>;
  readonly verification: Pick<VerificationService, 'verify'>;
}

/** The page of a badge: what was signed, and what a check of it says at this moment. */
export function credentialPages(services: CredentialPageServices, urls: Urls): Router {
  const router = Router();

  router.get('/credentials/:id', async (request, response, next) => {
    const { id } = request.params;
    if (!wantsPage(request.get('accept'), id)) {
      next();
      return;
    }
    const view = await getCredentialView(services, id);
    sendPage(response, <CredentialPage {...view} urls={urls} />);
  });

  return router;
}

async function getCredentialView(services: CredentialPageServices, id: string) {
  const credential = await services.credentials.getPublic(id);
  const { document, achievement, version, organization } = credential;
  const [result, published, issuer] = await Promise.all([
    services.verification.verify(document),
    services.achievements.findPublished(achievement, version),
    services.issuers.getOrganization(organization),
  ]);
  const badge = readBadge(result.credential);
  if (badge === undefined) throw new Error(`the stored credential ${id} is no badge`);
  const level = published?.version.levelName;
  // A page says nothing that is not signed.
  const signedLevel = level !== undefined && badge.tags.includes(level) ? level : undefined;
  return { id, badge, result, level: signedLevel, voice: englishOf(issuer) };
}
