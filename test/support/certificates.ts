import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority as a school has one of its own. It goes with the test, keys and all. */
export function createAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-authority-'));
  const [file, key] = [join(folder, 'authority.pem'), join(folder, 'authority.key')];
  make({ key, cert: file, name: 'Test authority' });
  return {
    /** For NODE_EXTRA_CA_CERTS. */
    file,
    /** `names` as in a subjectAltName: `DNS:mail.school.example,IP:192.0.2.7`. */
    issue: (names: string): Certificate => {
      const own = { key: join(folder, 'server.key'), cert: join(folder, 'server.pem') };
      const extensions = [`subjectAltName=${names}`, 'basicConstraints=critical,CA:FALSE'];
      make({ ...own, name: 'mail server' }, [
        ...['-CA', file, '-CAkey', key],
        ...extensions.flatMap((extension) => ['-addext', extension]),
      ]);
      return { key: readFileSync(own.key, 'utf8'), cert: readFileSync(own.cert, 'utf8') };
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

export type Authority = ReturnType<typeof createAuthority>;

function make(to: Certificate & { readonly name: string }, more: readonly string[] = []): void {
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const files = ['-keyout', to.key, '-out', to.cert, '-subj', `/CN=${to.name}`];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...more], { stdio: 'pipe' });
}

/** Like `describe`, and skipped by name where certificates cannot be made. */
export function describeWithOpenssl(name: string, suite: () => void): void {
  const { stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (/^OpenSSL [3-9]/.test(stdout)) describe(name, suite);
  else describe.skip(`${name} (needs openssl 3 or later)`, suite);
}
