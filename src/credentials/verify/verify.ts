import { toTimestamp } from '../../shared/clock.ts';
import { checkEndorsements, checkNested } from './contained.ts';
import { checkEvidence } from './evidence.ts';
import { checkFormat } from './format.ts';
import { asProblem, attempt, failed, isProved, skip, type Problem } from './problem.ts';
import { checkPresented } from './presented.ts';
import { checkProof } from './proof.ts';
import { olderVersion } from './older/recognize.ts';
import { verifyOlderBadge } from './older/verify-older.ts';
import { isSignedAsJson } from './proofs/suites.ts';
import { readHeld, type Address } from './read.ts';
import { refresh, type Checked } from './refresh.ts';
import { checkSchema } from './schema.ts';
import { createSession, type Session } from './session.ts';
import { checkStatus } from './status.ts';
import { checkStatusList } from './status-list.ts';
import type {
  Finding,
  Json,
  Outcome,
  Secured,
  DetailedResult,
  VerificationResult,
  VerifyDependencies,
} from './types.ts';
import { checkValidity } from './validity.ts';
import { typesOf } from './values.ts';

export type { DetailedResult, VerificationResult, VerifyDependencies } from './types.ts';

/** From what weighs most to what weighs least. */
const weights = [
  'invalid',
  'revoked',
  'suspended',
  'expired',
  'not_yet_valid',
  'unverifiable',
] as const;

/**
 * Looks at anything that may be a credential: JSON object or text, compact JWS, PNG or SVG with a badge in it,
 * enveloped credential. Answers with what was found; a bad credential is an answer, never an exception.
 */
export async function verifyCredential(
  input: string | Uint8Array | object,
  dependencies: VerifyDependencies,
): Promise<DetailedResult> {
  const session = createSession(dependencies);
  let held: Secured | Address;
  try {
    held = readHeld(input);
  } catch (error) {
    return unfinished(asProblem('format', error), session.now);
  }
  const { findings, credential } = await checkHeld(held, session);
  return {
    ...toResult(findings, session.now),
    ...(isDeeperThan(maxShownDepth, credential) ? {} : { credential }),
  };
}

interface Report {
  readonly findings: readonly Finding[];
  readonly credential: Json;
}

async function checkHeld(held: Secured | Address, session: Session): Promise<Report> {
  if (held.kind === 'address' || olderVersion(held.credential) !== undefined) {
    return verifyOlderBadge(held, session);
  }
  const { credential } = held;
  if (typesOf(credential).includes('VerifiablePresentation')) {
    const verify = (contained: Secured) => checkAll(contained, session, 1);
    return { credential, findings: await checkPresented(held, session, verify) };
  }
  const handed = { secured: held, findings: await checkHanded(held, session) };
  const newest = isProved(handed.findings)
    ? await refresh(handed, session, (newer) => checkCore(newer, session))
    : handed;
  const { credential: shown } = newest.secured;
  const findings = await checkRest(newest, session, 0);
  return { credential: shown, findings: await checkEvidence(shown, findings, session) };
}

/** A status list is only worth unpacking here when it is itself in question. */
async function checkHanded(secured: Secured, session: Session): Promise<readonly Finding[]> {
  const findings = await checkCore(secured, session);
  const { credential } = secured;
  if (!typesOf(credential).includes('BitstringStatusListCredential')) return findings;
  const list = await attempt('schema', () => checkStatusList(credential));
  return findings.map((finding) =>
    finding.id === 'schema' && finding.outcome === 'skip' ? list : finding,
  );
}

/** Deeper than anything that passes, and shallow enough to be handed on and written out. */
const maxShownDepth = 100;

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(depth - 1, member));
}

/** A transcript holds badges, badges hold endorsements: deeper nothing is looked for. */
const maxDepth = 2;

async function checkAll(
  secured: Secured,
  session: Session,
  depth: number,
): Promise<readonly Finding[]> {
  return checkRest({ secured, findings: await checkCore(secured, session) }, session, depth);
}

/** What rests on a signature that holds. */
async function checkRest(
  { secured: { credential }, findings }: Checked,
  session: Session,
  depth: number,
): Promise<readonly Finding[]> {
  if (!isProved(findings))
    return [...findings, skip('status', 'Only what is signed can be looked up.')];
  const status = await attempt('status', () =>
    checkStatus(credential, session, (list) => checkCore(list, session)),
  );
  if (depth === maxDepth) return [...findings, status];
  const verify = (contained: Secured) => checkAll(contained, session, depth + 1);
  const contained = [
    await checkEndorsements(credential, verify),
    await checkNested(credential, verify),
  ].filter((finding) => finding !== undefined);
  return [...findings, status, ...contained];
}

/** What can be said without asking anybody but the issuer. Later checks rest on earlier ones. */
async function checkCore(secured: Secured, session: Session): Promise<readonly Finding[]> {
  const { credential } = secured;
  // Nothing can be hidden from readers of JSON where the JSON itself is signed.
  const signedAsGraph = secured.kind === 'data-integrity' && !isSignedAsJson(credential);
  const format = await attempt('format', () =>
    checkFormat(secured, session.documents, signedAsGraph),
  );
  if (format.outcome === 'fail') return [format];
  const schema = await attempt('schema', () => checkSchema(credential));
  const signature = await checkProof(secured, session);
  const validity = await attempt('validity', () => checkValidity(secured, session.now));
  return [format, schema, ...signature, validity];
}

/** The answer when a problem kept everything else from being looked at. */
export function unfinished(problem: Problem, now: Date): VerificationResult {
  return toResult([failed(problem)], now);
}

function toResult(findings: readonly Finding[], now: Date): DetailedResult {
  const outcome = outcomeOf(findings);
  const proofs = findings.find((finding) => finding.proofs)?.proofs;
  return {
    verified: outcome === 'valid',
    outcome,
    checks: findings.map(({ verdict: _verdict, proofs: _proofs, ...check }) => check),
    verifiedAt: toTimestamp(now),
    ...(proofs && { proofs }),
  };
}

function outcomeOf(findings: readonly Finding[]): Outcome {
  const verdicts = findings.map(({ verdict }) => verdict);
  if (!isProved(findings)) return verdicts.includes('invalid') ? 'invalid' : 'unverifiable';
  return weights.find((weight) => verdicts.includes(weight)) ?? 'valid';
}
