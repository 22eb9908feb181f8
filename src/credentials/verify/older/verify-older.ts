import { assertReadable } from '../preflight.ts';
import { asProblem, attempt, failed, pass, Problem, skip, warn } from '../problem.ts';
import type { Address } from '../read.ts';
import type { Session } from '../session.ts';
import type { Finding, Json, Secured } from '../types.ts';
import { list } from '../values.ts';
import { assertInForce, dateOf } from '../validity.ts';
import { confirmHosted, inline } from './hosted.ts';
import type { Award } from './parts.ts';
import { isSigned, olderVersion } from './recognize.ts';
import { checkOlderSchema } from './schema.ts';
import { confirmSigned, isListKept } from './signed.ts';

export interface OlderReport {
  readonly findings: readonly Finding[];
  /** What counts: as its issuer shows it, where that was found out. */
  readonly credential: Json;
}

type Held = Secured | Address;

/** Open Badges from before verifiable credentials: 2.0 is checked as it was meant to be, 1.x is only recognized. */
export async function verifyOlderBadge(held: Held, session: Session): Promise<OlderReport> {
  const credential = held.kind === 'address' ? { id: held.url } : held.credential;
  const format = await attempt('format', () => checkKind(held));
  if (format.outcome === 'fail') return { findings: [format], credential };
  const signed = held.kind !== 'address' && isSigned(held.credential);
  try {
    const award = signed ? await confirmToken(held, session) : await confirmHosted(held, session);
    const findings = [format, ...(await checkAward(award, signed, session))];
    return { findings, credential: inline(award) };
  } catch (error) {
    return { findings: [format, ...unconfirmed(asProblem('proof', error), signed)], credential };
  }
}

async function confirmToken(held: Secured, session: Session): Promise<Award> {
  if (held.kind === 'jwt') return confirmSigned(held, session);
  const detail = 'It is a signed badge, but its signature was not handed in.';
  throw new Problem('proof', 'invalid', 'PROOF_MISSING', detail);
}

function checkKind(held: Held): Finding {
  if (held.kind === 'address') {
    const place = `The picture only holds its address, ${held.url.slice(0, 500)}.`;
    return pass('format', `${kind(2)} ${place} ${recipientNote}`);
  }
  const { credential } = held;
  assertReadable(credential);
  if (olderVersion(credential) === 1) {
    const detail = `${kind(1)} Badges of that kind are not checked here. Ask its issuer for it in today’s form.`;
    throw new Problem('format', 'unverifiable', 'OLDER_BADGE_NOT_SUPPORTED', detail);
  }
  // Of a revoked one often only the id is left.
  if (!list(credential.type).includes('Assertion') && credential.revoked !== true) {
    const detail = `${kind(2)} But it describes a badge or its issuer, not that somebody has earned it.`;
    throw new Problem('format', 'invalid', 'NOT_A_CREDENTIAL', detail);
  }
  return pass('format', `${kind(2)} ${recipientNote}`);
}

function kind(version: 1 | 2): string {
  return `This is an older kind of badge (Open Badges ${version === 1 ? '1' : '2.0'}).`;
}

const recipientNote =
  'It names its earner by an e-mail address or a fingerprint of one; that was not compared with anybody.';

async function checkAward(
  award: Award,
  signed: boolean,
  session: Session,
): Promise<readonly Finding[]> {
  const { assertion, issuer } = award;
  const name = typeof issuer.name === 'string' ? issuer.name.slice(0, 200) : 'its issuer';
  const who = `${name} (${issuer.id})`;
  const validity = await attempt('validity', () =>
    assertInForce(
      dateOf('issuedOn', assertion.issuedOn),
      dateOf('expires', assertion.expires),
      session.now,
    ),
  );
  return [
    await attempt('schema', () => checkOlderSchema(award)),
    ...(signed ? signedFindings(who) : hostedFindings(who)),
    validity,
    await attempt('status', () => checkStatus(award, signed, session)),
  ];
}

function signedFindings(who: string): readonly Finding[] {
  return [
    pass('proof', 'It is signed as a token, and the signature holds.'),
    pass('issuer', `Signed with a key of ${who}.`),
  ];
}

function hostedFindings(who: string): readonly Finding[] {
  const proof = hostedProof(
    'Its issuer’s site confirms it today',
    'Its issuer’s site shows it with the same words at this moment, and that is all that this kind of badge ' +
      'can prove: the site could change it, and once the site is gone nothing confirms it any more.',
  );
  const issuer = pass('issuer', `It is kept on the site of ${who}.`);
  return [proof, { ...issuer, title: 'It is kept on its issuer’s own site' }];
}

/** Good as far as it goes, which is less far than a signature. */
function hostedProof(title: string, detail: string): Finding {
  return warn('proof', 'HOSTED_NOT_SIGNED', title, `It carries no signature. ${detail}`);
}

async function checkStatus(award: Award, signed: boolean, session: Session): Promise<Finding> {
  if (award.assertion.revoked === true) {
    throw new Problem('status', 'revoked', 'REVOKED', 'The issuer has revoked it.');
  }
  if (!signed) return pass('status', 'Its issuer’s site still shows it as awarded.');
  return (await isListKept(award, session))
    ? pass('status', 'The issuer’s list was looked up and does not name it.')
    : skip('status', 'The issuer keeps no list in which it could withdraw it.');
}

/** Words about signatures would mislead where there never was one. */
function unconfirmed(problem: Problem, signed: boolean): readonly Finding[] {
  const finding = failed(problem);
  if (problem.check === 'status') {
    return [
      hostedProof('Its issuer’s site answers for it', 'What it says today stands below.'),
      finding,
    ];
  }
  if (problem.check === 'issuer') {
    return [skip('proof', 'It could not be found out who its issuer is.'), finding];
  }
  const unsure = problem.verdict === 'unverifiable';
  const title = unsure
    ? 'Whether its issuer confirms it could not be found out'
    : 'Its issuer’s site does not confirm it';
  return [
    signed ? finding : { ...finding, title },
    skip('issuer', 'Only what is confirmed can tell who issued it.'),
  ];
}
