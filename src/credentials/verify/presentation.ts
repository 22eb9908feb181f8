import type { DocumentLoader } from '../documents.ts';
import { parseController } from './controller.ts';
import { assertKeyInForce } from './key.ts';
import { preflight } from './preflight.ts';
import { attempt, failed, pass, Problem } from './problem.ts';
import { assertProofOptions } from './proofs/options.ts';
import { checkSignature } from './proofs/signature.ts';
import type { Finding, Json, VerificationResult } from './types.ts';
import { idOf, isObject, list, typesOf } from './values.ts';

/** What whoever asked for the presentation expects its proofs to answer. */
export interface PresentationExpectations {
  readonly challenge?: string | undefined;
  readonly domain?: string | readonly string[] | undefined;
}

interface Dependencies {
  readonly documents: DocumentLoader;
  readonly now: Date;
  /** The DID document of a holder; throws a Problem when there is none. */
  readonly resolve: (did: string) => Promise<unknown>;
  readonly verify: (credential: string | object) => Promise<VerificationResult>;
}

/** What was found about a presentation itself and about each credential in it. */
export interface PresentationResult {
  readonly verified: boolean;
  readonly format: Finding;
  readonly proofs: readonly { readonly proof: unknown; readonly finding: Finding }[];
  readonly credentials: readonly {
    readonly credential: unknown;
    readonly result: VerificationResult;
  }[];
}

/** Each may cause look-ups of its own. */
const maxCredentials = 20;

/**
 * VCDM 2.0 §4.13: every proof has to hold, made by the holder for whoever asked, and every credential inside.
 * Without a proof it is as good as what it carries, and answers no challenge.
 */
export async function verifyPresentation(
  presentation: Json,
  expected: PresentationExpectations,
  dependencies: Dependencies,
): Promise<PresentationResult> {
  const contained = list(presentation.verifiableCredential);
  const given = list(presentation.proof);
  const format = await attempt('format', () =>
    checkForm(presentation, expected, dependencies.documents),
  );
  if (format.outcome === 'fail') return { verified: false, format, proofs: [], credentials: [] };

  const proofs = [];
  for (const proof of given) {
    const finding = await attempt('proof', () =>
      checkProof({ presentation, proof, expected }, dependencies),
    );
    proofs.push({ proof, finding });
  }
  const credentials = [];
  for (const credential of contained) {
    const input = isObject(credential) || typeof credential === 'string' ? credential : '';
    credentials.push({ credential, result: await dependencies.verify(input) });
  }
  const verified =
    proofs.every(({ finding }) => finding.outcome === 'pass') &&
    credentials.every(({ result }) => result.verified);
  return { verified, format, proofs, credentials };
}

async function checkForm(
  presentation: Json,
  expected: PresentationExpectations,
  documents: DocumentLoader,
): Promise<Finding> {
  const contained = list(presentation.verifiableCredential);
  if (contained.length > maxCredentials) {
    throw formProblem('TOO_COMPLEX', `It holds more than ${maxCredentials} credentials.`);
  }
  if (presentation.proof === undefined) {
    assertWorthUnsigned(contained, expected);
    return pass('format', 'A presentation without a signature.');
  }
  const { verifiableCredential: _contained, ...rest } = presentation;
  const { holder } = rest;
  if (holder !== undefined && !URL.canParse(idOf(holder) ?? '')) {
    throw formProblem('HOLDER_MALFORMED', 'It does not name its holder by a web address or DID.');
  }
  // Each credential is looked at on its own; here only what canonicalizing the whole will cost.
  const verifiableCredential = contained.map(withoutToken);
  const walked = contained.length === 0 ? rest : { ...rest, verifiableCredential };
  await preflight({ kind: 'data-integrity', credential: walked }, documents);
  return pass('format', 'A signed presentation.');
}

function assertWorthUnsigned(
  contained: readonly unknown[],
  { challenge, domain }: PresentationExpectations,
): void {
  if ((challenge ?? domain) !== undefined) {
    throw formProblem('PROOF_MISSING', 'It is not signed, so it answers no challenge.');
  }
  if (contained.length === 0) {
    throw formProblem('PRESENTATION_EMPTY', 'It is not signed and holds no credential.');
  }
}

/** A token in an envelope is long and costs nothing. */
function withoutToken(credential: unknown): unknown {
  return isObject(credential) && typesOf(credential).includes('EnvelopedVerifiableCredential')
    ? { ...credential, id: 'data:,' }
    : credential;
}

async function checkProof(
  claim: {
    readonly presentation: Json;
    readonly proof: unknown;
    readonly expected: PresentationExpectations;
  },
  { documents, now, resolve }: Dependencies,
): Promise<Finding> {
  const { presentation, expected } = claim;
  const proof = assertProofOptions(claim.proof, now, 'authentication');
  assertExpected(proof, expected);
  const methodId = idOf(proof.verificationMethod) ?? '';
  const [did = ''] = methodId.split('#', 1);
  const holder = idOf(presentation.holder);
  if (holder !== undefined && holder !== did) {
    throw broken('HOLDER_MISMATCH', 'It was signed by somebody else than its holder.');
  }
  const { methods } = parseController(await resolve(did), did, 'authentication');
  const method = methods.find(({ id, controller }) => id === methodId && controller === did);
  if (method === undefined) {
    throw broken('KEY_NOT_AUTHORIZED', 'Its holder does not publish this key for signing in.');
  }
  assertKeyInForce(method, now);
  await checkSignature({ credential: presentation, proof, method }, documents);
  return pass('proof', `Presented by ${did}.`);
}

/** Data Integrity 1.0 §4.4: a presentation made for somebody else, or shown before, proves nothing here. */
export function assertExpected(proof: Json, { challenge, domain }: PresentationExpectations): void {
  if (challenge !== undefined && proof.challenge !== challenge) {
    throw broken('CHALLENGE_MISMATCH', 'It does not answer the challenge that was set.');
  }
  const wanted = new Set<unknown>(list(domain));
  const named = new Set(list(proof.domain));
  const isSame = wanted.size === named.size && [...wanted].every((name) => named.has(name));
  if (domain !== undefined && !isSame) {
    throw broken('DOMAIN_MISMATCH', 'It was made for another place than this one.');
  }
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}

function formProblem(code: string, detail: string): Problem {
  return new Problem('format', 'invalid', code, detail);
}

/** A presentation in a form that cannot be looked into. */
export function unsupportedPresentation(): PresentationResult {
  const detail = 'Presentations in the form of a token are not known here.';
  return refusedPresentation(
    new Problem('format', 'unverifiable', 'PRESENTATION_NOT_SUPPORTED', detail),
  );
}

/** The answer when a problem kept everything else from being looked at. */
export function refusedPresentation(problem: Problem): PresentationResult {
  return { verified: false, format: failed(problem), proofs: [], credentials: [] };
}
