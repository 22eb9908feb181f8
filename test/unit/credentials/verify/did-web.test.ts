import { loadDidWeb } from '../../../../src/credentials/verify/controller.ts';
import { didWebHost, didWebUrls } from '../../../../src/credentials/verify/did-web.ts';
import { FetchError } from '../../../../src/shared/safe-fetch.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const refused = new FetchError('fetch.blocked', 'Not there.');

describe('a did:web', () => {
  it.each<[string, string, string]>([
    ['school.example', 'school.example/.well-known/did.json', 'school.example'],
    ['school.example%3A8443', 'school.example:8443/.well-known/did.json', 'school.example:8443'],
    ['school.example%3a8443', 'school.example:8443/.well-known/did.json', 'school.example:8443'],
    ['school.example:a:b-c_d.~', 'school.example/a/b-c_d.~/did.json', 'school.example'],
    ['school.example%3A80:a', 'school.example:80/a/did.json', 'school.example:80'],
    ['a', 'a/.well-known/did.json', 'a'],
    ['a-b.C9', 'a-b.C9/.well-known/did.json', 'a-b.C9'],
    ['school.example:.a:b.', 'school.example/.a/b./did.json', 'school.example'],
  ])('%s is found at its address', (id, address, host) => {
    expect(didWebUrls(`did:web:${id}`)).toEqual([`https://${address}`, `http://${address}`]);
    expect(didWebHost(`did:web:${id}`)).toBe(host);
  });

  it.each([
    'did:web:',
    'did:web:-a',
    'did:web:a-',
    'did:web:.a',
    'did:web:a.',
    'did:web:a%3A',
    'did:web:a%3A123456',
    'did:web:a%3Ax',
    'did:web:a%2Fb',
    'did:web:a:',
    'did:web:a::b',
    'did:web:a:b/c',
    'did:web:a/b',
    'did:web:a@b',
    'did:web:a b',
    'did:web:a:b%2e',
    'did:web:ä',
    'did:web:a#key',
    'xdid:web:a',
    'did:key:a',
  ])('is not %s', async (did) => {
    expect(await problemOf(() => didWebUrls(did))).toBe('issuer invalid ISSUER_MALFORMED');
    expect(didWebHost(did)).toBeUndefined();
  });

  it.each(['.', '..', '...'])('leads nowhere else by %s', async (segment) => {
    for (const did of [`did:web:a:${segment}`, `did:web:a:b:${segment}:c`]) {
      expect(await problemOf(() => didWebUrls(did))).toBe('issuer invalid ISSUER_MALFORMED');
    }
  });

  const did = 'did:web:school.example';
  const [secure, plain] = didWebUrls(did);

  it('is asked over https, and over http only when nobody answered', async () => {
    for (const [published, found, wanted] of [
      [{ [secure]: { a: 1 }, [plain]: { a: 2 } }, { a: 1 }, [secure]],
      [{ [plain]: { a: 2 } }, { a: 2 }, [secure, plain]],
    ] as const) {
      const { session, asked } = openSession(published);
      expect(await loadDidWeb(did, session)).toEqual(found);
      expect(asked).toEqual(wanted);
    }
    const { session, asked } = openSession({ [secure]: refused, [plain]: { a: 2 } });
    await expect(loadDidWeb(did, session)).rejects.toBe(refused);
    expect(asked).toEqual([secure]);
  });

  it('tells of the secure address when neither answers, and passes on what is no failed look-up', async () => {
    const first = new FetchError('fetch.failed', 'First.');
    const { session } = openSession({ [secure]: first, [plain]: refused });
    await expect(loadDidWeb(did, session)).rejects.toBe(first);
    const bug = new TypeError('x');
    const { session: other, asked } = openSession({ [secure]: bug, [plain]: { a: 2 } });
    await expect(loadDidWeb(did, other)).rejects.toBe(bug);
    expect(asked).toEqual([secure]);
  });
});
