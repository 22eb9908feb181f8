import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import { achievementRouter } from './api/achievements.ts';
import { credentialRouter } from './api/credentials.ts';
import { evidenceRouter } from './api/evidence.ts';
import { issuanceLogRouter } from './api/issuance-log.ts';
import { issuerRouter } from './api/issuers.ts';
import { learningFrameworkRouter } from './api/learning-framework.ts';
import { artOperations, artRouter } from './api/management/art.ts';
import { fileOperations, fileRouter } from './api/management/files.ts';
import { managementRoutes } from './api/management/routes.ts';
import { onceByKey } from './api/once.ts';
import { buildOpenApi, openApiRouter } from './api/openapi.ts';
import { notFoundHandler, problemHandler } from './api/problem.ts';
import { allowPreflight, openToAll } from './api/public.ts';
import { mountRoutes, type MountOptions } from './api/route.ts';
import { schoolRouter } from './api/schools.ts';
import { standardRouter } from './api/standards.ts';
import { statusListRouter } from './api/status-lists.ts';
import { identifierOperations, identifierRouter } from './api/vc-api/identifiers.ts';
import { vcIssuerOperations, vcIssuerRouter } from './api/vc-api/issuer.ts';
import { vcVerifierOperations, vcVerifierRouter } from './api/vc-api/verifier.ts';
import { verifyRouter } from './api/verify.ts';
import { actorOf, authenticate, authenticateByPassword } from './auth/authenticate.ts';
import { limitPerMinute } from './auth/rate-limit.ts';
import type { Cairn } from './compose/compose.ts';
import { assertCan } from './domain/roles.ts';
import type { Health } from './observability/health.ts';
import { requestLog } from './observability/requests.ts';
import { errorPages } from './web/errors.tsx';
import { referencePage, type ApiDocument } from './web/reference.tsx';
import { queueBoardRouter } from './web/queue-board.ts';
import { pageRoutes } from './web/routes.ts';

/** The HTTP pipeline, top to bottom. */
export function createApp(
  { settings, services, urls, log, metrics, queue }: Cairn,
  health: Health,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', settings.trustProxy);
  app.set('query parser', 'simple');

  app.use(requestLog(log, metrics.request));
  app.use(securityHeaders());
  app.use(health.router);
  app.get('/metrics', noStore, authenticate(services.apiKeys), onlyOperators, metrics.handler);
  mountQueueBoard(app, queue, authenticateByPassword(services.apiKeys));

  const routes = managementRoutes(services, urls);
  const management = Router();
  management.use(authenticate(services.apiKeys));
  management.use(fileRouter(services.files));
  management.use(artRouter(services.art, services.files));
  const mounting: MountOptions = {
    once: onceByKey(services.idempotency),
    checkAnswers: settings.environment === 'test',
  };
  mountRoutes(management, routes, mounting);
  app.use('/api/v1', noStore, management);
  const keyed = ['/vc/credentials/issue', '/vc/credentials/status'];
  app.use(keyed, noStore, authenticate(services.apiKeys));
  app.use(vcIssuerRouter(services.vcApi, mounting));
  app.use(allowPreflight);

  const document = buildOpenApi(
    [
      ...routes,
      ...fileOperations,
      ...artOperations,
      ...vcIssuerOperations(services.vcApi),
      ...vcVerifierOperations,
      ...identifierOperations,
    ],
    settings.url,
  );
  // One limit, whether a form or a program asks.
  const limitVerifying = limitPerMinute(settings.verifyLimit);
  app.use(pageRoutes(services, { urls, limitVerifying }));
  app.use(referencePage(document as ApiDocument));
  app.use(openToAll);
  app.use(openApiRouter(document));
  mountPublic(app, { services, urls }, limitVerifying);

  app.use(notFoundHandler);
  app.use(errorPages(log));
  app.use(problemHandler(log));
  return app;
}

/** What anybody may fetch, and have verified. */
function mountPublic(
  app: Express,
  { services, urls }: Pick<Cairn, 'services' | 'urls'>,
  limitVerifying: express.RequestHandler,
) {
  app.use(issuerRouter(services.issuers));
  app.use(learningFrameworkRouter(services.graduateProfiles, urls));
  app.use(achievementRouter(services.publicAchievements));
  app.use(schoolRouter(services.publicSchools, urls));
  app.use(standardRouter(services.publicStandards));
  app.use(credentialRouter(services));
  app.use(evidenceRouter());
  app.use(statusListRouter(services.statusLists));
  app.use(issuanceLogRouter(services.issuanceLog));
  app.use(verifyRouter(services.verification, limitVerifying));
  app.use(vcVerifierRouter(services.vcApi, limitVerifying));
  app.use(identifierRouter(services.resolver, limitVerifying));
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

const onlyOperators: express.RequestHandler = (_request, response, next) => {
  assertCan(actorOf(response), 'metrics.read');
  next();
};

const boardPath = '/admin/queues';

/** Only where there is a queue of several processes to look at; elsewhere nothing is there. */
function mountQueueBoard(app: Express, queue: Cairn['queue'], whoAsks: express.RequestHandler) {
  if (queue.board === undefined) return;
  const router = queueBoardRouter(queue.board.bind(queue, boardPath));
  app.use(boardPath, noStore, whoAsks, onlyOperators, router);
}

/** Pages run no script from elsewhere, are never framed, and tell nobody where the reader came from. */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: { maxAge: 31_536_000 },
  });
}
