import { pipeline } from 'node:stream/promises';
import { Router, type NextFunction, type Request, type RequestHandler } from 'express';
import multer, { type StorageEngine } from 'multer';
import { z } from 'zod';
import { actorOf } from '../../auth/authenticate.ts';
import type { Actor } from '../../domain/roles.ts';
import type { StoredFile } from '../../domain/files.ts';
import type { FileService, StagedFile } from '../../services/files.ts';
import { invalid } from '../../shared/errors.ts';
import { parse } from '../route.ts';
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

export function presentFile({ id, name, type, size, sha256 }: Omit<StoredFile, 'organization'>) {
  return { id, name, type, size, sha256 };
}

interface Upload {
  readonly actor: Actor;
  /** Ends the request at once; what the sender still sends is thrown away. */
  readonly refuse: (error: unknown) => void;
}

/** Streams the one part `file` to the file service, which stages it; it is kept only when the whole request is right. */
function receive(files: FileService): RequestHandler {
  const uploads = new WeakMap<object, Upload>();
  const stagedFiles = new WeakMap<object, StagedFile>();
  const upload = multer({
    storage: createEngine(files, uploads, stagedFiles),
    limits: { files: 1, parts: 1, fields: 0, headerPairs: 20 },
    defParamCharset: 'utf8',
  }).single('file');

  return (request, response, next) => {
    const finish = once(request, next);
    uploads.set(request, { actor: actorOf(response), refuse: finish });
    upload(request, response, (error: unknown) => {
      // What the service refuses has ended the request already; the rest is about the form itself.
      if (error !== undefined && error !== null) {
        finish(notOneFile());
        return;
      }
      response.locals.staged = request.file && stagedFiles.get(request.file.stream);
      finish();
    });
  };
}

function createEngine(
  files: FileService,
  uploads: WeakMap<object, Upload>,
  stagedFiles: WeakMap<object, StagedFile>,
): StorageEngine {
  return {
    _handleFile: (request, { originalname, stream }, done) => {
      const upload = uploads.get(request);
      if (upload === undefined) throw new Error('an upload without its request');
      files.stage(upload.actor, { name: originalname, content: stream }).then(
        (staged) => {
          stagedFiles.set(stream, staged);
          done(null, { stream });
        },
        (error: unknown) => {
          upload.refuse(error);
          done(error);
        },
      );
    },
    _removeFile: (_request, { stream }, done) => {
      const staged = stagedFiles.get(stream);
      if (staged === undefined) done(null);
      else
        files.discard(staged).then(() => {
          done(null);
        }, done);
    },
  };
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

function notOneFile() {
  return invalid(
    'file.not_one_part',
    'Send exactly one file as multipart/form-data, in a part named “file”.',
  );
}
