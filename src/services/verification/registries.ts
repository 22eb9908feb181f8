import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseRegistry, type Registry } from '../../domain/registries.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { SafeFetch } from '../../shared/safe-fetch.ts';

/** How long a registry counts as read, and how long one that could not be read is left alone. */
const freshMs = 3_600_000;
const retryMs = 60_000;
const maxBytes = 5_000_000;
/** Somebody waits for a verification meanwhile. */
const timeoutMs = 1_500;

interface Listing {
  readonly registry: string;
  readonly name?: string;
}

/** A registry as it was read last, and why it could not be read since. */
interface Copy {
  readonly registry?: Registry;
  readonly problem?: string;
  readonly until: number;
}

interface Source {
  readonly name: string;
  readonly address: string;
  readonly copy: Copy;
}

export type RegistryService = ReturnType<typeof createRegistryService>;

/**
 * The registries of issuers that the installation was told to trust: files or web addresses. One that cannot be read
 * is reported and never in the way; what was read from it before stays.
 */
export function createRegistryService({
  sources,
  fetch,
  log,
  now,
}: {
  sources: readonly string[];
  fetch: SafeFetch;
  log: Log;
  now: Clock;
}) {
  const copies = new Map<string, Promise<Copy>>();

  return { find, report };

  /** Which registries list this id, and which could not say. */
  async function find(
    id: string,
  ): Promise<{ listings: readonly Listing[]; unread: readonly string[] }> {
    const all = await readAll();
    return {
      listings: all.flatMap(({ name, copy }) => {
        const entries = copy.registry?.entries;
        if (entries?.has(id) !== true) return [];
        const listedAs = entries.get(id);
        return [{ registry: name, ...(listedAs !== undefined && { name: listedAs }) }];
      }),
      unread: all.filter(({ copy }) => copy.registry === undefined).map(({ name }) => name),
    };
  }

  /** One row per registry, for whoever runs the installation. */
  async function report() {
    const all = await readAll();
    return all.map(({ name, address, copy: { registry, problem } }) => ({
      name,
      address,
      issuers: registry?.entries.size ?? 0,
      ignored: registry?.ignored ?? [],
      ...(problem !== undefined && { problem }),
    }));
  }

  async function readAll(): Promise<readonly Source[]> {
    const named = await Promise.all(sources.map((address) => readOne(address)));
    const links = named.flatMap(({ copy }) => copy.registry?.links ?? []);
    return [
      ...named,
      ...(await Promise.all(links.map(({ url, name }) => readOne(url, name, true)))),
    ];
  }

  async function readOne(address: string, given?: string, linked = false): Promise<Source> {
    const copy = await current(address, linked);
    return { name: given ?? copy.registry?.name ?? nameOf(address), address, copy };
  }

  /** Whoever asks while it is being read waits for the same reading. */
  async function current(address: string, linked: boolean): Promise<Copy> {
    const before = copies.get(address);
    const known = await before;
    if (known !== undefined && known.until > now().getTime()) return known;
    const latest = copies.get(address);
    if (latest !== undefined && latest !== before) return latest;
    const reading = refresh(address, linked, known);
    copies.set(address, reading);
    return reading;
  }

  async function refresh(address: string, linked: boolean, known: Copy | undefined): Promise<Copy> {
    try {
      const registry = parseRegistry(
        await (isWeb(address) ? download(address) : open(address, linked)),
      );
      return { registry, until: now().getTime() + freshMs };
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'It cannot be read.';
      log.warn({ event: 'registry.unread', address, problem }, 'a registry could not be read');
      const until = now().getTime() + retryMs;
      return { ...(known?.registry && { registry: known.registry }), problem, until };
    }
  }

  async function download(url: string): Promise<string> {
    const accept = 'application/json, text/plain;q=0.9';
    const { status, bytes } = await fetch(url, { accept, maxBytes, timeoutMs });
    if (status !== 200) throw invalid('registry.unread', `The address answered with ${status}.`);
    return Buffer.from(bytes).toString();
  }
}

/** What a list on the web names is looked up on the web, never on this machine. */
async function open(path: string, linked: boolean): Promise<string> {
  if (linked) throw invalid('registry.unread', 'A list of registries can only name web addresses.');
  const { size } = await stat(path).catch(() => {
    throw invalid('registry.unread', 'There is no such file.');
  });
  if (size > maxBytes) throw invalid('registry.unread', 'The file is larger than any registry.');
  return readFile(path, 'utf8');
}

function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

function nameOf(address: string): string {
  if (!isWeb(address)) return basename(address);
  const { host, pathname } = new URL(address);
  return host + pathname;
}
