// What we say of each specimen, what other judges say, and why they differ.

const form = 'A schema sees the form: no signature, no time, no list.';
const open = 'The schema lets through what it does not know.';
const caller = 'It leaves the status to a function of its caller.';
const byName = 'It reads members by name and verifies triples: what is hidden it does not miss.';
const proofDates = 'It takes the dates of a proof on trust.';
const keyDates = 'It does not look at when a key ended.';
const suite = 'It does not know this suite.';
const fragment = 'For it, a key is named by its fragment.';
const model = 'It verifies the signature, not the data model.';
const own = 'It changes no triple of this badge.';
const twice = 'Twice the same triple is one.';
const digits = 'Canonical numbers have 16 digits.';
const nothing = 'Null and an empty list make no triple.';
const claims = 'It verifies a signature and looks at no claim.';

/** Our verdict; the judges in order (+ accepted, - refused, · not for it); why each that differs does. */
type Row = readonly [name: string, ours: string, others: string, why?: readonly string[]];

export const rows: readonly Row[] = [
  ['a badge', 'valid', '+++·'],
  ['with an entry in a status list', 'valid', '+++·'],
  ['with its proof in a list', 'valid', '+++·'],
  ['with another proof beside it that nobody knows', 'valid', '+++·'],
  ['of an issuer that is a key', 'valid', '+++·'],
  ['of an issuer that is a key, without fragment', 'valid', '--+·', [fragment, fragment]],
  ['with everything that we put into one', 'valid', '+++·'],
  ['with an endorsement', 'valid', '+++·'],
  ['with an end that is far', 'valid', '+++·'],
  ['in version 1.1', 'valid', '++-·', ['This schema is for version 2.0 of the data model.']],
  ['a plain credential', 'valid', '++-·', ['The schema is for Open Badges.']],
  ['proof of eddsa-rdfc-2022', 'valid', '+++·'],
  ['proof of ecdsa-rdfc-2019 P-256', 'valid', '+-+·', [suite]],
  ['proof of ecdsa-rdfc-2019 P-384', 'valid', '+-+·', [suite]],
  ['proof of eddsa-jcs-2022', 'valid', '+-+·', [suite]],
  ['proof of Ed25519Signature2020', 'valid', '+++·'],
  ['proof of ecdsa-sd-2023', 'valid', '+-+·', [suite]],
  ['one word changed', 'invalid PROOF_INVALID', '--+·', [form]],
  ['no proof', 'invalid PROOF_MISSING', '--+·', [form]],
  ['no issuer', 'invalid ISSUER_MISSING', '---·'],
  ['revoked', 'revoked REVOKED', '+-+·', [caller, form]],
  [
    'revoked, the entry under its IRI',
    'invalid MEMBER_NOT_ALLOWED',
    '+++·',
    [byName, byName, open],
  ],
  ['revoked, the entry in @nest', 'invalid MEMBER_NOT_ALLOWED', '+++·', [byName, byName, open]],
  [
    'revoked, the entry in the endorsement',
    'invalid MEMBER_HIDDEN',
    '+++·',
    [byName, byName, open],
  ],
  ['revoked, the entry taken away', 'invalid PROOF_INVALID', '--+·', [form]],
  [
    'an index that is none',
    'invalid STATUS_MALFORMED',
    '+++·',
    [caller, 'It reads as many digits as there are.', open],
  ],
  [
    'a list that is for something else',
    'unverifiable STATUS_VERIFICATION_ERROR',
    '+-+·',
    [caller, form],
  ],
  ['expired', 'expired EXPIRED', '--+·', [form]],
  ['expired, the end under its IRI', 'invalid MEMBER_NOT_ALLOWED', '+++·', [byName, byName, open]],
  ['expired, with the older vocabulary', 'expired EXPIRED', '---·'],
  ['not yet valid', 'not_yet_valid NOT_YET_VALID', '--+·', [form]],
  ['a proof that is over', 'invalid PROOF_EXPIRED', '+++·', [proofDates, proofDates, form]],
  ['a proof from the future', 'invalid PROOF_CREATED', '+++·', [proofDates, proofDates, form]],
  ['a proof to sign in', 'invalid PROOF_PURPOSE', '--+·', [form]],
  ['a key that was revoked', 'invalid KEY_REVOKED', '+++·', [keyDates, keyDates, form]],
  ['a key that ran out', 'invalid KEY_EXPIRED', '+++·', [keyDates, keyDates, form]],
  ['a key to sign in', 'invalid KEY_NOT_AUTHORIZED', '--+·', [form]],
  ['a key of somebody else', 'invalid KEY_NOT_AUTHORIZED', '--+·', [form]],
  ['a key that somebody else controls', 'invalid KEY_NOT_AUTHORIZED', '--+·', [form]],
  ['a member that no vocabulary defines', 'unverifiable MEMBER_NOT_COVERED', '--+·', [open]],
  ['an empty value', 'invalid MEMBER_NOT_ALLOWED', '++-·', [nothing, nothing]],
  ['an empty list', 'invalid MEMBER_NOT_ALLOWED', '+++·', [nothing, nothing, open]],
  ['an unknown vocabulary', 'unverifiable CONTEXT_NOT_ALLOWED', '--+·', [open]],
  ['a vocabulary of its own', 'invalid CONTEXT_NOT_ALLOWED', '+++·', [own, own, open]],
  ['one piece of evidence twice', 'invalid MEMBER_HIDDEN', '+++·', [twice, twice, open]],
  [
    'a number that rounds to the signed one',
    'invalid NUMBER_NOT_SIGNABLE',
    '+++·',
    [digits, digits, form],
  ],
  [
    'half a character',
    'invalid MEMBER_NOT_ALLOWED',
    '+++·',
    ['Half a character is U+FFFD when it is hashed.', 'As before.', open],
  ],
  ['no criteria', 'invalid SCHEMA_INVALID', '++-·', [model, model]],
  ['a token', 'valid', '···+'],
  ['a token signed with Ed25519', 'valid', '···+'],
  ['a token of VC-JOSE-COSE', 'valid', '···+'],
  ['a token, changed', 'invalid NOT_A_CREDENTIAL', '···-'],
  ['a token without algorithm', 'invalid ALGORITHM_NOT_ALLOWED', '···-'],
  ['a token that has expired', 'expired EXPIRED', '···+', [claims]],
  ['a token with a demand', 'invalid TOKEN_HEADER', '···-'],
  [
    'a token with an address for its key',
    'invalid TOKEN_HEADER',
    '···+',
    ['It does not look at the address; Open Badges forbid it.'],
  ],
  ['a token that contradicts its badge', 'invalid TOKEN_CLAIMS', '···+', [claims]],
  [
    'a token for another use',
    'invalid TOKEN_HEADER',
    '···+',
    ['It compares the type for those who ask for it.'],
  ],
  [
    'a token with an odd last character',
    'invalid TOKEN_MALFORMED',
    '···+',
    ['It decodes what is nearly base64url, too.'],
  ],
  ['a token with a key of its own', 'invalid KEY_NOT_AUTHORIZED', '···-'],
];
