import type { Json } from '../types.ts';
import { isObject, list, typesOf } from '../values.ts';

const version2 = new Set<unknown>([
  'https://w3id.org/openbadges/v2',
  'http://w3id.org/openbadges/v2',
  'https://openbadgespec.org/v2/context.json',
  'https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld',
]);
const version1 = /^https?:\/\/w3id\.org\/openbadges\/v1$/;

/** Which of the Open Badges from before verifiable credentials it is; undefined when it is none. */
export function olderVersion(value: Json): 1 | 2 | undefined {
  if (typesOf(value).includes('VerifiableCredential')) return undefined;
  const contexts = list(value['@context']);
  if (contexts.some((context) => version2.has(context))) return 2;
  if (contexts.some((context) => typeof context === 'string' && version1.test(context))) return 1;
  // Open Badges 1.0 had no context at all.
  const { recipient, badge, verify } = value;
  return recipient !== undefined && badge !== undefined && isObject(verify) ? 1 : undefined;
}

/** What the assertion says about itself; a token around a hosted one adds nothing. */
export function isSigned({ verification, verify }: Json): boolean {
  const how = verification ?? verify;
  return (
    isObject(how) && list(how.type).some((type) => type === 'SignedBadge' || type === 'signed')
  );
}
