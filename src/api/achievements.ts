import { Router } from 'express';
import { z } from 'zod';
import type { PublicAchievementService } from '../services/achievements/public-achievements.ts';
import { sendPublicJson } from './public.ts';
import { parse } from './route.ts';

const versionParams = z.object({ id: z.string(), number: z.coerce.number().int().min(1).max(1e6) });

/** Published achievements at their own address: what a credential's `achievement.id` leads to, and their pictures. */
export function achievementRouter(achievements: PublicAchievementService): Router {
  const router = Router();

  router.get('/achievements/:id', async (request, response) => {
    sendPublicJson(
      response,
      await achievements.getDocument(request.params.id),
      'application/ld+json',
    );
  });
  router.get('/achievements/:id/versions/:number', async (request, response) => {
    const { id, number } = readVersion(request.params);
    sendPublicJson(response, await achievements.getDocument(id, number), 'application/ld+json');
  });
  router.get('/achievements/:id/versions/:number/image.svg', async (request, response) => {
    const { id, number } = readVersion(request.params);
    response
      .set(imageHeaders)
      .type('image/svg+xml')
      .send(await achievements.getSvg(id, number));
  });
  router.get('/achievements/:id/versions/:number/image.png', async (request, response) => {
    const { id, number } = readVersion(request.params);
    response
      .set(imageHeaders)
      .type('image/png')
      .send(Buffer.from(await achievements.getPng(id, number)));
  });

  return router;
}

function readVersion(params: unknown): { id: string; number: number } {
  return parse('request.invalid_address', versionParams, params) ?? { id: '', number: 0 };
}

/** A version never changes, so neither does its picture. */
const imageHeaders = {
  'Cache-Control': 'public, max-age=86400',
  'Content-Security-Policy':
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
};
