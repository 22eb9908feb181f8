import { z } from 'zod';
import { damaged, newerFormat } from './errors.ts';

/** Rises when an older Cairn could no longer restore the file. */
export const backupFormat = 1;

/** The first entry of an archive: what it takes to read the rest. */
const headSchema = z.object({
  format: z.number().int(),
  cairn: z.string(),
  madeAt: z.iso.datetime(),
});
export type BackupHead = z.output<typeof headSchema>;

const tallySchema = z.object({
  documents: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string(),
});

/** The last entry: what has to be in an archive that is whole. */
const manifestSchema = headSchema.extend({
  organizations: z.array(z.string()),
  collections: z.record(z.string(), tallySchema),
  /** `sha256` is over one line for each file: its id, a space, its SHA-256. */
  files: z.object({
    count: z.number().int(),
    bytes: z.number().int(),
    sha256: z.string(),
    /** Named by a record and not there, or with other bytes than the record says. */
    damaged: z.array(z.string()),
  }),
  /**
   * The issuance log of each organization: whoever kept a later checkpoint knows what is missing. A log with gaps has
   * no root.
   */
  checkpoints: z.array(
    z.object({ organization: z.string(), size: z.number().int(), root: z.string().optional() }),
  ),
  /** Whether the key encryption key is inside. */
  keyEncryptionKey: z.boolean(),
});
export type Manifest = z.output<typeof manifestSchema>;

export function parseHead(text: string): BackupHead {
  const head = parse(headSchema, text);
  if (head.format > backupFormat) throw newerFormat(head.format);
  return head;
}

export const parseManifest = (text: string): Manifest => parse(manifestSchema, text);

function parse<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(error);
  }
}

/** Names of the entries. Documents come in parts, because an entry says its size before its content. */
export const entryNames = {
  head: 'backup.json',
  manifest: 'manifest.json',
  key: 'key-encryption-key',
  documents: (collection: string, part: number) =>
    `collections/${collection}/${String(part).padStart(6, '0')}.bson`,
  file: (id: string) => `files/${id}`,
} as const;

export const documentsEntry = /^collections\/([\w.-]+)\/\d+\.bson$/;
export const fileEntry = /^files\/([0-9a-f-]{36})$/;
