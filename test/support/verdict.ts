import { jest } from '@jest/globals';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { createIssuer } from './issuer.ts';
import type { Json } from './json-places.ts';
import { createWorld } from './world.ts';

// Signatures take their time on a busy machine.
jest.setTimeout(60_000);

/** Two issuers with did:web, and a verifier on one fixed day. */
export const issuer = createIssuer();
export const other = createIssuer('other.example');
export const now = '2026-12-01T00:00:00Z';

/** Both issuers' documents, and the list of the first, in which these entries are set. */
export async function world(set: readonly number[] = [], more: Json = {}) {
  return createWorld(
    {
      [issuer.documentUrl]: issuer.document,
      [other.documentUrl]: other.document,
      [issuer.listUrl]: await issuer.sign(issuer.statusList(set)),
      ...more,
    },
    { now },
  );
}

/** The outcome, and the code of the first check that failed. */
export async function verdict(
  input: object | string,
  where?: ReturnType<typeof createWorld>,
): Promise<string> {
  return verdictOf(await (where ?? (await world())).verify(input));
}

export function verdictOf({ outcome, checks }: VerificationResult): string {
  const { code } = checks.find((check) => check.outcome === 'fail') ?? {};
  return code === undefined ? outcome : `${outcome} ${code}`;
}
