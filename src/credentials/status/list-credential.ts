import { toTimestamp } from '../../shared/clock.ts';
import type { Urls } from '../../shared/urls.ts';
import { contextUrls } from '../documents.ts';
import { encodeBitstring } from './bitstring.ts';

export type StatusPurpose = 'revocation' | 'suspension';

export interface StatusListInput {
  readonly urls: Urls;
  readonly organization: string;
  readonly list: { readonly id: string; readonly purpose: StatusPurpose };
  readonly bits: Uint8Array;
  readonly validFrom: Date;
  readonly validUntil?: Date;
}

/** A BitstringStatusListCredential without its proof (Bitstring Status List 1.0 §2.2). */
export interface StatusListCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: 'BitstringStatusList';
    readonly statusPurpose: StatusPurpose;
    readonly encodedList: string;
  };
}

export function buildStatusListCredential(input: StatusListInput): StatusListCredential {
  const { urls, organization, list, bits, validFrom, validUntil } = input;
  const id = urls.statusList(list.id);
  return {
    '@context': [contextUrls.credentialsV2],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: urls.issuerDid(organization),
    validFrom: toTimestamp(validFrom),
    ...(validUntil && { validUntil: toTimestamp(validUntil) }),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.purpose,
      encodedList: encodeBitstring(bits),
    },
  };
}
