import { createForeignIssuer } from './foreign-issuer.ts';
import type { Json } from './json-places.ts';
import { now, verdict } from './verdict.ts';
import { createWorld } from './world.ts';

/** Two issuers that share no signing code with us, and a verifier on one fixed day. */
export const issuer = await createForeignIssuer();
export const stranger = await createForeignIssuer('stranger.example');
const list = await issuer.sign('eddsa-rdfc-2022', issuer.statusList());

/** In which the first issuer publishes this document about itself. */
export function world(document: Json = issuer.document) {
  const published = { [issuer.documentUrl]: document, [issuer.listUrl]: list };
  return createWorld({ ...published, [stranger.documentUrl]: stranger.document }, { now });
}

export const verdictOf = (credential: Json, document?: Json) =>
  verdict(credential, world(document));

export const proofOf = (credential: Json): Json => credential.proof as Json;

export const withProof = (credential: Json, change: Json): Json => ({
  ...credential,
  proof: { ...proofOf(credential), ...change },
});
