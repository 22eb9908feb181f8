import { issuerUnknown } from './issuer.ts';
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
  let unknown = 0;
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
    const problem = findings.find(isProblem);
    if (problem) broken.push(problem.detail);
    else if (findings.some(isUnknown)) unknown += 1;
  }
  const unread = endorsements.length - maxEndorsements;
  if (unread > 0) broken.push(`${unread} were not looked at.`);
  if (broken.length === 0) return describeEndorsements(endorsements.length, unknown);
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
  return nested.length === 0 ? undefined : checkEach(nested, verify);
}

/** One finding about all that are inside. */
export async function checkEach(
  nested: readonly unknown[],
  verify: VerifyContained,
): Promise<Finding> {
  if (nested.length > maxNested) {
    const detail = 'It holds more credentials than are looked at here.';
    return failed(new Problem('nested', 'unverifiable', 'TOO_COMPLEX', detail));
  }
  const problems: Placed[] = [];
  let unknown = 0;
  for (const [index, value] of nested.entries()) {
    const findings = await verifyContained('nested', value, verify);
    const finding = findings.find(isProblem);
    if (finding) problems.push({ place: index + 1, finding });
    if (findings.some(isUnknown)) unknown += 1;
  }
  const [first] = problems;
  if (first) return describeProblems(first, problems, nested.length);
  return describeNested(nested.length, unknown);
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

/** Everybody can make a key and give it the name of somebody else. */
const isUnknown = ({ code }: Finding): boolean => code === issuerUnknown;

function describeNested(count: number, unknown: number): Finding {
  const detail = `All ${count} credentials inside were looked at and hold.`;
  if (unknown === 0) return pass('nested', detail);
  const title = 'Not every issuer inside is known here';
  return warn('nested', issuerUnknown, title, `${detail} ${describeUnknown(unknown)}`);
}

function describeEndorsements(count: number, unknown: number): Finding {
  const detail = `${count} looked at.`;
  if (unknown === 0) return pass('endorsements', detail);
  const title = 'Not every endorser is known here';
  return warn('endorsements', issuerUnknown, title, `${detail} ${describeUnknown(unknown)}`);
}

function describeUnknown(count: number): string {
  return `Who signed ${count} of them is not known here, which does not mean that they are false.`;
}

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
