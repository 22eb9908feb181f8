import { issuerUnconfirmed } from './issuer.ts';
import { asProblem, failed, pass, Problem, warn } from './problem.ts';
import { readCredential } from './read.ts';
import type { CheckId, Finding, Json, Secured } from './types.ts';
import { idOf, isObject, list } from './values.ts';

/** Verifies a credential that stands inside of another one. */
export type VerifyContained = (contained: Secured) => Promise<readonly Finding[]>;

const maxEndorsements = 20;
const maxNested = 200;

interface Endorsement {
  readonly value: unknown;
  /** The id of what carries it: that is what it has to speak about. */
  readonly about: string | undefined;
}

/**
 * Open Badges 3.0 §9.1 (6): what others say about the badge, its achievement or its issuer. A false
 * endorsement takes nothing away from the badge, so it is a warning. Undefined when there is none.
 */
export async function checkEndorsements(
  credential: Json,
  verify: VerifyContained,
): Promise<Finding | undefined> {
  const endorsements = findEndorsements(credential);
  if (endorsements.length === 0) return undefined;
  const broken: string[] = [];
  for (const { value, about } of endorsements.slice(0, maxEndorsements)) {
    const findings = await verifyContained('endorsements', value, (contained) => {
      if (idOf(contained.credential.credentialSubject) === about) return verify(contained);
      throw new Problem(
        'endorsements',
        'invalid',
        'ENDORSEMENT_MISPLACED',
        'It is about something else.',
      );
    });
    const problem = findings.find((finding) => isProblem(finding) || isUnconfirmed(finding));
    if (problem) broken.push(problem.detail);
  }
  const unread = endorsements.length - maxEndorsements;
  if (unread > 0) broken.push(`${unread} were not looked at.`);
  if (broken.length === 0) return pass('endorsements', `${endorsements.length} looked at.`);
  const detail = `Of ${endorsements.length}, do not rely on ${broken.length}: ${broken.slice(0, 3).join(' ')}`;
  return warn('endorsements', 'ENDORSEMENT_NOT_VERIFIED', 'Not every endorsement holds', detail);
}

function findEndorsements(credential: Json): readonly Endorsement[] {
  const subjects = list(credential.credentialSubject).filter(isObject);
  const achievements = subjects.map(({ achievement }) => achievement).filter(isObject);
  const creators = achievements.map(({ creator }) => creator);
  return [credential, credential.issuer, ...achievements, ...creators]
    .filter(isObject)
    .flatMap((holder) =>
      [...list(holder.endorsement), ...list(holder.endorsementJwt)].map((value) => ({
        value,
        about: idOf(holder),
      })),
    );
}

/** CLR 2.0: a transcript is as good as the credentials in it. Undefined when it holds none. */
export async function checkNested(
  credential: Json,
  verify: VerifyContained,
): Promise<Finding | undefined> {
  const nested = list(credential.credentialSubject)
    .filter(isObject)
    .flatMap((subject) => list(subject.verifiableCredential));
  if (nested.length === 0) return undefined;
  if (nested.length > maxNested) {
    const detail = 'It holds more credentials than are looked at here.';
    return failed(new Problem('nested', 'unverifiable', 'TOO_COMPLEX', detail));
  }
  const problems: Placed[] = [];
  let unconfirmed: Finding | undefined;
  for (const [index, value] of nested.entries()) {
    const findings = await verifyContained('nested', value, verify);
    const finding = findings.find(isProblem);
    if (finding) problems.push({ place: index + 1, finding });
    unconfirmed ??= findings.find(isUnconfirmed);
  }
  const [first] = problems;
  if (first) return describeProblems(first, problems, nested.length);
  if (unconfirmed) return warn('nested', issuerUnconfirmed, unconfirmed.title, unconfirmed.detail);
  return pass('nested', `All ${nested.length} credentials inside were looked at and hold.`);
}

interface Placed {
  readonly place: number;
  readonly finding: Finding;
}

function describeProblems(first: Placed, problems: readonly Placed[], all: number): Finding {
  const { place, finding } = problems.find((each) => each.finding.verdict === 'invalid') ?? first;
  const detail = `${problems.length} of ${all} do not. Number ${place}: ${finding.title}. ${finding.detail}`;
  return failed(
    new Problem('nested', finding.verdict ?? 'invalid', finding.code ?? 'INVALID', detail),
  );
}

const isProblem = ({ verdict }: Finding): boolean => verdict !== undefined;

/** Everybody can name a key of their own beside the address of somebody else. */
const isUnconfirmed = ({ code }: Finding): boolean => code === issuerUnconfirmed;

async function verifyContained(
  id: CheckId,
  value: unknown,
  verify: VerifyContained,
): Promise<readonly Finding[]> {
  try {
    return await verify(readCredential(isObject(value) || typeof value === 'string' ? value : ''));
  } catch (error) {
    return [failed(asProblem(id, error))];
  }
}
