import { isVersion1 } from './format.ts';
import { Problem } from './problem.ts';
import type { Json, Secured } from './types.ts';
import { clockSkew, idOf, isObject, list, parseTimestamp } from './values.ts';

type Token = Extract<Secured, { kind: 'jwt' }>;

// Two specifications say what a token looks like, and its `typ` says which of them it follows: `vc+jwt` is Securing
// Verifiable Credentials using JOSE and COSE 1.0, all others Open Badges 3.0 §8.2.

const isJoseCose = ({ typ }: Json): boolean => typ === 'vc+jwt';

/** Open Badges 3.0 §8.2.3; VC-JOSE-COSE §3.1.1 adds the media type of what is inside. */
const headerNames = new Set(['alg', 'kid', 'jwk', 'typ']);

/** Nothing in the head of a token that could change how it is read, or pass a presentation off as a credential. */
export function assertHeader(header: Json, token: string, kind: 'vc' | 'vp' = 'vc'): void {
  const { typ, cty, jwk } = header;
  const tokenTypes: unknown[] = [undefined, 'JWT', `${kind}+jwt`];
  const isStrange = Object.keys(header).some((name) => !headerNames.has(name) && name !== 'cty');
  const contentTypes: unknown[] = typ === `${kind}+jwt` ? [undefined, kind] : [undefined];
  const isSecret = isObject(jwk) && 'd' in jwk;
  if (isStrange || isSecret || !tokenTypes.includes(typ) || !contentTypes.includes(cty)) {
    const detail = 'The head of the token says things that have no place in a badge.';
    throw broken('TOKEN_HEADER', detail);
  }
  const canonical = token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
  if (!canonical) throw broken('TOKEN_MALFORMED', 'The token is not written in the usual way.');
}

/** What stands in the token beside the credential. */
export function assertClaims(token: Token, issuer: string, now: Date): void {
  assertPast('iat', token.claims.iat, now);
  if (isJoseCose(token.header)) assertJoseCoseClaims(token, issuer, now);
  else assertOpenBadgeClaims(token, issuer);
}

/** VC-JOSE-COSE §3.1.1: the token is the credential; times are those of the signature. */
function assertJoseCoseClaims({ claims, credential, header }: Token, issuer: string, now: Date) {
  if ('vc' in claims || 'vp' in claims || isVersion1(credential)) {
    throw broken('TOKEN_CLAIMS', 'The token mixes two versions of the data model.');
  }
  if (issuer.startsWith('did:') && typeof header.kid !== 'string') {
    throw broken('TOKEN_HEADER', 'The token does not name the key of its issuer.');
  }
  assertPast('nbf', claims.nbf, now);
  if (!['undefined', 'number'].includes(typeof claims.exp)) throw disagreement('exp');
  for (const [name, value] of Object.entries(repeated(credential, issuer))) {
    if (![undefined, value].includes(claims[name])) throw disagreement(name);
  }
}

/** Open Badges 3.0 §8.2.4: the claims repeat the credential, all but the end being required. */
function assertOpenBadgeClaims({ claims, credential }: Token, issuer: string): void {
  const inside = 'vc' in claims;
  if (inside !== isVersion1(credential)) {
    throw broken('TOKEN_CLAIMS', 'The token mixes two versions of the data model.');
  }
  const [from, until] = inside ? ['issuanceDate', 'expirationDate'] : ['validFrom', 'validUntil'];
  const expected = { ...repeated(credential, issuer), nbf: seconds(credential[from]) };
  for (const [name, value] of Object.entries(expected)) {
    if (claims[name] !== value) throw disagreement(name);
  }
  const { exp } = claims;
  const end = seconds(credential[until]) ?? exp;
  if (exp !== undefined && (typeof exp !== 'number' || end !== exp)) throw disagreement('exp');
}

function repeated(credential: Json, issuer: string): Json {
  const [subject] = list(credential.credentialSubject);
  return { iss: issuer, jti: credential.id, sub: idOf(subject) };
}

function assertPast(name: string, time: unknown, now: Date): void {
  if (time === undefined) return;
  if (typeof time !== 'number' || time * 1000 - now.getTime() > clockSkew) {
    throw broken(
      'TOKEN_CLAIMS',
      `The token claims to be of the future or of no real time ("${name}").`,
    );
  }
}

function seconds(date: unknown): number | undefined {
  const time = parseTimestamp(date);
  return time === undefined ? undefined : Math.floor(time / 1000);
}

function disagreement(name: string): Problem {
  return broken('TOKEN_CLAIMS', `The token and the badge inside disagree ("${name}").`);
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
