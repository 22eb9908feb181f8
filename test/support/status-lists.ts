import { gunzipSync } from 'node:zlib';
import type { Json } from './json-places.ts';

/** A status list as a stranger reads it (Bitstring Status List 1.0 §3.2), without our own code. */
export function readStatusList(text: string) {
  const credential = JSON.parse(text) as Json;
  const { encodedList } = credential.credentialSubject as { readonly encodedList: string };
  const bytes = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
  const isSet = (index: number) => ((bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  const set = Array.from({ length: bytes.length * 8 }, (_, index) => index).filter(isSet);
  return { credential, validFrom: String(credential.validFrom), set };
}

/** Where a credential's bits are: path of the list and index. */
export function statusPlaces(credential: unknown) {
  const { credentialStatus } = credential as { readonly credentialStatus: Json };
  const { statusListCredential, statusListIndex, statusReference } = credentialStatus;
  const [suspensionList = '', suspensionIndex] = String(statusReference).split('#');
  return {
    revocation: {
      path: new URL(String(statusListCredential)).pathname,
      index: Number(statusListIndex),
    },
    suspension: { path: new URL(suspensionList).pathname, index: Number(suspensionIndex) },
  };
}
