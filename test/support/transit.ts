import {
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string;
  readonly namespace: unknown;
}

interface Key {
  readonly type: string;
  readonly versions: KeyObject[];
}

/** What the service does instead of answering as it should. A refusal repeats the token, as a careless proxy may. */
const troubles = {
  sealed: (response: ServerResponse, { token }: Asked) => tell(response, 503, { errors: [token] }),
  broken: (response: ServerResponse, { token }: Asked) => tell(response, 500, { errors: [token] }),
  forbidden: (response: ServerResponse, { token }: Asked) =>
    tell(response, 403, { errors: [token] }),
  redirects: (response: ServerResponse, { path }: Asked) =>
    response.writeHead(307, { location: `/elsewhere${path}` }).end(),
  garbage: (response: ServerResponse) => response.end('<html>It works!</html>'),
  nothing: (response: ServerResponse) => tell(response, 200, { data: {} }),
  'too much': (response: ServerResponse) =>
    tell(response, 200, { data: { signature: 'x'.repeat(1_000_000) } }),
  silent: (response: ServerResponse) => response,
  'hangs up': (response: ServerResponse) => response.destroy(),
} as const;

export type Trouble = keyof typeof troubles | 'wrong signature' | 'other key';

function tell(response: ServerResponse, status: number, answer: object): ServerResponse {
  return response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify(answer));
}

function makeKey(type: string): KeyObject {
  return type === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** An Ed25519 key as the base64 of its 32 bytes, an RSA key as PEM. */
function showPublicKey(key: KeyObject): string {
  const publicKey = createPublicKey(key);
  return key.asymmetricKeyType === 'ed25519'
    ? Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url').toString('base64')
    : String(publicKey.export({ format: 'pem', type: 'spki' }));
}

async function readBody(request: IncomingMessage): Promise<Asked['body']> {
  return request.method === 'POST' ? ((await json(request)) as Asked['body']) : {};
}

/**
 * A signing service: of the HTTP API of HashiCorp Vault's and OpenBao's transit engine what is needed to make a key, to
 * read its public half and to sign. Told to, it does one of several things wrong.
 */
export async function startTransit({ mount = 'transit' } = {}) {
  const keys = new Map<string, Key>();
  const asked: Asked[] = [];
  const state: { trouble?: Trouble | undefined; token: string } = { token: `s.${randomUUID()}` };
  const paths = new RegExp(`^/v1/${mount}/(keys|sign)/([\\w-]+)(?:/sha2-(256))?$`);

  /** The `data` of an answer; undefined: there is no such thing. */
  function answer({ method, path, body }: Asked): object | undefined {
    const [, action, name = '', hash] = paths.exec(path) ?? [];
    if (action === 'keys' && method === 'POST') {
      const type = String(body.type);
      if (!keys.has(name)) keys.set(name, { type, versions: [makeKey(type)] });
      return {};
    }
    const key = keys.get(name);
    if (key === undefined) return undefined;
    if (action === 'sign') return answerSign(key, body, hash);
    const shown = key.versions.map((one, i) => [i + 1, { public_key: showPublicKey(one) }]);
    return { type: key.type, exportable: false, keys: Object.fromEntries(shown) as object };
  }

  function answerSign({ type, versions }: Key, body: Asked['body'], hash?: string) {
    const version = Number(body.key_version ?? 0) || versions.length;
    const key = state.trouble === 'other key' ? makeKey(type) : versions[version - 1];
    // RSA signatures are PSS unless asked otherwise, and that is not RS256.
    if (key === undefined || (type !== 'ed25519' && body.signature_algorithm !== 'pkcs1v15')) {
      return undefined;
    }
    const data = Buffer.from(String(body.input), 'base64');
    const signature = sign(type === 'ed25519' ? null : `sha${hash}`, data, key);
    if (state.trouble === 'wrong signature') signature.writeUInt8(signature.readUInt8(9) ^ 1, 9);
    return { signature: `vault:v${version}:${signature.toString('base64')}` };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const token = String(headers['x-vault-token']);
    const namespace = headers['x-vault-namespace'];
    const question = { method, path, body: await readBody(request), token, namespace };
    asked.push(question);
    const { trouble } = state;
    if (trouble !== undefined && trouble in troubles) {
      troubles[trouble as keyof typeof troubles](response, question);
      return;
    }
    const data = token === state.token ? answer(question) : undefined;
    if (data !== undefined) tell(response, 200, { data });
    else tell(response, token === state.token ? 404 : 403, { errors: [token] });
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    /** Every request so far. */
    asked,
    keys,
    /** What an operator may do over there: every key gets another version, which signs unless an older one is named. */
    replaceKeys: () => {
      for (const { type, versions } of keys.values()) versions.push(makeKey(type));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Transit = Awaited<ReturnType<typeof startTransit>>;
