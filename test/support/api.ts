/** What a call answered: `body` is what the test says it is. */
export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The management API as somebody with this key calls it, over HTTP. */
export function createApi(base: string, key: string) {
  return { send, call, upload };

  /** Objects and texts go as JSON; a form or a blob says itself what it is. */
  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered<T>> {
    const isItself = body === undefined || body instanceof FormData || body instanceof Blob;
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(isItself ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isItself ? body : toText(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }

  /** The body of a call that must succeed. */
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await send<T>(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async function upload(name: string, content: string): Promise<{ id: string }> {
    const form = new FormData();
    form.append('file', new Blob([content]), name);
    return call('POST', '/files', form);
  }
}

export type Api = ReturnType<typeof createApi>;

function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
