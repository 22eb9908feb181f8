import { Problem } from './problem.ts';

// did:web §3.2. Only the colon of a port may be percent-encoded, so nothing else can be smuggled into the address.
const pattern =
  /^did:web:([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?:%3[Aa](\d{1,5}))?((?::[\w.~-]+)*)$/;

/** Where the document of a did:web is found: over https, and over http for hosts that are allowed to. */
export function didWebUrls(did: string): readonly [secure: string, plain: string] {
  const [, host, port, path = ''] = pattern.exec(did) ?? [];
  const segments = path.split(':').slice(1);
  if (host === undefined || segments.some((segment) => /^\.+$/.test(segment))) {
    const detail = 'The issuer’s identifier is not a proper did:web.';
    throw new Problem('issuer', 'invalid', 'ISSUER_MALFORMED', detail);
  }
  const authority = port === undefined ? host : `${host}:${port}`;
  const file = segments.length === 0 ? '.well-known/did.json' : `${segments.join('/')}/did.json`;
  return [`https://${authority}/${file}`, `http://${authority}/${file}`];
}

/** `host[:port]` of a did:web; undefined for everything else. */
export function didWebHost(did: string): string | undefined {
  const [, host, port] = pattern.exec(did) ?? [];
  return port === undefined ? host : `${host}:${port}`;
}
