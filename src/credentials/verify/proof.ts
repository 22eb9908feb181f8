import { toTimestamp } from '../../shared/clock.ts';
import { verifyDataIntegrity, type Proven } from './data-integrity.ts';
import { checkIssuer } from './issuer.ts';
import { asProblem, attempt, failed, pass, skip, warn } from './problem.ts';
import type { Session } from './session.ts';
import { verifyToken } from './token.ts';
import type { Finding, Secured } from './types.ts';

/** The two questions that one signature answers: is it unchanged, and who signed. */
export async function checkProof(secured: Secured, session: Session): Promise<readonly Finding[]> {
  try {
    const proven = await prove(secured, session);
    const how = secured.kind === 'jwt' ? 'as a token' : 'with a Data Integrity proof';
    return [
      {
        ...pass('proof', `It is signed ${how}, and the signature holds.${describeLog(proven)}`),
        ...(proven.proofs && { proofs: proven.proofs }),
      },
      ...describeReservations(proven),
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

/** What a reader has to know of a signature although it holds. */
function describeReservations({ isSelection, doubts = [] }: Proven): readonly Finding[] {
  const selection =
    'The holder chose to show only parts of it. Unless the issuer made them obligatory, also ' +
    'a date on which it ends or a list in which it can be withdrawn may have been left out.';
  const others = doubts.map(({ message }) => message).join(' ');
  return [
    ...(isSelection ? [warn('proof', 'PROOF_SELECTION', 'It is an excerpt', selection)] : []),
    ...(doubts.length > 0
      ? [warn('proof', 'PROOF_DOUBTFUL', 'Another signature on it does not hold', others)]
      : []),
  ];
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
