import { createHash } from 'node:crypto';
import { digestDocument } from '../../../../src/credentials/digest.ts';
import { checkIssuer } from '../../../../src/credentials/verify/issuer.ts';
import type { KnownIssuer, Secured } from '../../../../src/credentials/verify/types.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const web = 'did:web:school.example';
const key = 'did:key:z6Mk';
const logged = new Date('2026-11-22T09:00:00Z');
const profile = { id: web, type: ['Profile'], name: 'North' };

type Known = Readonly<Record<string, Partial<KnownIssuer>>>;
type Log = (form: 'document' | 'jwt', digest: string) => Promise<Date | undefined>;

interface Case {
  readonly id?: string;
  readonly confirmed?: boolean;
  readonly known?: Known;
  readonly log?: Log;
  readonly secured?: Secured;
  readonly issuer?: unknown;
}

function look({ id = web, confirmed = true, known, log, secured, issuer = profile }: Case) {
  const findIssuer = (asked: string) =>
    Promise.resolve({ own: false, listings: [], unread: [], ...known?.[asked] });
  const { session } = openSession(
    {},
    { ...(known && { findIssuer }), ...(log && { findLogged: log }) },
  );
  const method = { id: `${id}#1`, controller: id };
  const proven = { controller: { id, methods: [method], confirmed }, method };
  const credential = { issuer, type: ['VerifiableCredential'] };
  return checkIssuer(secured ?? { kind: 'data-integrity', credential }, proven, session);
}

const registry = (name?: string, count = 1) =>
  Array.from({ length: count }, (_, at) => ({ registry: `R${at}`, ...(name && { name }) }));

describe('an issuer', () => {
  it.each<[string, string]>([
    [web, 'school.example'],
    ['did:web:school.example%3A8443:a', 'school.example:8443'],
    ['https://school.example/a', 'school.example'],
    ['http://school.example:81/a', 'school.example:81'],
  ])('%s is known by its host', async (id, host) => {
    for (const known of [undefined, {}]) {
      const found = await look({ id, ...(known && { known }) });
      expect(found.outcome).toBe('pass');
      expect(found.detail).toBe(
        `The issuer calls itself “North”. Signed with a key of ${id}, which whoever controls ${host} has published.`,
      );
    }
  });

  it('that is only a key is nobody’s whom we know', async () => {
    const long = `${key}${'a'.repeat(300)}`;
    const found = await look({ id: long, known: { [long]: { unread: ['R'] } } });
    expect(found).toMatchObject({ outcome: 'warn', code: 'ISSUER_UNKNOWN' });
    expect(found.detail).toContain('calls itself “North”.');
    expect(found.detail).toContain(`fits the key ${long.slice(0, 200)}, and`);
    expect(found.detail).toContain('“R” could not be read');
    expect((await look({ id: `x${web}` })).code).toBe('ISSUER_UNKNOWN');
    expect((await look({ id: 'xhttps://a.example' })).code).toBe('ISSUER_UNKNOWN');
  });

  it('is known by the registries that list it, the first three of them', async () => {
    const found = await look({ id: key, known: { [key]: { listings: registry('South', 4) } } });
    expect(found).toMatchObject({ outcome: 'pass' });
    expect(found.detail).toBe(
      `The issuer calls itself “North”. Signed with a key of ${key}. ` +
        [0, 1, 2].map((at) => `The registry “R${at}” lists it as “South”.`).join(' '),
    );
    const nameless = await look({ known: { [web]: { listings: registry() } } });
    expect(nameless.detail).toMatch(
      /key of did:web:school\.example\. The registry “R0” lists it\.$/,
    );
  });

  it('is told with the registries that could not be read, the first three of them', async () => {
    const unread = ['A', 'B', 'C', 'D'];
    const { detail } = await look({ known: { [web]: { unread } } });
    expect(detail.match(/“[A-D]” could not be read/g)).toHaveLength(3);
    const listed = await look({ known: { [web]: { unread, listings: registry() } } });
    expect(listed.detail).toContain('“A” could not be read');
  });

  it.each<[unknown, string]>([
    [web, ''],
    [{ ...profile, type: undefined }, 'The issuer calls itself “North”. '],
    [{ ...profile, type: 'Person', name: 7 }, ''],
  ])('%j does not describe itself as badges want it', async (issuer, beginning) => {
    const found = await look({ issuer });
    expect(found).toMatchObject({ outcome: 'warn', code: 'ISSUER_NOT_PROFILE' });
    expect(found.detail.startsWith(`${beginning}Signed with a key`)).toBe(true);
  });

  it('calls itself something short', async () => {
    const { detail } = await look({ issuer: { ...profile, name: 'n'.repeat(300) } });
    expect(detail).toContain(`“${'n'.repeat(200)}”`);
  });
});

describe('a key that only the badge names', () => {
  const unconfirmed = 'issuer unverifiable ISSUER_KEY_UNCONFIRMED';

  it('proves nothing, whoever lists the issuer', async () => {
    const known = { [web]: { listings: registry() } };
    for (const each of [undefined, {}, known]) {
      const found = problemOf(() => look({ confirmed: false, ...(each && { known: each }) }));
      expect(await found).toBe(unconfirmed);
    }
    const unread = { [`${web}#1`]: { unread: ['R'] } };
    await expect(look({ confirmed: false, known: unread })).rejects.toThrow('“R” could not be');
    await expect(look({ confirmed: false })).rejects.toThrow('calls itself “North”');
  });

  it('counts when a registry lists the key itself', async () => {
    const known = { [`${web}#1`]: { listings: registry('South') } };
    const found = await look({ confirmed: false, known });
    expect(found.outcome).toBe('pass');
    expect(found.detail).toContain(`known as one of ${web}. The registry “R0” lists it as “South”`);
  });
});

describe('a school of this installation', () => {
  const own = { known: { [web]: { own: true, listings: registry() } } };
  const missing = 'issuer unverifiable NOT_IN_ISSUANCE_LOG';
  const badge: Json = { issuer: profile, type: ['VerifiableCredential'], proof: { a: 1 } };
  const signed = (credential: Json): Secured => ({ kind: 'data-integrity', credential });
  const logOf =
    (...entries: readonly string[]): Log =>
    (form, digest) =>
      Promise.resolve(entries.includes(`${form} ${digest}`) ? logged : undefined);

  it('has every credential of its own in the log', async () => {
    const log = logOf(`document ${digestDocument(badge)}`);
    const found = await look({ ...own, log, secured: signed(badge) });
    expect(found.outcome).toBe('pass');
    expect(found.detail).toBe(
      'The issuer calls itself “North”. Signed with a key of a school of this installation, whose issuance log has it.',
    );
    const other = signed({ ...badge, name: 'Other' });
    expect(await problemOf(() => look({ ...own, log, secured: other }))).toBe(missing);
    expect((await look({ ...own, secured: other })).outcome).toBe('pass');
  });

  it('is found in the log with its own proof alone, whoever else signed', async () => {
    const log = logOf(`document ${digestDocument(badge)}`);
    const two = signed({ ...badge, proof: [{ b: 2 }, { a: 1 }] });
    expect((await look({ ...own, log, secured: two })).outcome).toBe('pass');
    const without = signed({ ...badge, proof: [{ b: 2 }] });
    expect(await problemOf(() => look({ ...own, log, secured: without }))).toBe(missing);
    const listed = { ...badge, proof: [{ a: 1 }] };
    const asList = logOf(`document ${digestDocument(listed)}`);
    expect((await look({ ...own, log: asList, secured: signed(listed) })).outcome).toBe('pass');
  });

  it('has a token in the log by its text', async () => {
    const token = 'a.b.c';
    const digest = createHash('sha256').update(token).digest('hex');
    const secured: Secured = { kind: 'jwt', credential: badge, token, header: {}, claims: {} };
    const log = logOf(`jwt ${digest}`);
    expect((await look({ ...own, log, secured })).outcome).toBe('pass');
    const others = logOf(`document ${digest}`, `document ${digestDocument(badge)}`);
    expect(await problemOf(() => look({ ...own, log: others, secured }))).toBe(missing);
  });

  it('signs lists that no log has, and nothing else may call itself one', async () => {
    const list = ['VerifiableCredential', 'BitstringStatusListCredential'];
    const ask = (type: unknown) =>
      look({ ...own, log: logOf(), secured: signed({ ...badge, type }) });
    const found = await ask(list);
    expect(found).toMatchObject({ outcome: 'pass' });
    expect(found.detail).toBe('Signed with a key of a school of this installation.');
    for (const type of [[...list, 'AchievementCredential'], list.toReversed(), list.slice(1)]) {
      expect(await problemOf(() => ask(type))).toBe(missing);
    }
  });
});
