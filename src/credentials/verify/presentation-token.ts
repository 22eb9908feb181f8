import { parseController } from './controller.ts';
import { pass, Problem } from './problem.ts';
import { assertHeader } from './token-rules.ts';
import { assertSignedWith, type Token } from './token.ts';
import type { Finding, HolderDependencies, PresentationExpectations } from './types.ts';
import { clockSkew, idOf, list } from './values.ts';

/** VC-JOSE-COSE §3.1.2, and the `vp` claim of VCDM 1.1 §6.3.1: signed by a key with which its holder signs in. */
export async function verifyPresentationToken(
  held: Token,
  expected: PresentationExpectations,
  { now, resolve }: HolderDependencies,
): Promise<Finding> {
  const { header, token } = held;
  assertHeader(header, token, 'vp');
  const { kid } = header;
  const [did = ''] = typeof kid === 'string' ? kid.split('#', 1) : [];
  assertHolder(held, did);
  const { methods } = parseController(await resolve(did), did, 'authentication');
  const method = methods.find(({ id, controller }) => id === kid && controller === did);
  if (method === undefined) {
    throw broken('KEY_NOT_AUTHORIZED', 'Its holder does not publish this key for signing in.');
  }
  await assertSignedWith(method, held, now);
  assertTimes(held, now);
  assertAnswer(held, expected);
  return pass('proof', `Presented by ${did}.`);
}

function assertHolder({ credential, claims }: Token, did: string): void {
  if (!did.startsWith('did:')) {
    throw broken(
      'KEY_NOT_AUTHORIZED',
      'It does not say with which key of its holder it was signed.',
    );
  }
  const named = [idOf(credential.holder), claims.iss].filter((name) => name !== undefined);
  // VCDM 1.1 names the holder as the issuer of the token.
  if (named.some((name) => name !== did) || ('vp' in claims && named.length === 0)) {
    throw broken('HOLDER_MISMATCH', 'It was signed by somebody else than its holder.');
  }
}

function assertTimes({ claims: { exp, nbf, iat } }: Token, now: Date): void {
  for (const [claim, isPassed] of [
    [exp, (time: number) => now.getTime() - time > clockSkew],
    [nbf, (time: number) => time - now.getTime() > clockSkew],
    [iat, (time: number) => time - now.getTime() > clockSkew],
  ] as const) {
    if (claim === undefined) continue;
    if (typeof claim !== 'number' || isPassed(claim * 1000)) {
      throw broken('PROOF_EXPIRED', 'It was signed for another time than now.');
    }
  }
}

/** OpenID for Verifiable Presentations calls the challenge `nonce` and the domain `aud`. */
function assertAnswer({ claims }: Token, { challenge, domain }: PresentationExpectations): void {
  if (challenge !== undefined && claims.nonce !== challenge) {
    throw broken('CHALLENGE_MISMATCH', 'It does not answer the challenge that was set.');
  }
  const wanted = list(domain);
  const named = list(claims.aud);
  if (domain !== undefined && !(named.length > 0 && named.every((name) => wanted.includes(name)))) {
    throw broken('DOMAIN_MISMATCH', 'It was made for another place than this one.');
  }
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
