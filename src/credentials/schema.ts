import type { z } from 'zod';
import type { Issue } from '../shared/errors.ts';
import { achievementCredential, achievementCredentialV1 } from './schema/achievements.ts';
import { clrCredential, clrCredentialV1 } from './schema/clr.ts';
import { endorsementCredential, endorsementCredentialV1 } from './schema/endorsements.ts';

function isVersion1(credential: unknown): boolean {
  const { '@context': contexts } = (credential ?? {}) as { '@context'?: unknown };
  return Array.isArray(contexts) && contexts[0] === 'https://www.w3.org/2018/credentials/v1';
}

function issuesOf(schema: z.ZodType, credential: unknown): readonly Issue[] {
  const parsed = schema.safeParse(credential);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}

/** What is wrong with an OB 3.0 AchievementCredential, in its VCDM 2.0 or 1.1 form; empty when nothing is. */
export function checkAchievementCredential(credential: unknown): readonly Issue[] {
  return issuesOf(
    isVersion1(credential) ? achievementCredentialV1 : achievementCredential,
    credential,
  );
}

/** The same for an EndorsementCredential. */
export function checkEndorsementCredential(credential: unknown): readonly Issue[] {
  return issuesOf(
    isVersion1(credential) ? endorsementCredentialV1 : endorsementCredential,
    credential,
  );
}

/** The same for a transcript: a ClrCredential of CLR 2.0. Badges inside have checks of their own. */
export function checkClrCredential(credential: unknown): readonly Issue[] {
  return issuesOf(isVersion1(credential) ? clrCredentialV1 : clrCredential, credential);
}
