import { digestDocument } from '../../credentials/digest.ts';
import { readKeyIds } from '../../credentials/sign/issue.ts';
import { parseStatusEntries } from '../../credentials/status/entry.ts';
import type { Outcome } from '../../credentials/verify/types.ts';
import type { Credential } from '../../domain/awards.ts';
import { findPlaceFault, findSignedFault } from '../../domain/invariants.ts';
import type { Scope } from '../../domain/roles.ts';
import { sha256 } from '../../shared/ids.ts';
import type { InvariantStore } from '../../storage/invariants.ts';
import type { SigningKeyService } from '../credentials/signing-keys.ts';
import type { VerificationService } from '../verification/verification.ts';
import { lookTwice, type InvariantId, type Notes } from './notes.ts';

const verifyAtOnce = 6;

interface Dependencies {
  readonly invariants: InvariantStore;
  readonly keys: Pick<SigningKeyService, 'isCompromised'>;
  readonly verification: Pick<VerificationService, 'verify'>;
}

export interface ExamineOptions {
  /** Verify only about so many of the credentials, spread evenly; everything else is always looked at. */
  readonly sample?: number | undefined;
  /** How many of how many credentials were verified. */
  readonly onVerified?: (done: number, total: number) => void;
}

/** I2, I3 and I4: everything that was signed. */
export async function walkCredentials(
  dependencies: Dependencies,
  scopes: readonly Scope[],
  { notes, options }: { notes: Notes; options: ExamineOptions },
) {
  const { invariants } = dependencies;
  let total = 0;
  for (const scope of scopes) total += await invariants.count('credentials', scope);
  const step = Math.max(1, total / (options.sample ?? total));
  let place = 0;
  let chosen = 0;
  for (const scope of scopes) {
    for await (const ids of invariants.eachId('credentials', scope)) {
      const { credentials, faults } = await lookTwice(
        () => compareSigned(dependencies, ids),
        (seen) => seen.faults.length,
      );
      for (const { id, fault } of faults) notes.fault(id, fault);
      notes.count('I2', 'credentials', credentials.length);
      notes.count('I3', 'credentials', credentials.length);
      const sampled = credentials.filter(() => {
        place += 1;
        if (place < chosen * step + 1) return false;
        chosen += 1;
        return true;
      });
      await verifyAll(dependencies, sampled, notes);
      options.onVerified?.(chosen, Math.ceil(total / step));
    }
  }
}

/** Awards, log and reserved places beside what was signed. */
async function compareSigned({ invariants }: Dependencies, ids: readonly string[]) {
  const credentials = await invariants.readCredentials(ids);
  const rows = await invariants.readAwards(credentials.map(({ award }) => award));
  const awards = new Map(rows.map((row) => [row.id, row]));
  const logged = await invariants.readLogged(ids);
  const reserved = new Map(
    (await invariants.readEntries(ids)).map((entry) => [
      `${entry.credential} ${entry.purpose}`,
      entry,
    ]),
  );
  const faults: { id: InvariantId; fault: string }[] = [];
  for (const credential of credentials) {
    const { id, award, jwt } = credential;
    const document = JSON.parse(credential.document) as Record<string, unknown>;
    const digests = { document: digestDocument(document), jwt: sha256(jwt) };
    const found = { award: awards.get(award), logged: logged.get(id) };
    const fault = findSignedFault(credential, digests, found);
    if (fault !== undefined) faults.push({ id: 'I2', fault });
    for (const { purpose, list, index } of parseStatusEntries(document.credentialStatus)) {
      if (purpose !== 'revocation' && purpose !== 'suspension') continue;
      // By its id: what was signed earlier may name an earlier address of this installation.
      const place = { purpose, list: list.split('/').at(-1) ?? '', index } as const;
      const wrong = findPlaceFault(id, place, reserved.get(`${id} ${purpose}`));
      if (wrong !== undefined) faults.push({ id: 'I3', fault: wrong });
    }
  }
  return { credentials, faults };
}

const outcomes = {
  valid: 'valid',
  suspended: 'suspended',
  revoked: 'revoked',
} as const satisfies Record<Credential['state'], Outcome>;

async function verifyAll(
  dependencies: Dependencies,
  credentials: readonly Credential[],
  notes: Notes,
) {
  const waiting = [...credentials];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const credential = next;
      const wrong = await lookTwice(
        () => findUnverified(dependencies, credential),
        (outcome) => (outcome === undefined ? 0 : 1),
      );
      if (wrong === undefined) notes.count('I4', 'verified');
      else if (await isSpoilt(dependencies, credential)) notes.count('I4', 'of a stolen key');
      else notes.fault('I4', `credential ${credential.id} is ${wrong}`);
    }
  };
  await Promise.all(Array.from({ length: verifyAtOnce }, work));
}

/** What somebody else would say of it, when that is not what its state says. */
async function findUnverified(
  { invariants, verification }: Dependencies,
  { id, document, jwt }: Credential,
): Promise<string | undefined> {
  for (const [form, signed] of Object.entries({ document, jwt })) {
    const { outcome, checks } = await verification.verify(signed);
    const state = (await invariants.readStates([id])).get(id)?.state ?? 'valid';
    if (outcome === outcomes[state]) continue;
    const codes = checks.flatMap(({ code }) => (code === undefined ? [] : [code]));
    return `${state}, its ${form} verifies as ${outcome} (${codes.join(', ')})`;
  }
  return undefined;
}

/** Signed with a key that was reported as stolen: it does not have to verify. */
async function isSpoilt({ keys }: Dependencies, credential: Credential): Promise<boolean> {
  const used = readKeyIds(credential);
  return (await keys.isCompromised(used.dataIntegrity)) || keys.isCompromised(used.jwt);
}
