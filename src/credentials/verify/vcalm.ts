import type { PresentationExpectations, PresentationResult } from './presentation.ts';
import { isProved } from './problem.ts';
import type { Check, Json, VerificationResult } from './types.ts';
import { isObject, list } from './values.ts';

// What was found, in the shapes of the Verifiable Credential API for Lifecycle Management (VCALM).

export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly code?: string;
}

interface Verified {
  readonly verified: boolean;
  readonly input: unknown;
}

export interface CredentialReport {
  readonly verified: boolean;
  readonly credential?: unknown;
  readonly problemDetails?: readonly ProblemDetails[];
  readonly results?: {
    readonly validFrom?: Verified;
    readonly validUntil?: Verified;
    readonly credentialStatus?: readonly Verified[];
    readonly credentialSchema?: readonly Verified[];
    readonly proof?: readonly Verified[];
  };
}

const dataModel = 'https://www.w3.org/TR/vc-data-model#';
const statusList = 'https://www.w3.org/ns/credentials/status-list#';
const security = 'https://w3id.org/security#';

/** VCDM 2.0 §7.1, Bitstring Status List §3.4 and Data Integrity §3.8 name the kinds of problems. */
const typesByCheck: Readonly<Record<Check['id'], string>> = {
  format: `${dataModel}PARSING_ERROR`,
  schema: `${dataModel}MALFORMED_VALUE_ERROR`,
  proof: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  issuer: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  validity: `${dataModel}RANGE_ERROR`,
  status: `${statusList}STATUS_VERIFICATION_ERROR`,
  endorsements: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
  nested: `${dataModel}CRYPTOGRAPHIC_SECURITY_ERROR`,
};
const typesByCode: Readonly<Record<string, string>> = {
  DATE_MALFORMED: `${dataModel}MALFORMED_VALUE_ERROR`,
  STATUS_RETRIEVAL_ERROR: `${statusList}STATUS_RETRIEVAL_ERROR`,
  STATUS_LIST_LENGTH_ERROR: `${statusList}STATUS_LIST_LENGTH_ERROR`,
  CHALLENGE_MISMATCH: `${security}INVALID_CHALLENGE_ERROR`,
  DOMAIN_MISMATCH: `${security}INVALID_DOMAIN_ERROR`,
};

function toProblemDetails(checks: readonly Check[]): readonly ProblemDetails[] {
  return checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, code, title, detail }) => ({
      type: typesByCode[code ?? ''] ?? typesByCheck[id],
      title,
      detail,
      ...(code !== undefined && { code }),
    }));
}

/** `proofs` says of each proof whether it holds on its own. */
export function toCredentialReport(
  result: VerificationResult,
  proofs: readonly Verified[],
): CredentialReport {
  const { credential = {}, checks } = result;
  const passed = (id: Check['id']) =>
    checks.some((check) => check.id === id && check.outcome === 'pass');
  const inForce = passed('validity');
  const dated = (name: string, codeOfOther: string) => {
    const input = credential[name];
    if (input === undefined) return {};
    const isOther = checks.some(({ id, code }) => id === 'validity' && code === codeOfOther);
    return { [name]: { verified: inForce || isOther, input } };
  };
  const each = (name: string, verified: boolean) => {
    const inputs = list(credential[name]);
    return inputs.length === 0 ? {} : { [name]: inputs.map((input) => ({ verified, input })) };
  };
  return {
    verified: result.verified,
    problemDetails: toProblemDetails(checks),
    results: {
      ...dated('validFrom', 'EXPIRED'),
      ...dated('validUntil', 'NOT_YET_VALID'),
      ...each('credentialStatus', passed('status')),
      ...each('credentialSchema', passed('schema')),
      ...(proofs.length > 0 && { proof: proofs }),
    },
  };
}

export interface PresentationReport {
  readonly verified: boolean;
  readonly verifiablePresentation?: unknown;
  readonly problemDetails?: readonly ProblemDetails[];
  readonly results?: {
    readonly presentation: Readonly<Record<string, unknown>>;
    readonly credentials: readonly CredentialReport[];
  };
}

export function toPresentationReport(
  { verified, format, proofs, credentials }: PresentationResult,
  presentation: Json,
  expected: PresentationExpectations,
): PresentationReport {
  const findings = proofs.map(({ finding }) => finding);
  const isSigned = proofs.length > 0;
  const held = isSigned && findings.every(({ outcome }) => outcome === 'pass');
  const answered = (name: keyof PresentationExpectations) => {
    const input = expected[name];
    return input === undefined ? {} : { [name]: { verified: held, input } };
  };
  return {
    verified,
    problemDetails: toProblemDetails([format, ...findings]),
    results: {
      presentation: {
        ...answered('challenge'),
        ...answered('domain'),
        ...(presentation.holder !== undefined && {
          holder: { verified: held, input: presentation.holder },
        }),
        ...(isSigned && {
          proof: proofs.map(({ proof, finding }) => ({
            verified: finding.outcome === 'pass',
            input: proof,
            problemDetails: toProblemDetails([finding]),
          })),
        }),
      },
      credentials: credentials.map(({ credential, result }) => ({
        ...toCredentialReport(result, proofsOf(credential, result)),
        credential,
      })),
    },
  };
}

/** One proof is what the proof check was about; of several it only said that one of them holds. */
function proofsOf(credential: unknown, { checks }: VerificationResult): readonly Verified[] {
  const proofs = isObject(credential) ? list(credential.proof) : [];
  if (proofs.length !== 1) return [];
  return proofs.map((input) => ({ verified: isProved(checks), input }));
}
