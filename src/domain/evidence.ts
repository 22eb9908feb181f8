import { invalid, ServiceError, type Issue } from '../shared/errors.ts';
import type { AchievementVersion } from './achievements.ts';
import type { StoredFile } from './files.ts';

/** A file that a learner handed in; its bytes lie in the blob store under `blob`. */
export interface EvidenceFile {
  readonly blob: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
}

export interface Evidence {
  readonly id: string;
  readonly name: string;
  readonly narrative?: string;
  readonly url?: string;
  readonly file?: EvidenceFile;
}

export const evidenceLimits = { items: 20, narrativeBytes: 16_384 } as const;

export function buildEvidence(
  id: string,
  written: {
    readonly name: string;
    readonly narrative?: string | undefined;
    readonly url?: string | undefined;
  },
  file?: StoredFile,
): Evidence {
  const { name, narrative, url } = written;
  return {
    id,
    name,
    ...(narrative === undefined ? {} : { narrative }),
    ...(url === undefined ? {} : { url }),
    ...(file === undefined ? {} : { file: toEvidenceFile(file) }),
  };
}

function toEvidenceFile({ id, name, type, size, sha256 }: StoredFile): EvidenceFile {
  return { blob: id, name, type, size, sha256 };
}

export function assertEvidence(evidence: readonly Evidence[]): void {
  const issues: Issue[] = [];
  if (evidence.length > evidenceLimits.items) {
    issues.push({
      path: 'evidence',
      message: `must have at most ${evidenceLimits.items} items`,
    });
  }
  for (const [index, { narrative = '', url, file }] of evidence.entries()) {
    const path = `evidence.${index}`;
    if (narrative === '' && url === undefined && file === undefined) {
      issues.push({ path, message: 'must have a text, a web address or a file' });
    }
    if (Buffer.byteLength(narrative) > evidenceLimits.narrativeBytes) {
      issues.push({ path: `${path}.narrative`, message: 'must have at most 16 kB' });
    }
  }
  if (issues.length === 0) return;
  throw invalid('submission.bad_evidence', 'The evidence is not right yet.', issues);
}

export function assertEnoughEvidence(
  evidence: readonly Evidence[],
  versions: readonly Pick<AchievementVersion, 'name' | 'evidencePolicy'>[],
): void {
  const issues = versions
    .filter(({ evidencePolicy }) => evidence.length < evidencePolicy.minItems)
    .map(({ name, evidencePolicy }) => ({
      path: 'evidence',
      message: `must have at least ${evidencePolicy.minItems} items for ${name}`,
    }));
  if (issues.length === 0) return;
  const message = 'There is not enough evidence yet to hand this in.';
  throw new ServiceError('unprocessable', 'submission.too_little_evidence', message, { issues });
}
