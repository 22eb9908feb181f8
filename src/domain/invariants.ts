import type { Award, Credential } from './awards.ts';
import type { LoggedCredential } from './issuance-log.ts';
import type { CredentialState, StatusEntry, StatusListContent } from './status.ts';
import type { Decision } from './submissions.ts';

// What must be so at every moment, whatever died; each rule says what is wrong, or nothing.

/** A record that is also an outbox; `due`: somebody will look at it again. */
export interface AwardRow extends Pick<Award, 'id' | 'state' | 'issuance'> {
  readonly due: boolean;
}

export interface DecisionRow extends Pick<Decision, 'award' | 'settled'> {
  readonly due: boolean;
}

type Kept = Pick<Credential, 'id' | 'award'>;

/** An approval is an award, or waits to become one. */
export function findApprovalFault(
  { award = '?', settled, due }: DecisionRow,
  isAwarded: boolean,
): string | undefined {
  if (settled === undefined && !due) return `approval of ${award} waits and nobody will look at it`;
  if (settled === 'requested' && !isAwarded) return `approval of ${award} has no award`;
  return undefined;
}

/** An award is its credential, or waits for it, or has failed where staff see it. */
export function findAwardFault(
  { id, issuance, due }: AwardRow,
  credential: Kept | undefined,
): string | undefined {
  if (credential !== undefined && credential.award !== id) {
    return `the credential of award ${id} belongs to another award`;
  }
  if (issuance.state === 'issued' && credential === undefined) {
    return `award ${id} is issued and has no credential`;
  }
  if (issuance.state !== 'issued' && issuance.state !== 'failed' && !due) {
    return `award ${id} is ${issuance.state} and nobody will look at it`;
  }
  return undefined;
}

/** What is signed has an award that means it, and once that is issued the log has exactly these bytes. */
export function findSignedFault(
  { id, award }: Kept,
  digests: Pick<LoggedCredential, 'document' | 'jwt'>,
  found: {
    readonly award: AwardRow | undefined;
    readonly logged: Pick<LoggedCredential, 'document' | 'jwt'> | undefined;
  },
): string | undefined {
  if (found.award?.issuance.credential !== id) return `credential ${id} has no award (${award})`;
  if (found.logged === undefined) {
    return found.award.issuance.state === 'issued'
      ? `credential ${id} is issued and not in the log`
      : undefined;
  }
  const isSame = found.logged.document === digests.document && found.logged.jwt === digests.jwt;
  return isSame ? undefined : `credential ${id} is not the one in the log`;
}

/** The places that a credential names are its own. */
export function findPlaceFault(
  credential: string,
  signed: Pick<StatusEntry, 'purpose' | 'list' | 'index'>,
  reserved: StatusEntry | undefined,
): string | undefined {
  const { purpose, list, index } = signed;
  if (reserved?.list === list && reserved.index === index) return undefined;
  return `credential ${credential} names place ${index} on ${list}, which is not its place for ${purpose}`;
}

/** A bit, the credential that it is about and its award say the same, unless these are still to be told. */
export function findBitFault(
  { credential, index, purpose }: StatusEntry,
  list: Pick<StatusListContent, 'changes'> & { readonly bits: ReadonlySet<number> },
  told: { readonly credential: CredentialState; readonly award: Award['state'] | undefined },
): string | undefined {
  if (list.changes.some((change) => change.credential === credential)) return undefined;
  const isSet = list.bits.has(index);
  const says = `its bit for ${purpose} is ${isSet ? 'set' : 'not set'}`;
  const isRevoked = told.credential === 'revoked';
  if (purpose === 'suspension') {
    if (isRevoked || isSet === (told.credential === 'suspended')) return undefined;
    return `credential ${credential} is ${told.credential} and ${says}`;
  }
  if (isSet !== isRevoked) return `credential ${credential} is ${told.credential} and ${says}`;
  if (isSet === (told.award === 'revoked')) return undefined;
  return `the award of credential ${credential} is ${told.award ?? 'gone'} and ${says}`;
}

/** Whose credential is not there was not issued yet, or was erased and counts as revoked. */
export function findAbsentFault(
  { credential, index, list, purpose }: StatusEntry,
  { isSet, isErased }: { isSet: boolean; isErased: boolean },
): string | undefined {
  if (isErased)
    return isSet || purpose === 'suspension'
      ? undefined
      : `credential ${credential} was erased and is not revoked`;
  return isSet ? `bit ${index} of ${list} is set, and its credential is not there` : undefined;
}
