import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { encodeMultikey } from '../../src/credentials/multibase.ts';
import { createHolder } from '../support/holder.ts';
import { openVcApi, type VcApi } from '../support/vc-api.ts';

let api: VcApi;
let server: Server;
let elsewhere: string;

beforeAll(async () => {
  server = createServer((asked, answer) => {
    const documents: Readonly<Record<string, object>> = {
      '/school/did.json': { id: elsewhere },
      '/liar/did.json': { id: 'did:web:bank.example' },
    };
    const document = documents[asked.url ?? ''];
    answer.statusCode = document === undefined ? 404 : 200;
    answer.end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  elsewhere = `did:web:127.0.0.1%3A${port}:school`;
  api = await openVcApi({ CAIRN_FETCH_ALLOW: `127.0.0.1:${port}` });
});
afterAll(async () => {
  await api.cairn.close();
  server.closeAllConnections();
  server.close();
});

const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('GET /1.0/identifiers/{did}', () => {
  const get = (did: string, accept = '*/*') =>
    request(api.cairn.app).get(`/1.0/identifiers/${did}`).set('Accept', accept);
  const describes = (id: string) => ({
    didDocument: { id },
    didResolutionMetadata: { contentType: 'application/did+ld+json' },
    didDocumentMetadata: {},
  });

  it('finds our own, however the address is written', async () => {
    for (const written of [api.did, encodeURIComponent(api.did)]) {
      const answer = await get(written);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('application/did-resolution');
      expect(textOf(answer)).toMatchObject(describes(api.did));
    }
  });

  it('gives the document alone to who asks for that', async () => {
    const answer = await get(api.did, 'application/did+ld+json');
    expect(answer.headers['content-type']).toContain('application/did+ld+json');
    expect(textOf(answer)).toMatchObject({ id: api.did });
  });

  it('looks up those of others, and believes only what is about them', async () => {
    expect(textOf(await get(elsewhere))).toMatchObject(describes(elsewhere));
    expect((await get(elsewhere.replace('school', 'nobody'))).status).toBe(404);
    expect((await get(elsewhere.replace('school', 'liar'))).status).toBe(404);
  });

  it('finds keys in their DIDs', async () => {
    const { did: key, multikey } = createHolder();
    expect(textOf(await get(key))).toMatchObject({
      ...describes(key),
      didDocument: {
        id: key,
        verificationMethod: [{ id: `${key}#${multikey}`, publicKeyMultibase: multikey }],
        authentication: [`${key}#${multikey}`],
      },
    });
    const onCurve = 'did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv';
    expect(textOf(await get(onCurve))).toMatchObject(describes(onCurve));
    const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'jwk',
    });
    const jwkDid = `did:jwk:${encode(JSON.stringify(jwk))}`;
    expect(textOf(await get(jwkDid))).toMatchObject({
      ...describes(jwkDid),
      didDocument: { verificationMethod: [{ id: `${jwkDid}#0`, publicKeyJwk: jwk }] },
    });
  });

  it.each([
    ['invalidDid', 400, 'hello'],
    ['invalidDid', 400, 'did:key:z6Mk'],
    ['invalidDid', 400, 'did:key:zzzz0'],
    ['invalidDid', 400, 'did:jwk:e30'],
    ['invalidDid', 400, `did:jwk:${encode('{"kty":"oct","k":"AA"}')}`],
    ['invalidDid', 400, 'did:web:..'],
    ['invalidDid', 400, encodeURIComponent('did:web:a.example#key-1')],
    ['notFound', 404, 'did:web:localhost%3A3000:issuers:nobody'],
    ['notFound', 404, 'did:web:127.0.0.1'],
    ['methodNotSupported', 501, 'did:ion:abc'],
    ['methodNotSupported', 501, 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
    // P-256, and no point on that curve.
    ['invalidDid', 400, `did:key:${encodeMultikey(new Uint8Array(33).fill(5), 'P-256')}`],
  ])('answers %s (%i) to %s', async (error, status, wanted) => {
    const answer = await get(wanted);
    expect(answer.status).toBe(status);
    expect(textOf(answer)).toMatchObject({ didDocument: null, didResolutionMetadata: { error } });
  });
});

it('does not repeat a secret that somebody put into a DID', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = privateKey.export({ format: 'jwk' });
  const answer = await request(api.cairn.app).get(
    `/1.0/identifiers/did:jwk:${encode(JSON.stringify(secret))}`,
  );
  expect(answer.status).toBe(400);
  expect(textOf(answer)).toMatchObject({ didResolutionMetadata: { error: 'invalidDid' } });
});

/** supertest does not take these media types for JSON. */
function textOf({ body, text }: request.Response): unknown {
  return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : text) as unknown;
}
