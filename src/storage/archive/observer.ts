import { deserialize } from 'bson';
import { hashRange, splitRange, type LogEntry } from '../../domain/issuance-log.ts';
import type { StoredFile } from '../../domain/files.ts';
import type { Stored } from '../document.ts';
import type { Manifest } from './manifest.ts';

/** What a manifest says of the documents beyond their digests; learnt while they pass by. */
export function createObserver() {
  const organizations: string[] = [];
  const logs = new Map<string, { size: number; nodes: Map<number, [number, string]> }>();
  const files = new Map<string, string>();

  const seers: Readonly<Record<string, (document: Uint8Array) => void>> = {
    organizations: (document) => {
      organizations.push((deserialize(document) as { _id: string })._id);
    },
    files: (document) => {
      const { _id, sha256 } = deserialize(document) as Stored<StoredFile>;
      files.set(_id, sha256);
    },
    issuanceLog: (document) => {
      seeLogEntry(deserialize(document) as LogEntry);
    },
  };

  /** Of each level the last subtree that was completed: the root is made of no others. */
  function seeLogEntry({ organization, index, nodes }: LogEntry): void {
    const log = logs.get(organization) ?? { size: 0, nodes: new Map<number, [number, string]>() };
    logs.set(organization, log);
    log.size = Math.max(log.size, index + 1);
    nodes.forEach((hash, level) => {
      if ((log.nodes.get(level)?.[0] ?? -1) < index) log.nodes.set(level, [index, hash]);
    });
  }

  return {
    see: (collection: string, document: Uint8Array) => seers[collection]?.(document),
    /** Whether a record names a file of this id and says other bytes of it. */
    isDamaged: (id: string, sha256: string): boolean => {
      const expected = files.get(id);
      files.delete(id);
      return expected !== undefined && expected !== sha256;
    },
    /** Files that records name and that were not shown to `isDamaged`. */
    missing: (): readonly string[] => [...files.keys()],
    organizations: (): string[] => organizations,
    checkpoints: (): Manifest['checkpoints'] =>
      [...logs].map(([organization, { size, nodes }]) => {
        const isWhole = splitRange({ start: 0, size }).every(
          ({ end, level }) => nodes.get(level)?.[0] === end,
        );
        const root = hashRange({ start: 0, size }, ({ level }) => nodes.get(level)?.[1] ?? '');
        return { organization, size, ...(isWhole && { root }) };
      }),
  };
}
