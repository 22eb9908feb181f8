import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Response } from 'express';
import { z } from 'zod';
import { actorOf } from '../../auth/authenticate.ts';
import { artStates, type Art } from '../../domain/art.ts';
import type { ArtService } from '../../services/curriculum/art.ts';
import type { FileService, StagedFile } from '../../services/submissions/files.ts';
import { parse, route, type Operation, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';
import { notOneFile, receive } from './files.ts';

const artSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    achievement: idSchema,
    width: z.number().int(),
    height: z.number().int(),
    state: z.enum(artStates),
    decidedBy: z.string().optional(),
    decidedAt: timestampSchema.optional(),
    reason: z.string().optional(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Art', description: 'A picture of the learner’s own for their chart; never signed' });

const placeParams = z.strictObject({ id: idSchema, achievement: idSchema });
const tag = 'art';

/** What the OpenAPI document says of the calls below that take or give bytes. */
export const artOperations: readonly Operation[] = [
  {
    method: 'put',
    path: '/learners/:id/art/:achievement',
    tag,
    summary: 'Draw a picture for the own chart (PNG, JPEG or WebP); it waits for somebody’s word',
    params: placeParams,
    body: { upload: 'file' },
    response: artSchema,
    status: 201,
  },
  {
    method: 'get',
    path: '/learners/:id/art/:achievement',
    tag,
    summary: 'The picture on the learner’s chart, as PNG',
    params: placeParams,
    download: true,
    status: 200,
  },
  {
    method: 'get',
    path: '/art/:id/picture',
    tag,
    summary: 'One picture, as PNG, also while it waits: for its learner and those who decide',
    params: idParams,
    download: true,
    status: 200,
  },
];

export function artRouter(art: ArtService, files: FileService): Router {
  const router = Router();
  router.put('/learners/:id/art/:achievement', receive(files), async (request, response) => {
    const staged = response.locals.staged as StagedFile | undefined;
    if (staged === undefined) throw notOneFile();
    const { id: learner, achievement } = readPlace(request.params);
    const drawn = await art.put(actorOf(response), { learner, achievement }, staged);
    response.status(201).json(present(drawn));
  });
  router.get('/learners/:id/art/:achievement', async (request, response) => {
    const { id, achievement } = readPlace(request.params);
    await send(response, await art.readShown(actorOf(response), id, achievement));
  });
  router.get('/art/:id/picture', async (request, response) => {
    const id = parse('request.invalid_address', idParams, request.params)?.id ?? '';
    await send(response, await art.readPicture(actorOf(response), id));
  });
  return router;
}

function readPlace(params: unknown): z.infer<typeof placeParams> {
  const nothing = { id: '', achievement: '' };
  return parse('request.invalid_address', placeParams, params) ?? nothing;
}

async function send(response: Response, picture: Readable): Promise<void> {
  response.set({ 'Content-Type': 'image/png', 'X-Content-Type-Options': 'nosniff' });
  await pipeline(picture, response);
}

export function artRoutes(art: ArtService): readonly Route[] {
  const one = { tag, params: idParams, response: artSchema, status: 200 };
  return [
    route({
      method: 'get',
      path: '/art',
      tag,
      summary: 'Pictures of learners, newest first, for example those that wait',
      query: z.strictObject({ ...pageQuery, state: z.enum(artStates).optional() }),
      response: pageOf(artSchema),
      status: 200,
      handle: async ({ actor, query: { state, ...page } }) => {
        const { items, ...rest } = await art.listWaiting(actor, { state }, page);
        return { body: { items: items.map(present), ...rest } };
      },
    }),
    route({
      ...one,
      method: 'get',
      path: '/learners/:id/art',
      summary: 'A learner’s pictures: those that are shown, and the own ones',
      response: z.object({ items: z.array(artSchema) }),
      handle: async ({ actor, params }) => ({
        body: { items: (await art.listOf(actor, params.id)).map(present) },
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/art/:id/approve',
      summary: 'Show a picture on its learner’s chart',
      handle: async ({ actor, params }) => ({ body: present(await art.approve(actor, params.id)) }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/art/:id/decline',
      summary: 'Do not show a picture, and say why; it is deleted',
      body: z.strictObject({ reason: textSchema(2_000) }),
      handle: async ({ actor, params, body }) => ({
        body: present(await art.decline(actor, params.id, body.reason)),
      }),
    }),
  ];
}

function present({ organization: _organization, blob: _blob, ...rest }: Art) {
  return rest;
}
