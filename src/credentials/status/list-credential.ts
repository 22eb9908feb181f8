import { listMaxAgeSeconds, type StatusList } from '../../domain/status.ts';
import type { Urls } from '../../shared/urls.ts';
import { contextUrls } from '../documents.ts';
import { encodeBitstring } from './bitstring.ts';

export interface StatusListInput {
  readonly urls: Urls;
  readonly organization: string;
  readonly list: Pick<StatusList, 'id' | 'purpose' | 'updatedAt'>;
  readonly bits: Uint8Array;
}

/** A BitstringStatusListCredential without its proof (Bitstring Status List 1.0 §2.2). */
export interface StatusListCredential {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly type: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: 'BitstringStatusList';
    readonly statusPurpose: StatusList['purpose'];
    /** Milliseconds. */
    readonly ttl: number;
    readonly encodedList: string;
  };
}

export function buildStatusListCredential(input: StatusListInput): StatusListCredential {
  const { urls, organization, list, bits } = input;
  const id = urls.statusList(list.id);
  return {
    '@context': [contextUrls.credentialsV2],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: urls.issuerDid(organization),
    // To the millisecond: two changes within one second are two lists.
    validFrom: list.updatedAt.toISOString(),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.purpose,
      ttl: listMaxAgeSeconds * 1_000,
      encodedList: encodeBitstring(bits),
    },
  };
}
