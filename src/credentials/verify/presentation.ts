import type { DocumentLoader } from '../documents.ts';
import { parseController } from './controller.ts';
import { assertKeyInForce } from './key.ts';
import { preflight } from './preflight.ts';
import { verifyPresentationToken } from './presentation-token.ts';
import { asProblem, attempt, failed, pass, Problem } from './problem.ts';
import { assertProofOptions } from './proofs/options.ts';
import { checkSignature } from './proofs/signature.ts';
import { readCredential } from './read.ts';
import type {
  Finding,
  HolderDependencies,
  Json,
  PresentationExpectations,
  Secured,
  VerificationResult,
} from './types.ts';
import { idOf, isObject, list, typesOf } from './values.ts';

export type { PresentationExpectations } from './types.ts';

interface Dependencies extends HolderDependencies {
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
  let held: Secured;
  try {
    held = readCredential(presentation);
  } catch (error) {
    return refusedPresentation(asProblem('format', error));
  }
  const { format, proofs } = await checkHandingOver(held, expected, dependencies);
  if (format.outcome === 'fail') return { verified: false, format, proofs, credentials: [] };
  const credentials = [];
  for (const credential of list(held.credential.verifiableCredential)) {
    const input = isObject(credential) || typeof credential === 'string' ? credential : '';
    credentials.push({ credential, result: await dependencies.verify(input) });
  }
  const verified =
    proofs.every(({ finding }) => finding.outcome === 'pass') &&
    credentials.every(({ result }) => result.verified);
  return { verified, format, proofs, credentials };
}

/** All but the credentials inside: whether it is one, and who hands it over. */
export async function checkHandingOver(
  held: Secured,
  expected: PresentationExpectations,
  dependencies: HolderDependencies,
): Promise<Pick<PresentationResult, 'format' | 'proofs'>> {
  const { credential: presentation } = held;
  const format = await attempt('format', () => checkForm(held, expected, dependencies.documents));
  if (format.outcome === 'fail') return { format, proofs: [] };
  if (held.kind === 'jwt') {
    const finding = await attempt('proof', () =>
      verifyPresentationToken(held, expected, dependencies),
    );
    return { format, proofs: [{ proof: held.token, finding }] };
  }
  const proofs = [];
  for (const proof of list(presentation.proof)) {
    const finding = await attempt('proof', () =>
      checkProof({ presentation, proof, expected }, dependencies),
    );
    proofs.push({ proof, finding });
  }
  return { format, proofs };
}

async function checkForm(
  held: Secured,
  expected: PresentationExpectations,
  documents: DocumentLoader,
): Promise<Finding> {
  const { kind, credential: presentation } = held;
  const contained = list(presentation.verifiableCredential);
  if (contained.length > maxCredentials) {
    throw formProblem('TOO_COMPLEX', `It holds more than ${maxCredentials} credentials.`);
  }
  if (!typesOf(presentation).includes('VerifiablePresentation')) {
    throw formProblem('NOT_A_PRESENTATION', 'It does not say that it is a presentation.');
  }
  if (kind === 'data-integrity' && presentation.proof === undefined) {
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
  await preflight({ ...held, credential: walked }, documents);
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
  { documents, now, resolve }: HolderDependencies,
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

/** The answer when a problem kept everything else from being looked at. */
export function refusedPresentation(problem: Problem): PresentationResult {
  return { verified: false, format: failed(problem), proofs: [], credentials: [] };
}
