import { decodeProtectedHeader } from 'jose';
import { ServiceError } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import { lintCredential } from '../build/lint.ts';
import { verificationMethodId } from '../did.ts';
import type { DocumentLoader } from '../documents.ts';
import type { Signer } from '../keys/key-store.ts';
import type { AchievementCredential } from '../types.ts';
import { checkDataIntegrity, signDataIntegrity } from './data-integrity.ts';
import { checkJwt, signJwt } from './jwt.ts';

export interface IssueOptions {
  readonly urls: Urls;
  readonly signers: { readonly dataIntegrity: Signer; readonly jwt: Signer };
  readonly created: Date;
  readonly documentLoader: DocumentLoader;
}

/** Both forms of one credential, exactly as they are to be kept. */
export interface SignedCredential {
  readonly document: string;
  readonly jwt: string;
}

function assertKeys(issuer: string, { urls, signers }: IssueOptions): void {
  const { dataIntegrity, jwt } = signers;
  const fits =
    dataIntegrity.key.kind === 'Ed25519' &&
    jwt.key.kind === 'RS256' &&
    [dataIntegrity, jwt].every(({ key }) => urls.issuerDid(key.organization) === issuer);
  if (!fits) {
    throw new ServiceError(
      'unprocessable',
      'credential.wrong_key',
      'The signing keys are not those of the issuer of this credential.',
    );
  }
}

/** Lint, sign twice, and read both results back before anybody else sees them. */
export async function issueCredential(
  unsigned: AchievementCredential,
  options: IssueOptions,
): Promise<SignedCredential> {
  const { urls, signers, created, documentLoader } = options;
  const issues = lintCredential(unsigned);
  if (issues.length > 0) {
    throw new ServiceError(
      'unprocessable',
      'credential.not_conformant',
      'The credential does not follow the rules of Open Badges 3.0 and was not signed.',
      { issues },
    );
  }
  const issuer = unsigned.issuer.id;
  assertKeys(issuer, options);

  const { key } = signers.dataIntegrity;
  const verificationMethod = verificationMethodId(urls, key);
  const document = await signDataIntegrity(unsigned, {
    signer: signers.dataIntegrity,
    verificationMethod,
    created,
    documentLoader,
  });
  const jwt = await signJwt(unsigned, {
    signer: signers.jwt,
    kid: urls.key(signers.jwt.key.id),
  });

  const at = new Date(unsigned.validFrom);
  await checkDataIntegrity(document, { key, issuer, verificationMethod, at, documentLoader });
  await checkJwt(jwt, signers.jwt.key.publicJwk);
  return { document, jwt };
}

/** Which keys a credential of ours was signed with: the DID URL's fragment, and the last segment of the JWT's `kid`. */
export function readKeyIds({ document, jwt }: SignedCredential): {
  dataIntegrity: string;
  jwt: string;
} {
  const { proof } = JSON.parse(document) as { proof: { verificationMethod: string } };
  const { kid } = decodeProtectedHeader(jwt);
  return {
    dataIntegrity: proof.verificationMethod.split('#').at(-1) ?? '',
    jwt: kid?.split('/').at(-1) ?? '',
  };
}
