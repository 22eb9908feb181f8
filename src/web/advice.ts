import type { Check } from './outcomes.ts';

// What a person can do about a check that did not pass. Nothing here needs to know what a signature is.

const original =
  'Ask for the file as it was downloaded from the school, or for the link to the badge.';
const fromEarner =
  'Ask the earner for the original file or link. If that gives the same, ask the issuer.';
const issuerRepairs =
  'Tell the issuer: only they can put this right, and a new badge from them will do.';
const otherAddress =
  'Ask the issuer, by an address that you know to be theirs, whether they issued it.';
const later = 'Try again in a few minutes. If it stays like this, ask the issuer.';
const elsewhere =
  'That says nothing against it: another verifier may know this form. Otherwise ask the issuer for an Open Badge.';

const adviceByCode: Readonly<Record<string, string>> = {
  NO_CREDENTIAL_IN_IMAGE:
    'Screenshots and pictures that were saved again lose the badge inside. Ask for the file as it was downloaded.',
  NOT_A_CREDENTIAL: original,
  TOO_LARGE: 'Ask for the badge itself, without other files.',
  TOO_COMPLEX: 'Ask the issuer for the badge itself, without what was attached to it.',
  VERIFY_TIMEOUT: 'Try again. If it takes too long again, ask the issuer for the badge by link.',
  CHECK_FAILED: later,

  OLDER_BADGE_NOT_SUPPORTED: 'Ask the issuer, or the earner, for a newer form of the same badge.',
  HOSTED_NOT_SIGNED:
    'Look whether you know the site as that of the issuer. If it matters, ask for a badge of today’s kind.',
  HOSTED_UNREACHABLE:
    'Try again later. If the site has closed, ask the issuer whether they can confirm the badge in another way.',
  HOSTED_DIFFERS: 'Do not go by what was handed in. Ask the earner for the link to the badge.',
  HOSTED_OUT_OF_SCOPE: 'Ask the issuer that it names whether they issued it.',
  HOSTED_GONE: 'Do not count it, unless the issuer tells you that it only moved.',
  PRESENTATION_NOT_SIGNED:
    'Make sure in another way that it came from the person that it is about.',
  CHALLENGE_UNKNOWN: 'Make sure in another way that it came from the person that it is about.',
  PRESENTATION_EMPTY: 'Ask the earner to hand over the badge itself.',

  REVOKED: 'Do not count it. Only the issuer can tell you why.',
  SUSPENDED: 'Ask the issuer when the matter will be settled.',
  EXPIRED: 'Ask the earner for a newer one if you need it to be current.',
  NOT_YET_VALID: 'Verify it again from that day on.',
  DATE_MALFORMED: 'Ask the issuer for a badge with proper dates.',

  PROOF_MISSING:
    'What you have is only a description of a badge. Ask the earner for the badge itself: the downloaded file or its link.',
  PROOF_INVALID: fromEarner,
  PROOF_MALFORMED: fromEarner,
  EVIDENCE_CHANGED:
    'The badge itself is not affected. Ask the earner or the issuer what was judged, and leave what is there now out of your decision.',
  PROOF_PURPOSE: issuerRepairs,
  PROOF_CREATED: issuerRepairs,
  PROOF_EXPIRED: 'Ask the issuer for a badge with a fresh signature.',
  PROOF_NOT_SUPPORTED: elsewhere,
  PROOF_TOO_COMPLEX: issuerRepairs,
  ALGORITHM_NOT_ALLOWED: issuerRepairs,
  TOKEN_MALFORMED: fromEarner,
  TOKEN_HEADER: issuerRepairs,
  TOKEN_CLAIMS: issuerRepairs,

  KEY_NOT_AUTHORIZED: otherAddress,
  KEY_REVOKED: 'Do not count it as it is. Ask the issuer for a new badge: they can sign it again.',
  KEY_EXPIRED: 'Ask the issuer for a new badge: they can sign it again.',
  ISSUER_KEY_UNCONFIRMED: otherAddress,
  ISSUER_UNKNOWN:
    'Ask the school that it names, by an address that you know to be theirs, whether they issued it.',
  NOT_IN_ISSUANCE_LOG: 'Ask the school whether it issued this badge.',
  ISSUER_UNREACHABLE:
    'Try again later. If the issuer stays out of reach, ask them by other means; this does not count against the earner.',
  ISSUER_NOT_SUPPORTED: elsewhere,
  ISSUER_DOCUMENT_MISMATCH: issuerRepairs,
  ISSUER_MALFORMED: issuerRepairs,
  ISSUER_MISSING: issuerRepairs,

  STATUS_RETRIEVAL_ERROR: later,
  STATUS_VERIFICATION_ERROR: issuerRepairs,
  STATUS_LIST_LENGTH_ERROR: issuerRepairs,
  STATUS_MALFORMED: issuerRepairs,
  TYPE_MIXED: issuerRepairs,
  STATUS_NOT_SUPPORTED: 'Ask the issuer whether they have withdrawn it.',
  FETCH_BLOCKED:
    'Its issuer points to a place inside a private network, which is never asked from here. Ask the issuer.',

  CONTEXT_NOT_ALLOWED: elsewhere,
  MEMBER_NOT_COVERED: issuerRepairs,
  MEMBER_NOT_ALLOWED: fromEarner,
  MEMBER_HIDDEN: fromEarner,
  NUMBER_NOT_SIGNABLE: issuerRepairs,
  SCHEMA_INVALID: issuerRepairs,
  SUBJECT_MISSING: issuerRepairs,
  ID_MALFORMED: issuerRepairs,
};

const adviceByCheck: Readonly<Record<Check['id'], string>> = {
  format: original,
  schema: 'Ask the issuer for a badge that follows the specification.',
  proof: fromEarner,
  issuer: 'Try again later. If it stays like this, ask the issuer where they publish their keys.',
  validity: 'Ask the issuer for a badge with proper dates.',
  status: later,
  endorsements: 'The badge itself is not affected. Leave the endorsements out of your decision.',
  nested: 'Verify the credentials inside one by one, or ask the earner for the originals.',
};

/** Of what is inside, the code names what is wrong with that; what to do is about the whole. */
const aboutParts: ReadonlySet<Check['id']> = new Set(['endorsements', 'nested']);

/** What to do about a check that did not pass. */
export function adviseOn({ id, outcome, code = '' }: Check): string | undefined {
  if (outcome === 'pass' || outcome === 'skip') return undefined;
  return (aboutParts.has(id) ? undefined : adviceByCode[code]) ?? adviceByCheck[id];
}

/** The codes that have advice of their own. */
export const advisedCodes: readonly string[] = Object.keys(adviceByCode);
