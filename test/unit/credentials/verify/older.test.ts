import { findDifference } from '../../../../src/credentials/verify/older/difference.ts';
import { confirmHosted } from '../../../../src/credentials/verify/older/hosted.ts';
import {
  loadAward,
  loadPlain,
  webAddress,
} from '../../../../src/credentials/verify/older/parts.ts';
import { isSigned, olderVersion } from '../../../../src/credentials/verify/older/recognize.ts';
import { checkOlderSchema } from '../../../../src/credentials/verify/older/schema.ts';
import type { Award } from '../../../../src/credentials/verify/older/parts.ts';
import { AnswerError } from '../../../../src/credentials/verify/session.ts';
import { FetchError } from '../../../../src/shared/safe-fetch.ts';
import type { Json } from '../../../support/json-places.ts';
import { createOlderIssuer } from '../../../support/older-badge.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const old = createOlderIssuer();
const refused = new FetchError('fetch.blocked', 'No.');
const v2 = 'https://w3id.org/openbadges/v2';

describe('an older badge is recognized', () => {
  const loose = { recipient: 'x', badge: 'https://a.example/', verify: {} };

  it.each<[Json, 1 | 2 | undefined]>([
    [{ '@context': v2 }, 2],
    [{ '@context': ['https://other.example/', v2] }, 2],
    [{ '@context': 'http://w3id.org/openbadges/v2' }, 2],
    [{ '@context': 'https://openbadgespec.org/v2/context.json' }, 2],
    [{ '@context': 'https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld' }, 2],
    [{ '@context': v2, type: 'VerifiableCredential' }, undefined],
    [{ '@context': `${v2}/` }, undefined],
    [{ '@context': 'https://w3id.org/openbadges/v1' }, 1],
    [{ '@context': ['x', 'http://w3id.org/openbadges/v1'] }, 1],
    [{ '@context': 'xhttps://w3id.org/openbadges/v1' }, undefined],
    [{ '@context': 'https://w3id.org/openbadges/v1x' }, undefined],
    [{ '@context': [['https://w3id.org/openbadges/v1']] }, undefined],
    [{ '@context': '' }, undefined],
    [loose, 1],
    [{ ...loose, recipient: undefined }, undefined],
    [{ ...loose, badge: undefined }, undefined],
    [{ ...loose, verify: 'x' }, undefined],
    [{ ...loose, verify: undefined }, undefined],
    [{}, undefined],
  ])('%j: %j', (value, version) => {
    expect(olderVersion(value)).toBe(version);
  });

  it.each<[Json, boolean]>([
    [{ verification: { type: 'SignedBadge' } }, true],
    [{ verification: { type: ['Other', 'SignedBadge'] } }, true],
    [{ verify: { type: 'signed' } }, true],
    [{ verification: { type: 'HostedBadge' }, verify: { type: 'signed' } }, false],
    [{ verification: { type: [] } }, false],
    [{ verification: 'SignedBadge' }, false],
    [{}, false],
  ])('%j says that it is signed: %p', (value, expected) => {
    expect(isSigned(value)).toBe(expected);
  });
});

describe('what was handed in is compared with what its site shows', () => {
  it.each<[Json, Json, string | undefined]>([
    [{}, { a: 1 }, undefined],
    [{ a: 1 }, { a: 1, b: 2 }, undefined],
    [{ a: 1 }, { a: 2 }, 'a'],
    [{ a: 1 }, {}, 'a'],
    [{ toString: undefined }, {}, undefined],
    [{ '@context': 'x' }, { '@context': 'y' }, undefined],
    [{ a: { b: { c: 1 } } }, { a: { b: { c: 1 } } }, undefined],
    [{ a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, 'a.b.c'],
    [{ a: { '@context': 'x', b: 1 } }, { a: { b: 1 } }, undefined],
    [{ a: [1, 2] }, { a: [1, 2] }, undefined],
    [{ a: [1, 2] }, { a: [1, 3] }, 'a'],
    [{ a: [1, 2] }, { a: [1, 2, 3] }, 'a'],
    [{ a: [1, 2] }, { a: [1] }, 'a'],
    [{ a: [1] }, { a: 1 }, undefined],
    [{ a: 1 }, { a: [1] }, undefined],
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, 'a.b'],
    [{ a: 'urn:1' }, { a: { id: 'urn:1', b: 2 } }, undefined],
    [{ a: 'urn:2' }, { a: { id: 'urn:1', b: 2 } }, 'a'],
    [{ a: { id: 'urn:1' } }, { a: 'urn:1' }, undefined],
    [{ a: { id: 'urn:1', type: 'T' } }, { a: 'urn:1' }, undefined],
    [{ a: { id: 'urn:2' } }, { a: 'urn:1' }, 'a.id'],
    [{ a: { id: 'urn:1', b: 2 } }, { a: 'urn:1' }, 'a.b'],
  ])('%j and %j differ in %j', (handed, confirmed, place) => {
    expect(findDifference(handed, confirmed)).toBe(place);
  });
});

describe('the parts of an older badge', () => {
  it.each<[unknown, boolean]>([
    ['https://a.example/', true],
    ['HTTP://a.example', true],
    ['http://a.example/x', true],
    ['xhttps://a.example/', false],
    ['https://', false],
    ['ftp://a.example/', false],
    [['https://a.example/'], false],
    [undefined, false],
  ])('%j is an address of the web: %p', (value, expected) => {
    expect(webAddress(value)).toBe(expected ? value : undefined);
  });

  const award = (assertion: Json, change: Json = {}) =>
    loadAward(assertion, openSession({ ...old.site(), ...change }).session);

  it('are read at their own addresses, but for what the assertion holds', async () => {
    const assertion = old.assertion();
    expect(await award(assertion)).toEqual({
      assertion,
      badge: old.badgeClass,
      issuer: old.profile,
    });
    const badge = { name: 'Inside', issuer: { id: old.at('issuer'), name: 'Somebody else' } };
    expect((await award(old.assertion({ badge }))).issuer).toEqual(old.profile);
  });

  it.each<[Json, Json, string]>([
    [{ badge: undefined }, {}, 'issuer invalid ISSUER_MISSING'],
    [{ badge: 'urn:uuid:1' }, {}, 'issuer invalid ISSUER_MISSING'],
    [{ badge: { issuer: 'urn:uuid:1' } }, {}, 'issuer invalid ISSUER_MISSING'],
    [{}, { [old.at('badge')]: undefined }, 'issuer unverifiable ISSUER_UNREACHABLE'],
    [{}, { [old.at('badge')]: refused }, 'issuer unverifiable FETCH_BLOCKED'],
    [{}, { [old.at('issuer')]: 'text' }, 'issuer unverifiable ISSUER_DOCUMENT_MISMATCH'],
    [{}, { [old.at('issuer')]: { id: 'x' } }, 'issuer unverifiable ISSUER_DOCUMENT_MISMATCH'],
  ])('%j with %j: %s', async (change, published, expected) => {
    expect(await problemOf(() => award(old.assertion(change), published))).toBe(expected);
  });

  it('pass on what is no failed look-up', async () => {
    const broken = { [old.at('badge')]: new TypeError('bug') };
    await expect(award(old.assertion(), broken)).rejects.toThrow(TypeError);
  });

  it('are JSON objects of a size that is read here', async () => {
    const url = 'https://a.example/';
    const load = (value: unknown) => loadPlain(url, openSession({ [url]: value }).session);
    expect(await load({ a: 1 })).toEqual({ a: 1 });
    for (const value of ['text', 7, null, [{}]]) expect(await load(value)).toBeUndefined();
    let deep: Json = {};
    for (let at = 0; at < 200; at += 1) deep = { deep };
    expect(await problemOf(() => load(deep))).toMatch(/^format /);
  });
});

describe('an older badge that its site shows', () => {
  const place = old.at('assertions/1');
  const confirm = (handed: Json | undefined, published: Json = {}) => {
    const held =
      handed === undefined
        ? ({ kind: 'address', url: place } as const)
        : ({ kind: 'data-integrity', credential: handed } as const);
    return confirmHosted(held, openSession({ ...old.site(), ...published }).session);
  };
  const problem = (handed: Json | undefined, published: Json = {}) =>
    problemOf(() => confirm(handed, published));
  const shown = (change: Json) => ({ [place]: old.assertion(change) });
  const scoped = (verification: unknown) => ({
    [old.at('issuer')]: { ...old.profile, verification },
  });

  it('is what its site shows', async () => {
    expect((await confirm(undefined)).assertion).toEqual(old.assertion());
    expect((await confirm(old.assertion())).assertion).toEqual(old.assertion());
    expect((await confirm({ id: place })).assertion).toEqual(old.assertion());
  });

  it('is looked up where it says', async () => {
    const handed = { ...old.assertion({ id: 'urn:uuid:1' }), verification: { url: place } };
    const published = shown({ id: 'urn:uuid:1', verification: { url: place } });
    expect(await problem(handed, published)).toBe('passes');
    const { verification: _none, ...rest } = handed;
    const older = shown({ id: 'urn:uuid:1', verification: undefined, verify: { url: place } });
    expect(await problem({ ...rest, verify: { url: place } }, older)).toBe('passes');
    expect(await problem(rest, published)).toBe('proof invalid HOSTED_NOWHERE');
    expect(await problem({ ...rest, verification: 'x' })).toBe('proof invalid HOSTED_NOWHERE');
  });

  it.each<[string, Json | undefined, Json, string]>([
    ['another badge', old.assertion(), shown({ id: old.at('2') }), 'invalid HOSTED_MISMATCH'],
    ['another, at an address', undefined, shown({ id: old.at('2') }), 'invalid HOSTED_MISMATCH'],
    [
      'a signed one',
      undefined,
      shown({ verification: { type: 'SignedBadge' } }),
      'invalid PROOF_MISSING',
    ],
    ['other words', old.assertion({ issuedOn: '2020' }), {}, 'invalid HOSTED_DIFFERS'],
    ['a page', undefined, { [place]: 'text' }, 'unverifiable HOSTED_UNREACHABLE'],
    ['something else', undefined, { [place]: { id: place } }, 'unverifiable HOSTED_UNREACHABLE'],
    ['nothing', undefined, { [place]: undefined }, 'unverifiable HOSTED_UNREACHABLE'],
    ['an error', undefined, { [place]: new AnswerError(404) }, 'unverifiable HOSTED_UNREACHABLE'],
    ['a closed door', undefined, { [place]: refused }, 'unverifiable FETCH_BLOCKED'],
  ])('is not confirmed by %s', async (_what, handed, published, expected) => {
    expect(await problem(handed, published)).toBe(`proof ${expected}`);
  });

  it('is withdrawn when its site says so, or that it is gone', async () => {
    expect(await problem(undefined, { [place]: new AnswerError(410) })).toBe(
      'status revoked HOSTED_GONE',
    );
    expect(await problem(undefined, { [place]: { id: place, revoked: true } })).toBe(
      'status revoked REVOKED',
    );
    const others = { [place]: { '@context': v2, id: 'urn:other', revoked: true } };
    expect(await problem(undefined, others)).toBe('proof invalid HOSTED_MISMATCH');
    const why = (revocationReason: unknown) =>
      confirm(undefined, { [place]: { id: place, revoked: true, revocationReason } });
    await expect(why('r'.repeat(300))).rejects.toThrow(`Its reason: ${'r'.repeat(200)}`);
    await expect(why(7)).rejects.toThrow(/^The issuer has revoked it\.$/);
  });

  it('is not confirmed by a fault of ours', async () => {
    await expect(confirm(undefined, { [place]: new TypeError('bug') })).rejects.toThrow(TypeError);
  });

  it.each<[unknown, boolean]>([
    [undefined, true],
    [{}, true],
    [{ allowedOrigins: 'old.example' }, true],
    [{ allowedOrigins: ['x.example', 'https://old.example'] }, true],
    [{ allowedOrigins: 'x.example' }, false],
    [{ allowedOrigins: [''] }, false],
    [{ allowedOrigins: [7] }, false],
    [{ allowedOrigins: [] }, false],
    [{ startsWith: old.at('assertions/') }, true],
    [{ startsWith: ['https://x.example/', old.at('assertions/')] }, true],
    [{ startsWith: ['text', old.at('assertions/')] }, true],
    [{ startsWith: old.at('other/') }, false],
    [{ startsWith: 'https://old.exam' }, false],
    [{ startsWith: 'text' }, false],
    [{ startsWith: [] }, false],
    [{ startsWith: old.at('assertions/'), allowedOrigins: 'x.example' }, false],
    [{ startsWith: old.at('other/'), allowedOrigins: 'old.example' }, false],
  ])('counts at an address that its issuer names: %j: %p', async (verification, expected) => {
    expect(await problem(undefined, scoped(verification))).toBe(
      expected ? 'passes' : 'issuer invalid HOSTED_OUT_OF_SCOPE',
    );
  });
});

describe('the members of an older badge', () => {
  const whole: Award = {
    assertion: old.assertion(),
    badge: old.badgeClass,
    issuer: { ...old.profile, id: old.at('issuer') },
  };
  const look = (change: Json) => problemOf(() => checkOlderSchema({ ...whole, ...change }));
  const wrong = 'schema invalid SCHEMA_INVALID';

  it.each<[Json, string]>([
    [{}, 'passes'],
    [{ assertion: old.assertion({ type: ['Assertion', 'Extension'] }) }, 'passes'],
    [{ assertion: old.assertion({ type: ['Extension'] }) }, wrong],
    [{ assertion: old.assertion({ type: 'Other' }) }, wrong],
    [{ assertion: old.assertion({ recipient: {} }) }, wrong],
    [{ assertion: old.assertion({ recipient: { type: 'email', identity: ' ' } }) }, wrong],
    [{ assertion: old.assertion({ badge: undefined }) }, wrong],
    [{ assertion: old.assertion({ issuedOn: '' }) }, wrong],
    [{ badge: { ...old.badgeClass, name: undefined } }, wrong],
    [{ badge: { ...old.badgeClass, criteria: undefined } }, 'passes'],
    [{ badge: { ...old.badgeClass, criteria: 7 } }, wrong],
    [{ badge: { ...old.badgeClass, issuer: undefined } }, wrong],
    [{ issuer: { ...old.profile, name: ' ' } }, wrong],
  ])('with %j: %s', async (change, expected) => {
    expect(await look(change)).toBe(expected);
  });

  it('are named where they are wrong, the first five', () => {
    const check = (assertion: Json) => () => checkOlderSchema({ ...whole, assertion });
    expect(check(old.assertion({ recipient: { type: 'email' } }))).toThrow(
      'assertion.recipient.identity: ',
    );
    let message = '';
    try {
      checkOlderSchema({ assertion: {}, badge: {}, issuer: { id: '' } });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.match(/(?:assertion|badge|issuer)[.\w]*: /g)).toHaveLength(5);
  });
});
