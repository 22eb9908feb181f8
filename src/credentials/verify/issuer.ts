import type { Proven } from './data-integrity.ts';
import { pass, warn } from './problem.ts';
import type { Finding, Json } from './types.ts';
import { isObject, typesOf } from './values.ts';

/** The key stands in the credential and nowhere else. */
export const issuerUnconfirmed = 'ISSUER_KEY_UNCONFIRMED';

/** Who signed, in the words that the credential uses and with how much that is worth. */
export function describeIssuer({ issuer }: Json, { controller }: Proven): Finding {
  const name = isObject(issuer) && typeof issuer.name === 'string' ? issuer.name : undefined;
  const who = name === undefined ? controller.id : `${name.slice(0, 200)} (${controller.id})`;
  if (!controller.confirmed) {
    const detail =
      `The signature fits the key that the badge itself names for ${who}. ` +
      'The issuer’s address publishes no list of keys, so ask the issuer if it matters who signed.';
    return warn('issuer', issuerUnconfirmed, 'The issuer’s key is only named by the badge', detail);
  }
  if (!typesOf(issuer).includes('Profile')) {
    const detail = `Signed by ${who}, which does not describe itself as Open Badges want it.`;
    return warn('issuer', 'ISSUER_NOT_PROFILE', 'It was signed by its issuer', detail);
  }
  return pass('issuer', `Signed with a key of ${who}.`);
}
