import type { AchievementVersion } from '../../domain/achievements.ts';
import { getEvidenceOf } from '../../domain/reviews.ts';
import type { Scope } from '../../domain/roles.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { AchievementVersions } from '../awards/awards.ts';

/** Work to judge without who made it or what others found: titles and file names, which often name people, are left out. */
export interface AnonymousWork {
  readonly version: AchievementVersion;
  readonly evidence: readonly {
    readonly narrative?: string;
    readonly url?: string;
    readonly file?: { readonly id: string; readonly type: string; readonly size: number };
  }[];
}

export interface WorkPlace {
  readonly submission?: string;
  readonly round: number;
  readonly achievement: string;
  readonly version: number;
}

export interface WorkSource {
  readonly submissions: Pick<SubmissionStore, 'find'>;
  readonly versions: AchievementVersions;
}

/** Undefined where the work is gone. */
export async function findAnonymousWork(
  { submissions, versions }: WorkSource,
  scope: Scope,
  { submission: id, round, achievement, version: number }: WorkPlace,
): Promise<AnonymousWork | undefined> {
  const [submission, version] = await Promise.all([
    id === undefined ? undefined : submissions.find(scope, id),
    versions.findVersion(scope, achievement, number),
  ]);
  if (submission === undefined || version === undefined) return undefined;
  return { version, evidence: getEvidenceOf(submission, round).map(withoutNames) };
}

function withoutNames({ narrative, url, file }: Evidence) {
  return {
    ...(narrative === undefined ? {} : { narrative }),
    ...(url === undefined ? {} : { url }),
    ...(file === undefined ? {} : { file: { id: file.blob, type: file.type, size: file.size } }),
  };
}
