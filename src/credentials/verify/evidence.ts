import { createHash } from 'node:crypto';
import { parseDigestMultibase, parseDigestSri, type ContentDigest } from '../content-digest.ts';
import { warn } from './problem.ts';
import type { Session } from './session.ts';
import type { Finding, Json } from './types.ts';
import { idOf, isObject, list } from './values.ts';

/** Of more the rest is not looked at. */
const maxLooked = 10;

/** Something that a credential refers to, with what it hashed to when it was signed. */
interface Claim {
  readonly url: string;
  /** Of each group one has to fit. */
  readonly digests: readonly (readonly ContentDigest[])[];
}

type State = 'same' | 'changed' | 'unseen' | 'unknown';

/** What is there now; undefined for algorithms by which it cannot be told. */
type HashOf = (algorithm: ContentDigest['algorithm']) => string | undefined;

/**
 * VCDM 2.0 §5.3, integrity of related resources: is evidence still what it was when the badge was signed? The badge says
 * what it says either way, so this never fails. Asked last, and only when its issuer chose the addresses.
 */
export async function checkEvidence(
  credential: Json,
  findings: readonly Finding[],
  session: Session,
): Promise<readonly Finding[]> {
  const place = findings.findIndex(({ id }) => id === 'proof');
  const proof = findings[place];
  const all = findClaims(credential);
  if (all.length === 0 || proof === undefined || !isIssuers(findings)) return findings;
  const claims = all.slice(0, maxLooked);
  const states = await Promise.all(claims.map((claim) => look(claim, credential, session)));
  const detail = `${proof.detail} ${describe(states, all.length - claims.length)}`;
  const changed = claims.filter((_claim, index) => states[index] === 'changed');
  return findings.toSpliced(place, 1, { ...proof, detail }, ...describeChanged(changed));
}

/** Whether the issuer signed it, so that nobody else chose what is asked for. */
function isIssuers(findings: readonly Finding[]): boolean {
  return findings.some(
    ({ id, outcome }) => id === 'issuer' && (outcome === 'pass' || outcome === 'warn'),
  );
}

function findClaims({ evidence, relatedResource }: Json): readonly Claim[] {
  return [...list(evidence), ...list(relatedResource)]
    .filter(isObject)
    .filter(({ digestMultibase, digestSRI }) => (digestMultibase ?? digestSRI) !== undefined)
    .map((node) => ({
      url: idOf(node) ?? '',
      digests: [
        ...texts(node.digestMultibase).map((text) => [parseDigestMultibase(text)].flatMap(known)),
        ...texts(node.digestSRI).map(parseDigestSri),
      ].filter((group) => group.length > 0),
    }));
}

const texts = (value: unknown): readonly string[] =>
  list(value).filter((text) => typeof text === 'string');
const known = (digest: ContentDigest | undefined) => (digest === undefined ? [] : [digest]);

async function look(claim: Claim, credential: Json, session: Session): Promise<State> {
  if (claim.digests.length === 0) return 'unknown';
  try {
    return (await compareOwn(claim, credential, session)) ?? (await compareFound(claim, session));
  } catch {
    return 'unseen';
  }
}

/** A file that is kept here: its bytes stay where they are. */
async function compareOwn({ url, digests }: Claim, { id, issuer }: Json, session: Session) {
  const of = { credential: String(id), issuer: idOf(issuer) ?? '' };
  const own = await session.findDigest?.(url, of);
  if (own === undefined) return undefined;
  const { sha256 } = own;
  if (sha256 === undefined) return 'unseen';
  return compare(digests, (algorithm) => (algorithm === 'sha256' ? sha256 : undefined));
}

async function compareFound({ url, digests }: Claim, session: Session): Promise<State> {
  if (/^data:/i.test(url)) return compare(digests, hashOf(decodeDataUrl(url)));
  const found = await session.loadBytes(url);
  if (found.status !== 200) return 'unseen';
  const state = compare(digests, hashOf(found.bytes));
  // Whoever is not let in is often led to another site, to log in.
  const isElsewhere = new URL(found.url).origin !== new URL(url).origin;
  return state === 'changed' && isElsewhere ? 'unseen' : state;
}

function hashOf(bytes: Uint8Array): HashOf {
  return (algorithm) => createHash(algorithm).update(bytes).digest('hex');
}

/** RFC 2397 */
function decodeDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',');
  if (comma === -1) throw new Error('no data');
  const data = url
    .slice(comma + 1)
    .replace(/%([\da-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const isBase64 = /;\s*base64$/i.test(url.slice(0, comma));
  return Buffer.from(data, isBase64 ? 'base64' : 'latin1');
}

function compare(digests: Claim['digests'], find: HashOf): State {
  const fits = digests.flatMap((group) => {
    const comparable = group.filter(({ algorithm }) => find(algorithm) !== undefined);
    if (comparable.length === 0) return [];
    return [comparable.some(({ algorithm, hex }) => find(algorithm) === hex)];
  });
  if (fits.length === 0) return 'unknown';
  return fits.includes(false) ? 'changed' : 'same';
}

const words: Readonly<Record<State, string>> = {
  same: 'unchanged',
  changed: 'changed',
  unseen: 'could not be looked at from here',
  unknown: 'marked in a way that is not known here',
};

function describe(states: readonly State[], left: number): string {
  const counted = (Object.keys(words) as State[]).flatMap((state) => {
    const count = states.filter((each) => each === state).length;
    return count === 0 ? [] : [`${count} ${words[state]}`];
  });
  const parts = [...counted, ...(left > 0 ? [`${left} not looked at`] : [])];
  return `What it refers to was compared with what it was then: ${parts.join(', ')}.`;
}

function describeChanged(changed: readonly Claim[]): readonly Finding[] {
  const [first] = changed;
  if (first === undefined) return [];
  const place = first.url.startsWith('data:')
    ? 'inside the badge itself'
    : `at ${first.url.slice(0, 200)}`;
  const more = changed.length > 1 ? ` The same is true of ${changed.length - 1} more.` : '';
  const detail = `The evidence ${place} is no longer what it was when the badge was signed.${more}`;
  return [warn('proof', 'EVIDENCE_CHANGED', 'What it refers to has changed', detail)];
}
