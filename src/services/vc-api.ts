import type { DocumentLoader } from '../credentials/documents.ts';
import { signAnyCredential } from '../credentials/sign/any-credential.ts';
import { parseStatusEntry } from '../credentials/status/entry.ts';
import {
  unsupportedPresentation,
  type PresentationExpectations,
} from '../credentials/verify/presentation.ts';
import { Problem } from '../credentials/verify/problem.ts';
import type { Json } from '../credentials/verify/types.ts';
import { idOf, list, typesOf } from '../credentials/verify/values.ts';
import {
  toCredentialReport,
  toPresentationReport,
  type CredentialReport,
  type PresentationReport,
} from '../credentials/verify/vcalm.ts';
import { assertCan, type Actor } from '../domain/roles.ts';
import { toTimestamp, type Clock } from '../shared/clock.ts';
import { defined } from '../shared/defined.ts';
import { invalid, notFound, ServiceError } from '../shared/errors.ts';
import { sha256 } from '../shared/ids.ts';
import type { Urls } from '../shared/urls.ts';
import type { AuditService } from './audit.ts';
import type { CredentialService } from './credentials.ts';
import type { DidResolver } from './did-resolver.ts';
import type { SigningKeyService } from './signing-keys.ts';
import type { VerificationService } from './verification.ts';

interface Dependencies {
  readonly keys: SigningKeyService;
  readonly audit: AuditService;
  readonly credentials: Pick<CredentialService, 'get' | 'revoke'>;
  readonly verification: Pick<VerificationService, 'verify' | 'verifyPresentation'>;
  readonly resolver: DidResolver;
  readonly documents: DocumentLoader;
  readonly urls: Urls;
  readonly now: Clock;
}

export interface StatusChange {
  readonly credentialId: string;
  readonly credentialStatus: Json;
  readonly status: boolean;
}

export type VcApiService = ReturnType<typeof createVcApiService>;

/** What the Verifiable Credential API (VCALM) asks of an issuer and of a verifier. */
export function createVcApiService(dependencies: Dependencies) {
  const { verification, resolver, documents, now } = dependencies;

  return { issue, setStatus, verifyCredential, verifyPresentation };

  /** Signs what the caller composed with the organization's key. It is given back and not kept; that it was signed is. */
  async function issue(actor: Actor, credential: Json, credentialId?: string): Promise<Json> {
    assertCan(actor, 'credentials.sign-any');
    const { keys, audit, urls } = dependencies;
    const named = withIssuer(credential, urls.issuerDid(actor.organization));
    assertNotReserved(named, urls);
    const { dataIntegrity } = await keys.currentKeys(actor.organization);
    const signer = await keys.signerOf(dataIntegrity);
    const created = new Date(toTimestamp(now()));
    const options = { urls, signer, created, documentLoader: documents };
    const signed = await signAnyCredential(named, options);
    await audit.record(actor, {
      action: 'credential.signed-as-given',
      subject: `document:${sha256(JSON.stringify(signed))}`,
      details: defined({ key: dataIntegrity, credentialId }),
    });
    return signed;
  }

  /** Sets the revocation bit of one of our credentials; nothing clears it again. */
  async function setStatus(actor: Actor, change: StatusChange): Promise<void> {
    assertCan(actor, 'credentials.sign-any');
    const { credentials, urls } = dependencies;
    assertRevocation(change);
    const start = urls.credential('');
    if (!change.credentialId.startsWith(start)) throw notFound('credential');
    const { id, document } = await credentials.get(actor, change.credentialId.slice(start.length));
    assertSameEntry(change.credentialStatus, JSON.parse(document) as Json);
    await credentials.revoke(actor, id, 'Revoked through the VC API.');
  }

  /** A bad credential is a report, not an error. */
  async function verifyCredential(input: string | object): Promise<CredentialReport> {
    const result = await verification.verify(input);
    const proofs = typesOf(input).includes('EnvelopedVerifiableCredential')
      ? []
      : list((input as Json).proof);
    const only = proofs.length === 1;
    const verified = [];
    // The engine is content with one proof that holds; who asks this way wants to know about each.
    for (const proof of isTooMany(proofs) ? [] : proofs) {
      const { checks } = only ? result : await verification.verify({ ...(input as Json), proof });
      const holds = checks.some(({ id, outcome }) => id === 'proof' && outcome === 'pass');
      verified.push({ verified: holds, input: proof });
    }
    return { ...toCredentialReport(result, verified), credential: input };
  }

  async function verifyPresentation(
    presentation: Json,
    expected: PresentationExpectations,
  ): Promise<PresentationReport> {
    const result = typesOf(presentation).includes('EnvelopedVerifiablePresentation')
      ? unsupportedPresentation()
      : await verification.verifyPresentation(presentation, expected, resolveHolder);
    return toPresentationReport(result, presentation, expected);
  }

  async function resolveHolder(did: string): Promise<unknown> {
    const found = await resolver.resolve(did);
    if ('document' in found) return found.document;
    const detail = `The keys of its holder could not be looked up. ${found.message}`;
    throw new Problem('proof', 'unverifiable', 'HOLDER_UNREACHABLE', detail);
  }
}

/** More than the engine looks at. */
function isTooMany(proofs: readonly unknown[]): boolean {
  return proofs.length > 4;
}

function withIssuer(credential: Json, issuer: string): Json {
  if (credential.issuer === undefined) return { ...credential, issuer };
  if (idOf(credential.issuer) === issuer) return credential;
  throw new ServiceError(
    'unprocessable',
    'credential.wrong_issuer',
    `Your school signs only as itself: leave the issuer out or make it ${issuer}.`,
  );
}

/** Badges and status lists have ways of their own to come into being; nothing else may pass itself off as them. */
function assertNotReserved(credential: Json, urls: Urls): void {
  const id = idOf(credential.id) ?? '';
  const isOurs = URL.canParse(id) && new URL(id).href.startsWith(new URL(`${urls.base}/`).href);
  if (isOurs) {
    throw new ServiceError(
      'unprocessable',
      'credential.reserved_id',
      'Addresses of this installation are given to credentials that are awarded here: choose another id.',
    );
  }
  if (typesOf(credential).includes('BitstringStatusListCredential')) {
    throw new ServiceError(
      'unprocessable',
      'credential.reserved_type',
      'Status lists are made from what was revoked here and signed by nobody else.',
    );
  }
}

function assertRevocation({ credentialStatus, status }: StatusChange): void {
  if (
    credentialStatus.type !== 'BitstringStatusListEntry' ||
    credentialStatus.statusPurpose !== 'revocation'
  ) {
    throw invalid(
      'status.not_supported',
      'Here a credential can be revoked: a BitstringStatusListEntry for revocation.',
    );
  }
  if (!status) {
    throw invalid('status.final', 'A revoked credential stays revoked. Award it again instead.');
  }
}

/** Who names the entry has to name that of this credential. */
function assertSameEntry(given: Json, { credentialStatus }: Json): void {
  const own = parseStatusEntry(credentialStatus);
  const { statusListCredential = own.list, statusListIndex = String(own.index) } = given;
  if (statusListCredential !== own.list || String(statusListIndex) !== String(own.index)) {
    throw invalid('status.other_entry', 'This is not the status entry of this credential.');
  }
}
