import { sha256 } from '../../shared/ids.ts';
import { digestDocument } from '../digest.ts';
import type { Proven } from './data-integrity.ts';
import { didWebHost } from './did-web.ts';
import { pass, Problem, warn } from './problem.ts';
import type { Session } from './session.ts';
import type { Finding, Json, KnownIssuer, Secured } from './types.ts';
import { isObject, typesOf } from './values.ts';

/** The code of a signature that holds, by a key that nobody vouches for. */
export const issuerUnknown = 'ISSUER_UNKNOWN';

/** Exactly so: whoever had a key could call anything else a list, too. */
const ownListTypes = 'VerifiableCredential,BitstringStatusListCredential';

const unknown: KnownIssuer = { own: false, listings: [], unread: [] };

/**
 * Who signed, and how that is known: a school of this installation, a registry that lists the issuer, or the web
 * address where the key is published. A key that nobody vouches for is a note and not a fault.
 */
export async function checkIssuer(
  secured: Secured,
  proven: Proven,
  session: Session,
): Promise<Finding> {
  const { controller, method } = proven;
  const known = (await session.findIssuer?.(controller.id)) ?? unknown;
  const { issuer } = secured.credential;
  if (known.own) return checkOwn(secured, session);
  if (!controller.confirmed) {
    const key = (await session.findIssuer?.(method.id)) ?? unknown;
    if (key.listings.length === 0) throw unconfirmed(issuer, controller.id, key);
    return describe(issuer, `Signed with a key that is known as one of ${controller.id}.`, key);
  }
  if (known.listings.length > 0) {
    return describe(issuer, `Signed with a key of ${controller.id}.`, known);
  }
  const host = hostOf(controller.id);
  if (host === undefined) return notKnown(issuer, controller.id, known);
  const detail = `Signed with a key of ${controller.id}, which whoever controls ${host} has published.`;
  return describe(issuer, detail, known);
}

/** The issuance log has every credential that was signed here; the lists of revoked ones are no credentials of anybody. */
async function checkOwn(secured: Secured, session: Session): Promise<Finding> {
  const { credential } = secured;
  const signed = 'Signed with a key of a school of this installation';
  if (typesOf(credential).join() === ownListTypes) {
    return pass('issuer', `${signed}.`);
  }
  if (session.findLogged === undefined || (await isLogged(secured, session.findLogged))) {
    return describe(credential.issuer, `${signed}, whose issuance log has it.`, unknown);
  }
  const detail =
    'It carries a signature of a school of this installation, and the log of what was issued here does not have it. ' +
    'Either the log is older than the badge, or somebody else had the key: only the school can tell.';
  throw new Problem('issuer', 'unverifiable', 'NOT_IN_ISSUANCE_LOG', detail);
}

async function isLogged(
  secured: Secured,
  findLogged: NonNullable<Session['findLogged']>,
): Promise<boolean> {
  if (secured.kind === 'jwt') return (await findLogged('jwt', sha256(secured.token))) !== undefined;
  const { credential } = secured;
  // A holder may add a proof of their own; with ours alone it is what was logged.
  const proofs = Array.isArray(credential.proof) ? (credential.proof as unknown[]) : [];
  for (const document of [credential, ...proofs.map((proof) => ({ ...credential, proof }))]) {
    if ((await findLogged('document', digestDocument(document))) !== undefined) return true;
  }
  return false;
}

/** Whoever publishes at this host controls the issuer's keys. */
function hostOf(issuer: string): string | undefined {
  if (/^https?:\/\//.test(issuer)) return new URL(issuer).host;
  return didWebHost(issuer);
}

/** A badge may call its issuer anything; what is certain stands beside it. */
function describe(issuer: unknown, certain: string, known: KnownIssuer): Finding {
  const detail = [...named(issuer), certain, ...listed(known), ...unread(known)].join(' ');
  if (typesOf(issuer).includes('Profile')) return pass('issuer', detail);
  const title = 'It was signed by its issuer';
  const note = 'The issuer does not describe itself as Open Badges want it.';
  return warn('issuer', 'ISSUER_NOT_PROFILE', title, `${detail} ${note}`);
}

function notKnown(issuer: unknown, id: string, known: KnownIssuer): Finding {
  const detail = [
    ...named(issuer),
    `The signature fits the key ${shorten(id)}, and nobody here knows whose key that is.`,
    'That does not mean that the badge is false: ask the school that it names.',
    ...unread(known),
  ].join(' ');
  return warn('issuer', issuerUnknown, 'Its issuer is not known here', detail);
}

function unconfirmed(issuer: unknown, id: string, known: KnownIssuer): Problem {
  const detail = [
    ...named(issuer),
    `The signature fits a key that only the badge itself names as one of ${shorten(id)}: anybody could have made it.`,
    'It may well be genuine. It can be confirmed when the issuer publishes the key at that address or as ' +
      '/.well-known/jwks.json on the same host, or when a registry lists it.',
    ...unread(known),
  ].join(' ');
  return new Problem('issuer', 'unverifiable', 'ISSUER_KEY_UNCONFIRMED', detail);
}

function named(issuer: unknown): readonly string[] {
  const { name } = isObject(issuer) ? issuer : ({} as Json);
  return typeof name === 'string' ? [`The issuer calls itself “${shorten(name)}”.`] : [];
}

function listed({ listings }: KnownIssuer): readonly string[] {
  return listings
    .slice(0, 3)
    .map(({ registry, name }) =>
      name === undefined
        ? `The registry “${registry}” lists it.`
        : `The registry “${registry}” lists it as “${shorten(name)}”.`,
    );
}

function unread(known: KnownIssuer): readonly string[] {
  return known.unread
    .slice(0, 3)
    .map(
      (registry) =>
        `The registry “${registry}” could not be read just now; it may list the issuer.`,
    );
}

function shorten(text: string): string {
  return text.slice(0, 200);
}
