import type { VerificationService } from '../services/verification/verification.ts';

export type VerificationResult = Awaited<ReturnType<VerificationService['verify']>>;
export type Outcome = VerificationResult['outcome'];
export type Check = VerificationResult['checks'][number];

export interface OutcomeWords {
  readonly tone: 'good' | 'bad' | 'caution';
  readonly title: string;
  readonly meaning: string;
  readonly next: string;
}

type Noun = 'badge' | 'endorsement' | 'transcript' | 'status list';

const nouns: ReadonlyMap<unknown, Noun> = new Map([
  ['EndorsementCredential', 'endorsement'],
  ['ClrCredential', 'transcript'],
  ['BitstringStatusListCredential', 'status list'],
]);

/** What an outcome means to somebody who decides about a person, and what to do next. */
const wordsAbout = (noun: Noun): Readonly<Record<Outcome, OutcomeWords>> => ({
  valid: {
    tone: 'good',
    title: `This ${noun} is valid`,
    meaning:
      'It was signed by its issuer, nothing was changed since, it is in force, and the issuer has not withdrawn it.',
    next: 'You can rely on what it says. Whether it is about the person in front of you is for you to see: compare the name, or ask the earner to send you the badge from their own address.',
  },
  revoked: {
    tone: 'bad',
    title: `This ${noun} was withdrawn by its issuer`,
    meaning: `It is a genuine ${noun}, but its issuer has taken it back for good.`,
    next: 'Do not count it. Only the issuer can tell you why it was withdrawn.',
  },
  suspended: {
    tone: 'caution',
    title: `This ${noun} is suspended for now`,
    meaning: `It is a genuine ${noun} that its issuer has put on hold.`,
    next: 'Wait before you decide, and ask the issuer when the matter will be settled.',
  },
  expired: {
    tone: 'caution',
    title: `This ${noun} has expired`,
    meaning: `It is a genuine ${noun} that was in force until the date below.`,
    next: 'It shows what was true then. If you need it to be current, ask the earner for a newer one.',
  },
  not_yet_valid: {
    tone: 'caution',
    title: `This ${noun} is not in force yet`,
    meaning: `It is a genuine ${noun} that begins to count on the date below.`,
    next: 'Verify it again from that day on.',
  },
  unverifiable: {
    tone: 'caution',
    title: 'This could not be verified',
    meaning:
      'Something that has to be known could not be found out. This says nothing against the badge or its earner.',
    next: 'See below what was missing. Trying again later often helps; otherwise ask the issuer.',
  },
  invalid: {
    tone: 'bad',
    title: 'This cannot be relied on',
    meaning: 'It is not in the state in which an issuer signs and hands out a badge.',
    next: 'Often the file was damaged or saved again on its way. Ask the earner for the original file or for its link before you draw any conclusion.',
  },
});

const outcomeWords = wordsAbout('badge');

const nothingFound: OutcomeWords = {
  tone: 'caution',
  title: 'There is no badge in this',
  meaning:
    'What you sent could not be read as a digital credential. That says nothing about whether the badge exists.',
  next: 'Ask for the file as it was downloaded from the school, or for the link to the badge.',
};

/** Open Badges 2.0 without a signature. */
const confirmedBySite: OutcomeWords = {
  tone: 'good',
  title: 'Its issuer’s site confirms this badge',
  meaning:
    'It is an older kind of badge that carries no signature. Its issuer’s own site shows it today with the same words, it is in force, and it has not been withdrawn.',
  next: 'You can rely on it as far as you trust that site. Such badges name their earner only by an e-mail address: ask the earner to write to you from it.',
};

const issuerUnknown: OutcomeWords = {
  tone: 'caution',
  title: 'The signature holds, and its issuer is not known here',
  meaning:
    'Nothing was changed since it was signed, it is in force, and nobody has withdrawn it. Whose signature it is could not be found out: anybody can make a key and give it the name of a school.',
  next: 'Ask the school that it names, by an address that you know to be theirs, whether they issued it. Many honest badges are signed like this; it does not make the badge false.',
};

/** Credentials in the wrapping in which wallets hand them over. */
const presented: OutcomeWords = {
  ...outcomeWords.valid,
  title: 'Everything in this presentation is valid',
  meaning:
    'Each credential in it was signed by its issuer, nothing was changed since, it is in force, and its issuer has not withdrawn it.',
};

const validEndorsement: OutcomeWords = {
  ...wordsAbout('endorsement').valid,
  next: 'You can rely on it as what its issuer says about a badge, an achievement or a school. It is no badge itself: to see what somebody has earned, verify their badge.',
};

/** Where issuers publish what they have withdrawn. */
const validList: OutcomeWords = {
  tone: 'caution',
  title: 'This is a status list, not a badge',
  meaning:
    'In it an issuer marks which of its badges it has withdrawn. It was signed by its issuer, nothing was changed since, and it is in force.',
  next: 'Verify the badge itself: its place on the list is looked up then.',
};

const wordsOfValid: Readonly<Record<string, OutcomeWords>> = {
  HOSTED_NOT_SIGNED: confirmedBySite,
  PRESENTATION_NOT_SIGNED: presented,
  CHALLENGE_UNKNOWN: presented,
};

function wordsOf({ outcome, checks, credential }: VerificationResult): OutcomeWords {
  const noun = nounOf(credential);
  if (outcome !== 'valid') return wordsAbout(noun)[outcome];
  if (checks.some(isUnknownIssuer)) return issuerUnknown;
  if (noun === 'status list') return validList;
  const [special] = checks.flatMap(({ code }) => wordsOfValid[code ?? ''] ?? []);
  if (special !== undefined) return special;
  return noun === 'endorsement' ? validEndorsement : wordsAbout(noun).valid;
}

function nounOf(credential: VerificationResult['credential']): Noun {
  const [noun] = [credential?.type].flat().flatMap((type) => nouns.get(type) ?? []);
  return noun ?? 'badge';
}

export function describeOutcome(result: VerificationResult): OutcomeWords {
  const { outcome, credential, checks } = result;
  if (credential === undefined) return nothingFound;
  const words = wordsOf(result);
  const noted = outcome === 'valid' && checks.some((check) => check.outcome === 'warn');
  return noted ? { ...words, next: `Read the note below first. ${words.next}` } : words;
}

function isUnknownIssuer({ id, code }: Check): boolean {
  return id === 'issuer' && code === 'ISSUER_UNKNOWN';
}
