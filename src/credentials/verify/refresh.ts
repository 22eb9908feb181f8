import { isProved } from './problem.ts';
import { readCredential } from './read.ts';
import type { Session } from './session.ts';
import type { Finding, Json, Secured } from './types.ts';
import { idOf, isObject, list, parseTimestamp, typesOf } from './values.ts';

export interface Checked {
  readonly secured: Secured;
  readonly findings: readonly Finding[];
}

/**
 * Open Badges 3.0 §9.1 (3): where its issuer keeps a newer version of a credential, that one counts. Asked once, only
 * when the signature holds (so nobody but the issuer chose the address), and for nothing that stands inside of another.
 * Whatever goes wrong, the one that was handed in counts as before, and that is told.
 */
export async function refresh(
  checked: Checked,
  session: Session,
  check: (newer: Secured) => Promise<readonly Finding[]>,
): Promise<Checked> {
  const { credential } = checked.secured;
  const service = list(credential.refreshService)
    .filter(isObject)
    .find((each) => typesOf(each).includes('1EdTechCredentialRefresh'));
  if (service === undefined) return checked;
  const newer = await loadNewer(idOf(service), credential, session).catch(() => undefined);
  if (newer === 'unchanged') return checked;
  const findings = newer === undefined ? [] : await check(newer);
  if (newer === undefined || !replaces(findings))
    return { ...checked, findings: unrefreshed(checked) };
  return {
    secured: newer,
    findings: noted(findings, 'Its issuer has a newer version, and that one was looked at.'),
  };
}

async function loadNewer(
  url: string | undefined,
  credential: Json,
  session: Session,
): Promise<Secured | 'unchanged' | undefined> {
  const found = await session.load(url ?? '');
  const newer = readCredential(isObject(found) || typeof found === 'string' ? found : '');
  if (!isSame(newer.credential, credential)) return undefined;
  const [before, after] = [startOf(credential), startOf(newer.credential)];
  if (before === undefined || after === undefined || after < before) return undefined;
  return after > before ? newer : 'unchanged';
}

/** Open Badges 3.0, equality and comparison. Between two of the same, the later date tells which is newer. */
function isSame(newer: Json, credential: Json): boolean {
  const { id, issuer } = credential;
  return id !== undefined && newer.id === id && idOf(newer.issuer) === idOf(issuer);
}

function startOf({ validFrom, issuanceDate }: Json): number | undefined {
  return parseTimestamp(validFrom ?? issuanceDate);
}

/** An end in its newer version is what its issuer wants known; a beginning in the future is not yet. */
function replaces(findings: readonly Finding[]): boolean {
  return (
    isProved(findings) && findings.every(({ verdict }) => (verdict ?? 'expired') === 'expired')
  );
}

function unrefreshed({ findings }: Checked): readonly Finding[] {
  return noted(
    findings,
    'Its issuer names an address for newer versions, but none could be had from there; this one was looked at.',
  );
}

function noted(findings: readonly Finding[], note: string): readonly Finding[] {
  return findings.map((finding) =>
    finding.id === 'validity' ? { ...finding, detail: `${finding.detail} ${note}` } : finding,
  );
}
