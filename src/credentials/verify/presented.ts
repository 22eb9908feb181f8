import { resolveDidJwk, resolveDidKey, type DidResolution } from '../did-methods.ts';
import { checkEach, type VerifyContained } from './contained.ts';
import { loadDidWeb, unreachable } from './controller.ts';
import { checkHandingOver } from './presentation.ts';
import { failed, Problem, warn } from './problem.ts';
import type { Session } from './session.ts';
import type { Finding, Secured } from './types.ts';
import { list } from './values.ts';

/** A presentation that somebody handed in without having been asked for it: nobody set a challenge. */
export async function checkPresented(
  held: Secured,
  session: Session,
  verify: VerifyContained,
): Promise<readonly Finding[]> {
  const { documents, now } = session;
  const resolve = (did: string) => resolveHolder(did, session);
  const { format, proofs } = await checkHandingOver(held, {}, { documents, now, resolve });
  if (format.outcome === 'fail') return [format];
  const contained = list(held.credential.verifiableCredential);
  const count = contained.length === 1 ? 'one credential' : `${contained.length} credentials`;
  const detail = `A presentation of ${count}. ${format.detail}`;
  const nested = contained.length === 0 ? emptiness() : await checkEach(contained, verify);
  return [{ ...format, detail }, describeHolder(proofs.map(({ finding }) => finding)), nested];
}

function describeHolder(proofs: readonly Finding[]): Finding {
  const [first] = proofs;
  if (first === undefined) {
    return warn(
      'proof',
      'PRESENTATION_NOT_SIGNED',
      'Nobody signed for handing it over',
      'Anybody who has these credentials could have put them together. Each is looked at on its own below.',
    );
  }
  const broken = proofs.find(({ outcome }) => outcome === 'fail');
  if (broken) return broken;
  return warn(
    'proof',
    'CHALLENGE_UNKNOWN',
    'It was signed for handing over, but not known when and to whom',
    `${first.detail} Nobody here asked for it, so it may be a copy of what was shown to somebody else.`,
  );
}

function emptiness(): Finding {
  const detail = 'It holds no credential.';
  return failed(new Problem('nested', 'unverifiable', 'PRESENTATION_EMPTY', detail));
}

async function resolveHolder(did: string, session: Session): Promise<unknown> {
  if (did.startsWith('did:web:')) return loadDidWeb(did, session).catch(unreachable);
  const resolution = resolveInItself(did);
  if (resolution !== undefined && 'document' in resolution) return resolution.document;
  const detail = 'The keys of its holder are of a kind that is not known here.';
  throw new Problem('proof', 'unverifiable', 'HOLDER_UNREACHABLE', detail);
}

function resolveInItself(did: string): DidResolution | undefined {
  if (did.startsWith('did:key:')) return resolveDidKey(did);
  return did.startsWith('did:jwk:') ? resolveDidJwk(did) : undefined;
}
