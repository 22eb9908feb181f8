import { pipeline } from 'node:stream/promises';
import { Router, type NextFunction, type Request, type RequestHandler } from 'express';
import multer, { type StorageEngine } from 'multer';
import { z } from 'zod';
import { actorOf } from '../../auth/authenticate.ts';
import type { StoredFile } from '../../domain/files.ts';
import type { FileService, StagedFile } from '../../services/submissions/files.ts';
import { invalid, ServiceError } from '../../shared/errors.ts';
import { parse, type Operation } from '../route.ts';
import { idParams, idSchema } from '../schemas.ts';

export const fileSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    type: z.string(),
    size: z.number().int(),
    sha256: z.string(),
  })
  .meta({ id: 'File' });

/** What the OpenAPI document says of the two calls below. */
export const fileOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/files',
    tag: 'submissions',
    summary: 'Upload a file, to be named as evidence',
    body: { upload: 'file' },
    response: fileSchema,
    status: 201,
  },
  {
    method: 'get',
    path: '/files/:id',
    tag: 'submissions',
    summary: 'Download a file',
    params: idParams,
    download: true,
    status: 200,
  },
];

/** Files come in as multipart and go out as bytes, so these two calls stand beside the JSON routes. */
export function fileRouter(files: FileService): Router {
  const router = Router();
  router.post('/files', receive(files), async (_request, response) => {
    const staged = response.locals.staged as StagedFile | undefined;
    if (staged === undefined) throw notOneFile();
    const file = presentFile(await files.add(actorOf(response), staged));
    response.status(201).location(`/api/v1/files/${file.id}`).json(file);
  });
  router.get('/files/:id', async (request, response) => {
    const id = parse('request.invalid_address', idParams, request.params)?.id ?? '';
    const { file, content } = await files.read(actorOf(response), id);
    response.attachment(file.name).set({
      'Content-Type': file.type,
      'Content-Length': String(file.size),
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-cache',
    });
    // Headers are out: a reader who goes away is nobody's error.
    await pipeline(content, response).catch(() => response.destroy());
  });
  return router;
}

type ShownFile = Pick<StoredFile, 'id' | 'name' | 'type' | 'size' | 'sha256'>;

export function presentFile({ id, name, type, size, sha256 }: ShownFile): ShownFile {
  return { id, name, type, size, sha256 };
}

/** Streams the one part `file` to the file service, which stages it; it is kept only when the whole request is right. */
export function receive(files: FileService): RequestHandler {
  return (request, response, next) => {
    const finish = once(request, next);
    let staging: Promise<unknown> = Promise.resolve();
    const storage: StorageEngine = {
      _handleFile: (_request, { originalname, stream }, done) => {
        const coming = files.stage(actorOf(response), { name: originalname, content: stream });
        staging = coming;
        coming.then(
          (staged) => {
            response.locals.staged = staged;
            done(null, {});
          },
          (error: unknown) => {
            if (isOwnFault(error)) finish(error);
            done(error);
          },
        );
      },
      _removeFile: (_request, _file, done) => {
        const staged = response.locals.staged as StagedFile | undefined;
        if (staged === undefined) {
          done(null);
          return;
        }
        response.locals.staged = undefined;
        files.discard(staged).then(() => {
          done(null);
        }, done);
      },
    };
    const limits = { files: 1, parts: 1, fields: 0, headerPairs: 20 };
    const upload = multer({ storage, limits, defParamCharset: 'utf8' }).single('file');
    upload(request, response, (error: unknown) => {
      // The form breaks off when the service refuses what is in it, so its word comes first.
      const problem = error === undefined || error === null ? undefined : notOneFile();
      staging.then(
        () => {
          finish(problem);
        },
        (refusal: unknown) => {
          finish(isOwnFault(refusal) ? refusal : problem);
        },
      );
    });
  };
}

/** What the service says, or the system below it; everything else is about the form. */
function isOwnFault(error: unknown): boolean {
  return error instanceof ServiceError || (error as NodeJS.ErrnoException).errno !== undefined;
}

const lingerMs = 2_000;

/**
 * Answers once. After a refusal the sender has a moment to read it; one that goes on sending is cut off, so that
 * nobody keeps us busy with what we do not take.
 */
function once(request: Request, next: NextFunction): (error?: unknown) => void {
  let done = false;
  return (error) => {
    if (done) return;
    done = true;
    if (error !== undefined && !request.complete) {
      const cut = setTimeout(() => request.socket.destroy(), lingerMs);
      request.once('close', () => {
        clearTimeout(cut);
      });
    }
    next(error);
  };
}

export function notOneFile() {
  return invalid(
    'file.not_one_part',
    'Send exactly one file as multipart/form-data, in a part named “file”.',
  );
}
