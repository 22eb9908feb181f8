import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

const url = 'https://school.example/revoked';
const id = issuer.badge().id as string;

function badge(entry: Json = {}): Json {
  const credentialStatus = { id: url, type: '1EdTechRevocationList', ...entry };
  return issuer.badge({
    '@context': [
      ...(issuer.badge()['@context'] as string[]),
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
    ],
    credentialStatus,
  });
}

async function judge(list: unknown, entry?: Json): Promise<string> {
  return verdict(await issuer.sign(badge(entry)), await world([], { [url]: list }));
}

describe('a badge with a 1EdTech revocation list', () => {
  it.each<[string, unknown, string]>([
    ['an empty list', { revokedCredential: [] }, 'valid'],
    ['a list of others', { revokedCredential: [{ id: 'urn:uuid:1' }] }, 'valid'],
    ['an entry without a word on it', { revokedCredential: [{ id }] }, 'revoked REVOKED'],
    ['an entry', { revokedCredential: [{ id, revoked: true }] }, 'revoked REVOKED'],
    ['a bare id', { revokedCredential: [id] }, 'revoked REVOKED'],
    [
      'an id in other letters',
      { revokedCredential: [` ${id.replace(':', '%3A')} `] },
      'revoked REVOKED',
    ],
    ['an entry that was taken back', { revokedCredential: [{ id, revoked: false }] }, 'valid'],
    [
      'an entry that was taken back and made again',
      { revokedCredential: [{ id, revoked: false }, { id }] },
      'revoked REVOKED',
    ],
    ['odd words on it', { revokedCredential: [{ id, revoked: 'no' }] }, 'revoked REVOKED'],
    ['its issuer named', { issuer: issuer.did, revokedCredential: [] }, 'valid'],
  ])('%s', async (_name, list, expected) => {
    expect(await judge(list)).toBe(expected);
  });

  it.each<[string, string, unknown]>([
    ['nobody answers', 'STATUS_RETRIEVAL_ERROR', undefined],
    ['it is a page', 'STATUS_VERIFICATION_ERROR', '<html>'],
    ['it is no list', 'STATUS_VERIFICATION_ERROR', { revokedCredential: 'none' }],
    [
      'it is somebody else’s',
      'STATUS_VERIFICATION_ERROR',
      { issuer: other.did, revokedCredential: [] },
    ],
    [
      'it is endless',
      'STATUS_VERIFICATION_ERROR',
      { revokedCredential: Array<string>(20_001).fill('urn:uuid:1') },
    ],
  ])('is unverifiable when %s', async (_name, code, list) => {
    expect(await judge(list)).toBe(`unverifiable ${code}`);
  });

  it('does not look inside the network', async () => {
    const where = await world();
    const hidden = await issuer.sign(badge({ id: 'http://169.254.169.254/list' }));
    expect(await verdict(hidden, where)).toBe('unverifiable FETCH_BLOCKED');
  });

  it('is revoked when one of two lists says so, whatever the other is', async () => {
    const entries = [{ id: url, type: '1EdTechRevocationList' }, issuer.badge().credentialStatus];
    const token = issuer.signToken(issuer.claims(issuer.badge({ credentialStatus: entries })));
    // The schema of Open Badges allows one entry only, so this is told, but a withdrawal weighs no less.
    const found = await (await world([], { [url]: { revokedCredential: [id] } })).verify(token);
    expect(found.checks.find((check) => check.id === 'status')).toMatchObject({ code: 'REVOKED' });
  });
});
