import { Problem } from '../problem.ts';
import type { Json } from '../types.ts';
import { isObject, list } from '../values.ts';

/**
 * The proofs that `previousProof` (an id or several) names among those of the document; none when it is undefined.
 * Throws a Problem when one is missing, or when an id could mean two of them.
 */
export function findPreviousProofs(previousProof: unknown, document: Json): readonly Json[] {
  const proofs = list(document.proof).filter(isObject);
  return list(previousProof).map((id) => {
    if (typeof id !== 'string') {
      throw broken('PROOF_MALFORMED', 'It does not name properly what its signature builds on.');
    }
    const [found, second] = proofs.filter((proof) => proof.id === id);
    if (found === undefined) {
      throw broken('PROOF_PREVIOUS_MISSING', 'An earlier signature that this one needs is gone.');
    }
    if (second !== undefined) {
      throw broken('PROOF_ID_AMBIGUOUS', 'Two of its signatures have the same name.');
    }
    return found;
  });
}

/**
 * What a proof is made over and checked against (Data Integrity 1.0 §4.3, §4.5): the document with the proofs that
 * it builds on and no others. Signing a link of a chain is signing this with `previousProof` in the options.
 */
export function toSecuredDocument(document: Json, previousProof?: unknown): Json {
  const { proof: _proofs, ...rest } = document;
  const previous = findPreviousProofs(previousProof, document);
  return previous.length === 0 ? rest : { ...rest, proof: previous };
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
