import type { Json } from '../support/json-places.ts';
import { bakeOlderPng, createOlderIssuer } from '../support/older-badge.ts';
import { verdict } from '../support/verdict.ts';
import { createWorld, type Answer } from '../support/world.ts';

const old = createOlderIssuer();
const evil = createOlderIssuer('evil.example');
const inlined = { ...old.badgeClass, issuer: old.profile };

/** What becomes of this badge where the site of its issuer differs in these documents. */
function judge(input: object | string, change: Json = {}, more: Json = {}): Promise<string> {
  return verdict(input, createWorld({ ...old.site(change), ...more }));
}

describe('a hosted Open Badge of version 2.0', () => {
  it('counts when its issuer’s site shows it, and is told what that is worth', async () => {
    const where = createWorld(old.site());
    const { verified, outcome, checks, credential } = await where.verify(old.assertion());
    expect({ verified, outcome }).toEqual({ verified: true, outcome: 'valid' });
    expect(checks.map(({ id, outcome: found, code }) => [id, found, code])).toEqual([
      ['format', 'pass', undefined],
      ['schema', 'pass', undefined],
      ['proof', 'warn', 'HOSTED_NOT_SIGNED'],
      ['issuer', 'pass', undefined],
      ['validity', 'pass', undefined],
      ['status', 'pass', undefined],
    ]);
    const [format, , proof, issuer] = checks;
    expect(format?.detail).toMatch(/older kind of badge \(Open Badges 2\.0\).*not compared/);
    expect(proof?.detail).toMatch(/no signature/);
    expect(issuer?.detail).toContain('Old School (https://old.example/issuer)');
    expect(credential).toMatchObject({
      badge: { name: 'Robotics', issuer: { name: 'Old School' } },
    });
    expect(where.asked).toEqual(['assertions/1', 'badge', 'issuer'].map(old.at));
  });

  it('is found in whatever it was put into', async () => {
    const json = JSON.stringify(old.assertion());
    const address = old.at('assertions/1');
    const open =
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org">';
    const forms: (string | Uint8Array)[] = [
      json,
      Buffer.from(json),
      bakeOlderPng(json, 'iTXt'),
      bakeOlderPng(json, 'tEXt'),
      bakeOlderPng(address, 'tEXt'),
      bakeOlderPng(address, 'iTXt'),
      `${open}<openbadges:assertion verify="${address}"/></svg>`,
      `${open}<openbadges:assertion verify="${address}"><![CDATA[${json}]]></openbadges:assertion></svg>`,
    ];
    for (const form of forms) {
      const { outcome, credential } = await createWorld(old.site()).verify(form);
      expect([outcome, credential?.id]).toEqual(['valid', address]);
    }
  });

  it.each<[string, Json]>([
    ['with its badge written out', { badge: old.badgeClass }],
    ['with badge and issuer written out', { badge: inlined }],
    ['with less than its site says', { recipient: undefined, badge: undefined }],
    ['with a list of one', { type: ['Assertion'] }],
  ])('is the same badge %s', async (_name, change) => {
    const handed = JSON.parse(JSON.stringify({ ...old.assertion(), ...change })) as Json;
    expect(await judge(handed)).toBe('valid');
  });

  it.each<[string, Json]>([
    ['its earner', { recipient: { type: 'email', hashed: false, identity: 'me@example.org' } }],
    ['its date', { issuedOn: '2019-06-30T12:00:00+00:00' }],
    ['its end', { expires: '2090-01-01T00:00:00Z' }],
    ['its story', { narrative: 'With distinction.' }],
    ['its evidence', { evidence: [{ id: 'https://old.example/e', narrative: 'Won it all.' }] }],
    ['its badge', { badge: 'https://old.example/doctorate' }],
    ['its badge’s name', { badge: { ...old.badgeClass, name: 'Doctor of Robotics' } }],
    [
      'its badge’s picture',
      { badge: { ...old.badgeClass, image: { id: old.at('badge.png'), caption: 'PhD' } } },
    ],
    ['its issuer’s name', { badge: { ...inlined, issuer: { ...old.profile, name: 'MIT' } } }],
  ])('that was changed in %s is refused', async (_name, change) => {
    expect(await judge(old.assertion(change))).toBe('invalid HOSTED_DIFFERS');
  });

  it.each<[string, Json, string]>([
    ['nothing is there', { 'assertions/1': undefined }, 'unverifiable HOSTED_UNREACHABLE'],
    ['there is a page', { 'assertions/1': '<html>' }, 'unverifiable HOSTED_UNREACHABLE'],
    [
      'there is another badge',
      { 'assertions/1': old.assertion({ id: old.at('assertions/2') }) },
      'invalid HOSTED_MISMATCH',
    ],
    [
      'there is a signed badge',
      { 'assertions/1': { ...old.signable(), id: old.at('assertions/1') } },
      'invalid PROOF_MISSING',
    ],
    [
      'there is something else',
      { 'assertions/1': { id: old.at('assertions/1'), name: 'x' } },
      'unverifiable HOSTED_UNREACHABLE',
    ],
    ['its badge is gone', { badge: undefined }, 'unverifiable ISSUER_UNREACHABLE'],
    [
      'its badge is another',
      { badge: { ...old.badgeClass, id: old.at('other') } },
      'unverifiable ISSUER_DOCUMENT_MISMATCH',
    ],
    ['its issuer is gone', { issuer: undefined }, 'unverifiable ISSUER_UNREACHABLE'],
    [
      'its issuer is another',
      { issuer: { ...old.profile, id: old.at('other') } },
      'unverifiable ISSUER_DOCUMENT_MISMATCH',
    ],
    [
      'its issuer is nowhere',
      { badge: { ...old.badgeClass, issuer: { name: 'Old School' } } },
      'invalid ISSUER_MISSING',
    ],
    ['its badge has no name', { badge: { ...old.badgeClass, name: '' } }, 'invalid SCHEMA_INVALID'],
    [
      'it has ended',
      { 'assertions/1': old.assertion({ expires: '2021-01-01T00:00:00Z' }) },
      'expired EXPIRED',
    ],
    [
      'it ends at no real time',
      { 'assertions/1': old.assertion({ expires: 'never' }) },
      'invalid DATE_MALFORMED',
    ],
    [
      'it has not begun',
      { 'assertions/1': old.assertion({ issuedOn: '2090-01-01T00:00:00Z' }) },
      'not_yet_valid NOT_YET_VALID',
    ],
    ['it is revoked', { 'assertions/1': old.assertion({ revoked: true }) }, 'revoked REVOKED'],
    [
      'only that it is revoked is left',
      { 'assertions/1': { id: old.at('assertions/1'), revoked: true } },
      'revoked REVOKED',
    ],
    ['it is gone for good', { 'assertions/1': () => ({ status: 410 }) }, 'revoked HOSTED_GONE'],
    [
      'it is huge',
      { 'assertions/1': old.assertion({ narrative: 'x'.repeat(100_000) }) },
      'invalid TOO_COMPLEX',
    ],
  ])('when %s', async (_name, change, expected) => {
    const { 'assertions/1': shown } = change;
    const isAssertion = typeof shown === 'object' && shown !== null && 'badge' in shown;
    const handed = {
      ...(isAssertion ? (shown as Json) : old.assertion()),
      id: old.at('assertions/1'),
    };
    const { revoked: _revoked, narrative: _narrative, ...rest } = handed as Json;
    expect(await judge({ ...rest, verification: { type: 'HostedBadge' } }, change)).toBe(expected);
  });

  it('tells why it was revoked, when its issuer does', async () => {
    const gone = {
      id: old.at('assertions/1'),
      revoked: true,
      revocationReason: 'Copied homework.',
    };
    const { checks } = await createWorld(old.site({ 'assertions/1': gone })).verify(
      old.assertion(),
    );
    expect(checks.at(-1)?.detail).toMatch(/Copied homework/);
  });
});

describe('a hosted badge in a famous name', () => {
  /** Kept at evil.example in the name of old.example. */
  const forged = evil.assertion({ badge: { ...old.badgeClass, name: 'Doctor of Robotics' } });

  it('is refused when it is kept somewhere else', async () => {
    const more = evil.site({ 'assertions/1': forged });
    expect(await judge(forged, {}, more)).toBe('invalid HOSTED_OUT_OF_SCOPE');
    const named = evil.assertion({ badge: old.at('badge') });
    const again = evil.site({ 'assertions/1': named });
    expect(await judge(named, {}, again)).toBe('invalid HOSTED_OUT_OF_SCOPE');
  });

  it.each<[string, Json, string]>([
    ['its own host', {}, 'invalid HOSTED_OUT_OF_SCOPE'],
    ['a beginning elsewhere', { startsWith: old.at('assertions/') }, 'invalid HOSTED_OUT_OF_SCOPE'],
    [
      'a beginning without a slash',
      { startsWith: 'https://evil.exam' },
      'invalid HOSTED_OUT_OF_SCOPE',
    ],
    ['a beginning of nothing', { startsWith: ['', 'https://', 7] }, 'invalid HOSTED_OUT_OF_SCOPE'],
    ['an empty list of hosts', { allowedOrigins: [] }, 'invalid HOSTED_OUT_OF_SCOPE'],
    ['another host', { allowedOrigins: 'not-evil.example' }, 'invalid HOSTED_OUT_OF_SCOPE'],
    [
      'the host but another path',
      { allowedOrigins: 'evil.example', startsWith: evil.at('other/') },
      'invalid HOSTED_OUT_OF_SCOPE',
    ],
    [
      'the path but another host',
      { allowedOrigins: 'old.example', startsWith: evil.at('assertions/') },
      'invalid HOSTED_OUT_OF_SCOPE',
    ],
    ['the host that keeps it', { allowedOrigins: ['old.example', 'evil.example'] }, 'valid'],
    ['the origin that keeps it', { allowedOrigins: 'https://evil.example' }, 'valid'],
    ['the path that keeps it', { startsWith: evil.at('assertions/') }, 'valid'],
  ])('its issuer’s profile names %s', async (_name, verification, expected) => {
    const change = { issuer: { ...old.profile, verification } };
    expect(await judge(forged, change, evil.site({ 'assertions/1': forged }))).toBe(expected);
  });

  it('cannot widen the place by an issuer that it brings along', async () => {
    const issuer = { ...old.profile, verification: { startsWith: evil.at('') } };
    const own = evil.assertion({ badge: { ...old.badgeClass, issuer } });
    const more = evil.site({ 'assertions/1': own });
    expect(await judge(own, {}, more)).toBe('invalid HOSTED_OUT_OF_SCOPE');
  });

  it('cannot borrow a host that redirects', async () => {
    const url = old.at('go?to=evil');
    const handed = old.assertion({ id: url });
    const redirect: Answer = () => ({ url: evil.at('assertions/1'), body: handed });
    expect(await judge(handed, { 'go?to=evil': redirect })).toBe('unverifiable FETCH_BLOCKED');
    const issuer: Answer = () => ({ url: evil.at('issuer'), body: old.profile });
    expect(await judge(old.assertion(), { issuer })).toBe('unverifiable FETCH_BLOCKED');
  });

  it('is not looked up inside the network, nor more than a few times', async () => {
    for (const id of [
      'http://169.254.169.254/a',
      'http://localhost/a',
      'file:///etc/passwd',
      'urn:x:1',
    ]) {
      expect(await judge(old.assertion({ id }))).toMatch(
        /^(unverifiable FETCH_BLOCKED|invalid HOSTED_NOWHERE)$/,
      );
    }
  });
});

describe('older things that are no award', () => {
  it.each<[string, Json, string]>([
    ['a badge', old.badgeClass, 'invalid NOT_A_CREDENTIAL'],
    ['an issuer', old.profile, 'invalid NOT_A_CREDENTIAL'],
    [
      'a badge of version 1.1',
      { '@context': 'https://w3id.org/openbadges/v1', type: 'Assertion' },
      'unverifiable OLDER_BADGE_NOT_SUPPORTED',
    ],
    [
      'a badge of version 1.0',
      {
        uid: '1',
        recipient: {},
        badge: 'https://old.example/b',
        verify: { type: 'hosted', url: 'https://old.example/a' },
      },
      'unverifiable OLDER_BADGE_NOT_SUPPORTED',
    ],
    [
      'a badge of no version',
      { type: 'Assertion', badge: old.at('badge') },
      'invalid NOT_A_CREDENTIAL',
    ],
  ])('%s', async (_name, input, expected) => {
    const where = createWorld(old.site());
    expect(await verdict(input, where)).toBe(expected);
    expect(where.asked).toEqual([]);
  });

  it('a picture that holds an address of something else', async () => {
    expect(await judge(bakeOlderPng('https://old.example/nothing', 'tEXt'))).toBe(
      'unverifiable HOSTED_UNREACHABLE',
    );
    expect(await judge(bakeOlderPng('javascript:alert(1)', 'tEXt'))).toBe(
      'invalid NOT_A_CREDENTIAL',
    );
  });

  it('a verifiable credential that calls itself old is judged as what it is', async () => {
    const mixed = old.assertion({ type: ['VerifiableCredential', 'Assertion'] });
    expect(await judge(mixed)).toBe('invalid CONTEXT_NOT_ALLOWED');
  });
});
