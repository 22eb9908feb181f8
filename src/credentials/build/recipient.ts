import { sha256 } from '../../shared/ids.ts';
import type { IdentityObject } from '../types.ts';
import { cleanText } from './tidy.ts';

/** The learner, as far as a credential may know them. */
export interface Recipient {
  /** A UUID made for this credential alone: it links nothing, and a JWT needs a subject. */
  readonly subject: string;
  readonly email?: { readonly address: string; readonly salt: string };
  /** Stands in the credential only where the school's policy says so. */
  readonly name?: string;
}

/** OB 3.0 §B.2.12: `sha256$`, then the hash of identity and salt. We hash e-mail addresses in lower case. */
export function hashIdentity(identity: string, salt: string): string {
  return `sha256$${sha256(identity + salt)}`;
}

function emailIdentity({ address, salt }: NonNullable<Recipient['email']>): IdentityObject {
  return {
    type: 'IdentityObject',
    hashed: true,
    identityHash: hashIdentity(address.trim().toLowerCase(), salt),
    identityType: 'emailAddress',
    salt,
  };
}

export function buildIdentifiers(recipient: Recipient, withName: boolean): IdentityObject[] {
  const identifiers: IdentityObject[] = [];
  if (recipient.email) identifiers.push(emailIdentity(recipient.email));
  const name = cleanText(recipient.name ?? '').trim();
  if (withName && name !== '') {
    identifiers.push({
      type: 'IdentityObject',
      hashed: false,
      identityHash: name,
      identityType: 'name',
    });
  }
  return identifiers;
}
