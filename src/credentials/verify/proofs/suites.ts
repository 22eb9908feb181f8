import type { Json } from '../types.ts';
import { isObject, list } from '../values.ts';
import { ecdsaRdfc2019 } from './ecdsa-rdfc-2019.ts';
import { ecdsaSd2023 } from './ecdsa-sd-2023.ts';
import { ed25519Signature2020 } from './ed25519-signature-2020.ts';
import { eddsaJcs2022 } from './eddsa-jcs-2022.ts';
import { eddsaRdfc2022 } from './eddsa-rdfc-2022.ts';
import type { ProofSuite } from './suite.ts';

const suites = [eddsaRdfc2022, ecdsaRdfc2019, ecdsaSd2023, eddsaJcs2022, ed25519Signature2020];

export function findSuite(proof: Json): ProofSuite | undefined {
  return suites.find(
    ({ type, cryptosuite }) => type === proof.type && cryptosuite === proof.cryptosuite,
  );
}

/** Whether every proof is over the JSON as it stands, so that nothing of it can be hidden behind other spellings. */
export function isSignedAsJson({ proof }: Json): boolean {
  const proofs = list(proof);
  return (
    proofs.length > 0 &&
    proofs.every((entry) => isObject(entry) && findSuite(entry)?.signsJson === true)
  );
}
