import type { DocumentLoader } from '../../credentials/documents.ts';
import { signAnyCredential, type ProofWishes } from '../../credentials/sign/any-credential.ts';
import { parseStatusEntries, type StatusEntry } from '../../credentials/status/entry.ts';
import {
  assertExpected,
  type PresentationExpectations,
  type PresentationResult,
} from '../../credentials/verify/presentation.ts';
import { asProblem, failed, Problem } from '../../credentials/verify/problem.ts';
import type { Json, Outcome, VerificationResult } from '../../credentials/verify/types.ts';
import { clockSkew, idOf, isObject, list, typesOf } from '../../credentials/verify/values.ts';
import {
  toCredentialReport,
  toPresentationReport,
  type CredentialReport,
  type PresentationReport,
} from '../../credentials/verify/vcalm.ts';
import { assertCan, type Actor } from '../../domain/roles.ts';
import type { StatusPurpose } from '../../domain/status.ts';
import { toTimestamp, type Clock } from '../../shared/clock.ts';
import { defined } from '../../shared/defined.ts';
import { invalid, ServiceError } from '../../shared/errors.ts';
import { sha256 } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AuditService } from '../audit.ts';
import type { CredentialService } from './credentials.ts';
import type { CredentialStatusService } from './credential-status.ts';
import type { DidResolver } from '../verification/did-resolver.ts';
import type { IssuanceLogService } from './issuance-log.ts';
import type { SignedStatusService } from './signed-status.ts';
import type { SigningKeyService } from './signing-keys.ts';
import type { VerificationService } from '../verification/verification.ts';

interface Dependencies {
  readonly keys: SigningKeyService;
  readonly audit: AuditService;
  readonly issuanceLog: Pick<IssuanceLogService, 'appendDocument'>;
  readonly credentials: Pick<CredentialService, 'get'>;
  readonly credentialStatus: CredentialStatusService;
  readonly verification: Pick<VerificationService, 'verifyWithProofs' | 'verifyPresentation'>;
  readonly signedStatus: SignedStatusService;
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

export interface IssueWishes extends ProofWishes {
  readonly credentialId?: string;
  /** For which it gets a place on a status list. */
  readonly purposes?: readonly StatusPurpose[];
}

/** What whoever asks wants the proofs of a credential to be for. */
interface ProofExpectations extends PresentationExpectations {
  readonly expectedProofPurpose?: string | undefined;
}

/** The report, and the outcome in one word. */
interface Reported<T> {
  readonly outcome: Outcome;
  readonly report: T;
}

export type VcApiService = ReturnType<typeof createVcApiService>;

/** What the Verifiable Credential API (VCALM) asks of an issuer and of a verifier. */
export function createVcApiService(dependencies: Dependencies) {
  const { verification, resolver, documents, now } = dependencies;

  return { issue, setStatus, verifyCredential, verifyPresentation };

  /** Signs what the caller composed with the organization's key. It is given back and not kept; that it was signed is. */
  async function issue(
    actor: Actor,
    credential: Json,
    { credentialId, purposes = [], ...wishes }: IssueWishes = {},
  ): Promise<Json> {
    assertCan(actor, 'credentials.sign-any');
    const { keys, audit, issuanceLog, signedStatus, urls } = dependencies;
    const own = withIssuer(credential, urls.issuerDid(actor.organization));
    assertNotReserved(own, urls);
    const at = new Date(toTimestamp(now()));
    assertNotAhead(wishes.created, at);
    const { dataIntegrity } = await keys.currentKeys(actor.organization);
    const signer = await keys.signerOf(dataIntegrity);
    const options = { urls, signer, now: at, wishes, documentLoader: documents };
    const document = await signedStatus.addEntries(actor, own, defined({ purposes, credentialId }));
    const signed = await signAnyCredential(document, options);
    await issuanceLog.appendDocument(actor.organization, signed);
    await audit.record(actor, {
      action: 'credential.signed-as-given',
      subject: `document:${sha256(JSON.stringify(signed))}`,
      details: defined({ key: dataIntegrity, credentialId }),
    });
    return signed;
  }

  /** Sets a bit of one of our credentials, or clears that of a suspension; what is so already is left alone. */
  async function setStatus(actor: Actor, change: StatusChange): Promise<void> {
    assertCan(actor, 'credentials.sign-any');
    const { credentials, credentialStatus: own, signedStatus, urls } = dependencies;
    const { credentialId, credentialStatus, status } = change;
    assertSupported(change);
    const start = urls.credential('');
    if (!credentialId.startsWith(start)) {
      const purpose = credentialStatus.statusPurpose === 'suspension' ? 'suspension' : 'revocation';
      const reason = 'Changed through the VC API.';
      await signedStatus.set(actor, credentialId, { purpose, set: status, reason });
      return;
    }
    const { id, document, state } = await credentials.get(actor, credentialId.slice(start.length));
    const { purpose } = findOwnEntry(change, JSON.parse(document) as Json);
    if (purpose === 'revocation') {
      await own.revoke(actor, id, 'Revoked through the VC API.');
    } else if (status) {
      await own.suspend(actor, id, 'Suspended through the VC API.');
    } else if (state !== 'valid') {
      await own.reinstate(actor, id, 'Reinstated through the VC API.');
    }
  }

  /** A bad credential is a report, not an error. */
  async function verifyCredential(
    input: string | object,
    expected: ProofExpectations = {},
  ): Promise<Reported<CredentialReport>> {
    const { proofs: held = [], ...result } = await verification.verifyWithProofs(input);
    const proofs = typesOf(input).includes('EnvelopedVerifiableCredential')
      ? []
      : list((input as Json).proof);
    const verified = proofs.map((proof, place) => ({
      verified: held[place] === true,
      input: proof,
    }));
    const report = toCredentialReport(meetExpectations(result, proofs, expected), verified);
    return { outcome: result.outcome, report: { ...report, credential: input } };
  }

  async function verifyPresentation(
    presentation: Json,
    expected: PresentationExpectations,
  ): Promise<Reported<PresentationReport>> {
    const result = await verification.verifyPresentation(presentation, expected, resolveHolder);
    return {
      outcome: outcomeOf(result),
      report: toPresentationReport(result, presentation, expected),
    };
  }

  async function resolveHolder(did: string): Promise<unknown> {
    const found = await resolver.resolve(did);
    if ('document' in found) return found.document;
    const detail = `The keys of its holder could not be looked up. ${found.message}`;
    throw new Problem('proof', 'unverifiable', 'HOLDER_UNREACHABLE', detail);
  }
}

/** A result that fails when none of the proofs was made for what the caller expects. */
function meetExpectations(
  result: VerificationResult,
  proofs: readonly unknown[],
  { expectedProofPurpose, ...answers }: ProofExpectations,
): VerificationResult {
  const findings = proofs.filter(isObject).map((proof) => {
    try {
      assertExpected(proof, answers);
      assertPurpose(proof, expectedProofPurpose);
      return undefined;
    } catch (error) {
      return failed(asProblem('proof', error));
    }
  });
  const [first] = findings;
  if (first === undefined || findings.includes(undefined)) return result;
  return { ...result, verified: false, checks: [...result.checks, first] };
}

function assertPurpose({ proofPurpose }: Json, expected: string | undefined): void {
  if (expected === undefined || proofPurpose === expected) return;
  const detail = 'It was signed for another purpose than the one that was asked for.';
  throw new Problem('proof', 'invalid', 'PROOF_PURPOSE', detail);
}

/** Of the presentation itself; what it holds is judged one by one. */
function outcomeOf({ verified, format, proofs }: PresentationResult): Outcome {
  if (verified) return 'valid';
  const verdicts = [format.verdict, ...proofs.map(({ finding }) => finding.verdict)];
  return verdicts.includes('invalid') ? 'invalid' : 'unverifiable';
}

/** Nobody has signed tomorrow; clocks may differ a little. */
function assertNotAhead(created: Date | undefined, now: Date): void {
  if (created === undefined || created.getTime() - now.getTime() <= clockSkew) return;
  throw invalid('proof.created_ahead', 'The time of signing (created) lies in the future.');
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
  const isOurs = (value: unknown) => {
    const id = idOf(value) ?? '';
    return URL.canParse(id) && new URL(id).href.startsWith(new URL(`${urls.base}/`).href);
  };
  if (isOurs(credential.id)) {
    throw new ServiceError(
      'unprocessable',
      'credential.reserved_id',
      'Addresses of this installation are given to credentials that are awarded here: choose another id.',
    );
  }
  const subjects = list(credential.credentialSubject).filter(isObject);
  if (subjects.some(({ achievement }) => list(achievement).some(isOurs))) {
    throw new ServiceError(
      'unprocessable',
      'credential.reserved_achievement',
      'What this school publishes is awarded here, and a level by its rule: award it instead of composing a credential.',
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

function assertSupported({ credentialStatus, status }: StatusChange): void {
  const { type, statusPurpose } = credentialStatus;
  if (
    type !== 'BitstringStatusListEntry' ||
    (statusPurpose !== 'revocation' && statusPurpose !== 'suspension')
  ) {
    throw invalid(
      'status.not_supported',
      'Here a credential can be revoked or suspended: a BitstringStatusListEntry for revocation or suspension.',
    );
  }
  if (statusPurpose === 'revocation' && !status) {
    throw invalid('status.final', 'A revoked credential stays revoked. Award it again instead.');
  }
}

/** Who names the entry has to name that of this credential. */
function findOwnEntry({ credentialStatus: given }: StatusChange, credential: Json): StatusEntry {
  const own = parseStatusEntries(credential.credentialStatus).find(
    ({ purpose }) => purpose === given.statusPurpose,
  );
  const { statusListCredential = own?.list, statusListIndex = String(own?.index) } = given;
  if (
    own === undefined ||
    statusListCredential !== own.list ||
    String(statusListIndex) !== String(own.index)
  ) {
    throw invalid('status.other_entry', 'This is not the status entry of this credential.');
  }
  return own;
}
