import { toTimestamp } from '../../shared/clock.ts';
import { verifyDataIntegrity, type Proven } from './data-integrity.ts';
import { checkIssuer } from './issuer.ts';
import { asProblem, attempt, failed, pass, skip } from './problem.ts';
import type { Session } from './session.ts';
import { verifyToken } from './token.ts';
import type { Finding, Secured } from './types.ts';

/** The two questions that one signature answers: is it unchanged, and who signed. */
export async function checkProof(
  secured: Secured,
  session: Session,
): Promise<readonly [proof: Finding, issuer: Finding]> {
  try {
    const proven = await prove(secured, session);
    const how = secured.kind === 'jwt' ? 'as a token' : 'with a Data Integrity proof';
    return [
      pass('proof', `It is signed ${how}, and the signature holds.${describeLog(proven)}`),
      await attempt('issuer', () => checkIssuer(secured, proven, session)),
    ];
  } catch (error) {
    const problem = asProblem('proof', error);
    if (problem.check === 'issuer') {
      return [
        skip('proof', 'Without the issuer’s keys the signature cannot be checked.'),
        failed(problem),
      ];
    }
    return [failed(problem), skip('issuer', 'Only a signature that holds can tell who signed.')];
  }
}

function describeLog({ loggedAt }: Proven): string {
  if (loggedAt === undefined) return '';
  return (
    ' The key was reported as stolen later on; the issuance log here took this badge in ' +
    `before that, on ${toTimestamp(loggedAt)}, so it counts.`
  );
}

function prove(secured: Secured, session: Session): Promise<Proven> {
  return secured.kind === 'jwt'
    ? verifyToken(secured, session)
    : verifyDataIntegrity(secured.credential, session);
}
