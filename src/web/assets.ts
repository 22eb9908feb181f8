import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { Router } from 'express';

const folder = new URL('../../public/', import.meta.url);

interface Asset {
  readonly name: string;
  /** The name with a hash of the content: what an address gives never changes. */
  readonly hashedName: string;
  readonly bytes: Buffer;
}

/** Everything in `public/`, read once: a handful of small files. */
const assets: ReadonlyMap<string, Asset> = new Map(
  readdirSync(folder).map((name) => [name, readAsset(name)]),
);

function readAsset(name: string): Asset {
  const bytes = readFileSync(new URL(name, folder));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const extension = extname(name);
  return {
    name,
    hashedName: `${name.slice(0, -extension.length)}-${hash}${extension}`,
    bytes,
  };
}

/** The address of a file of `public/`. */
export function assetUrl(name: string): string {
  const asset = assets.get(name);
  if (asset === undefined) throw new Error(`there is no public/${name}`);
  return `/assets/${asset.hashedName}`;
}

export function assetRouter(): Router {
  const router = Router();
  for (const { name, hashedName, bytes } of assets.values()) {
    router.get(`/assets/${hashedName}`, (_request, response) => {
      response
        .set('Cache-Control', 'public, max-age=31536000, immutable')
        .type(extname(name))
        .send(bytes);
    });
  }
  return router;
}
