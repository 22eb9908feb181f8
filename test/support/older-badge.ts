import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Json } from './json-places.ts';

const context = 'https://w3id.org/openbadges/v2';
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An issuer of Open Badges 2.0 on a host of its own: what it publishes, and what it signs. */
export function createOlderIssuer(host = 'old.example', scheme = 'https') {
  const at = (path: string) => `${scheme}://${host}/${path}`;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyId = at('key');

  const profile: Json = {
    '@context': context,
    id: at('issuer'),
    type: 'Issuer',
    name: 'Old School',
    url: at(''),
    publicKey: keyId,
    revocationList: at('revoked'),
  };
  const badgeClass: Json = {
    '@context': context,
    id: at('badge'),
    type: 'BadgeClass',
    name: 'Robotics',
    description: 'Builds robots.',
    criteria: { narrative: 'Built one.' },
    image: at('badge.png'),
    issuer: at('issuer'),
  };
  const key: Json = {
    '@context': context,
    id: keyId,
    type: 'CryptographicKey',
    owner: at('issuer'),
    publicKeyPem: pem(rsa.publicKey),
  };
  const revocationList: Json = {
    '@context': context,
    id: at('revoked'),
    type: 'RevocationList',
    issuer: at('issuer'),
    revokedAssertions: [],
  };

  function assertion(change: Json = {}): Json {
    return {
      '@context': context,
      id: at('assertions/1'),
      type: 'Assertion',
      recipient: { type: 'email', hashed: true, salt: 'x', identity: 'sha256$abc' },
      badge: at('badge'),
      issuedOn: '2020-06-30T12:00:00+00:00',
      verification: { type: 'HostedBadge' },
      ...change,
    };
  }

  /** The same as an assertion that is signed. */
  function signable(change: Json = {}): Json {
    const verification = { type: 'SignedBadge', creator: keyId };
    return assertion({
      id: 'urn:uuid:5e5f1b5c-0f5a-4d8f-9d6a-3a8f3a0d7d10',
      verification,
      ...change,
    });
  }

  function signToken(claims: Json, header: Json = {}, privateKey = rsa.privateKey): string {
    const signed = `${encode({ alg: 'RS256', ...header })}.${encode(claims)}`;
    const hash = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    const signature = sign(hash, Buffer.from(signed), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** Everything that its site shows, with changes by path; undefined takes a document away. */
  function site(change: Json = {}): Json {
    const documents: Json = {
      issuer: profile,
      badge: badgeClass,
      key,
      revoked: revocationList,
      'assertions/1': assertion(),
      ...change,
    };
    return Object.fromEntries(
      Object.entries(documents).map(([path, document]) => [at(path), document]),
    );
  }

  return {
    at,
    profile,
    badgeClass,
    key,
    keyId,
    revocationList,
    assertion,
    signable,
    signToken,
    site,
  };
}

export function pem(key: KeyObject): string {
  return key.export({ type: key.type === 'public' ? 'spki' : 'pkcs8', format: 'pem' }) as string;
}

/** A picture of one pixel with a text chunk in it, put together without our own code. */
export function bakeOlderPng(text: string, type: 'iTXt' | 'tEXt', keyword = 'openbadges'): Buffer {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const flags = type === 'iTXt' ? '\0\0\0\0' : '';
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk(type, Buffer.from(`${keyword}\0${flags}${text}`)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
