import type { Signer } from '../keys/key-store.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS whose `typ` keeps it apart from credentials: what an issuer says its log is at this time. */
export async function signCheckpoint(
  { issuer, size, root, at }: { issuer: string; size: number; root: string; at: string },
  { signer, kid }: { signer: Pick<Signer, 'sign'>; kid: string },
): Promise<string> {
  const header = { alg: 'RS256', kid, typ: 'log-checkpoint+jwt' };
  const claims = { iss: issuer, iat: Math.floor(Date.parse(at) / 1000), size, root };
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = await signer.sign(Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
}
