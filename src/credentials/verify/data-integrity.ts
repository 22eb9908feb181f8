import { digestDocument } from '../digest.ts';
import { resolveController, type Controller, type VerificationMethod } from './controller.ts';
import { assertKeyInForce, vouchForWithdrawn } from './key.ts';
import { asProblem, Problem } from './problem.ts';
import { findPreviousProofs } from './proofs/chain.ts';
import { assertProofOptions, suiteOf } from './proofs/options.ts';
import { checkSignature } from './proofs/signature.ts';
import type { Session } from './session.ts';
import type { Json } from './types.ts';
import { idOf, list } from './values.ts';

/** Which key proved the credential, and whose it is. */
export interface Proven {
  readonly controller: Controller;
  readonly method: VerificationMethod;
  /** The key was stolen since; the log took the credential in before, at this time. */
  readonly loggedAt?: Date;
  /** The holder may have left parts out. */
  readonly isSelection?: boolean;
  /** What is wrong with other proofs beside the one that holds. */
  readonly doubts?: readonly Problem[];
  /** Of each proof, in order: whether it holds. */
  readonly proofs?: readonly boolean[];
}

/**
 * One proof of the issuer that holds is enough (Open Badges 3.0 §8.2, Data Integrity 1.0 §4.5); without one the first
 * problem is reported, and beside one those of the others, when somebody tampered with them.
 */
export async function verifyDataIntegrity(credential: Json, session: Session): Promise<Proven> {
  const check = createProofChecker(credential, session);
  const held: Proven[] = [];
  const problems = new Map<unknown, Problem>();
  const proofs = list(credential.proof);
  for (const proof of proofs) {
    await check.byIssuer(proof).then(
      (proven) => held.push(proven),
      (error: unknown) => problems.set(proof, asProblem('proof', error)),
    );
  }
  const [proven] = held.sort((a, b) => worth(b) - worth(a));
  if (proven === undefined) {
    const [first] = problems.values();
    throw first ?? invalid('PROOF_MISSING', 'It carries no signature at all.');
  }
  const broken = new Map<unknown, Problem>();
  for (const proof of problems.keys()) {
    await check.byAnybody(proof).catch((error: unknown) => {
      broken.set(proof, asProblem('proof', error));
    });
  }
  return {
    ...proven,
    doubts: [...broken.values()].filter(({ verdict }) => verdict === 'invalid'),
    proofs: proofs.map((proof) => !broken.has(proof)),
  };
}

/** What its issuer confirms is worth most, and then what nobody could thin out. */
function worth({ controller, isSelection }: Proven): number {
  return (controller.confirmed ? 2 : 0) + (isSelection ? 0 : 1);
}

/** Checks the proofs of one credential, each signature at most once. */
function createProofChecker(credential: Json, session: Session) {
  const issuer = idOf(credential.issuer) ?? '';
  const checked = new Map<Json, Promise<void>>();

  return {
    byIssuer: async (proof: unknown): Promise<Proven> => {
      const options = assertProofOptions(proof, session.now);
      const proven = await findIssuerKey(options);
      if (proven === undefined) throw notPublished('its issuer');
      await assertHolds(options, proven.method, []);
      return { ...proven, isSelection: suiteOf(options).isSelective === true };
    },
    byAnybody,
  };

  /** By the issuer, or by whoever else the DID of the key belongs to: a witness, or who passed the badge on. */
  async function byAnybody(proof: unknown, path: readonly Json[] = []): Promise<void> {
    const options = assertProofOptions(proof, session.now);
    const method = (await findIssuerKey(options))?.method ?? (await findForeignKey(options));
    await assertHolds(options, method, path);
  }

  async function findIssuerKey(options: Json): Promise<Proven | undefined> {
    const methodId = idOf(options.verificationMethod) ?? '';
    const controller = await resolveController(issuer, session, methodId);
    const proven = await findMethod(controller, methodId, () =>
      session.findLogged?.('document', digestDocument(credential)),
    );
    return proven?.method.controller === issuer ? proven : undefined;
  }

  async function findForeignKey({ verificationMethod }: Json): Promise<VerificationMethod> {
    const methodId = idOf(verificationMethod) ?? '';
    const [did = ''] = methodId.split('#', 1);
    if (did === issuer || !did.startsWith('did:')) throw notPublished('its issuer');
    const { methods } = await resolveController(did, session, methodId).catch(() => {
      const detail = `One of its signatures is by ${did.slice(0, 200)}, whose keys were not found.`;
      throw new Problem('proof', 'unverifiable', 'SIGNER_UNKNOWN', detail);
    });
    const method = methods.find(({ id, controller }) => id === methodId && controller === did);
    if (method === undefined) throw notPublished('whoever signed');
    return method;
  }

  async function assertHolds(
    proof: Json,
    method: VerificationMethod,
    path: readonly Json[],
  ): Promise<void> {
    if (path.includes(proof)) {
      throw invalid('PROOF_CHAIN_CYCLE', 'Its signatures build on each other in a circle.');
    }
    const previous = findPreviousProofs(proof.previousProof, credential);
    for (const earlier of previous) await byAnybody(earlier, [...path, proof]);
    const work = checked.get(proof) ?? assertSignature(proof, method);
    checked.set(proof, work);
    await work;
  }

  async function assertSignature(proof: Json, method: VerificationMethod): Promise<void> {
    assertKeyInForce(method, session.now);
    await checkSignature({ credential, proof, method }, session.documents);
  }
}

async function findMethod(
  controller: Controller,
  wanted: string,
  findTime: Parameters<typeof vouchForWithdrawn>[2],
): Promise<Proven | undefined> {
  const method = controller.methods.find(({ id }) => id === wanted);
  if (method !== undefined) return { controller, method };
  const withdrawn = controller.withdrawn?.find(({ id }) => id === wanted);
  return withdrawn && vouchForWithdrawn(controller, withdrawn, findTime);
}

function notPublished(owner: string): Problem {
  const detail = `It was signed with a key that ${owner} does not publish for signing.`;
  return invalid('KEY_NOT_AUTHORIZED', detail);
}

function invalid(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
