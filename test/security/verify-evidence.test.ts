import { createHash } from 'node:crypto';
import { digestMultibase, encodeBase58 } from '../../src/credentials/multibase.ts';
import type { VerifyDependencies } from '../../src/credentials/verify/types.ts';
import type { Json } from '../support/json-places.ts';
import { issuer, now, verdictOf, world } from '../support/verdict.ts';
import { createWorld, type Answer } from '../support/world.ts';

const url = 'https://school.example/work.pdf';
const work = 'Six weeks of photographs.';
const hash = (algorithm: string, text = work) => createHash(algorithm).update(text).digest();
const multihash = (code: number, bytes: Buffer) => Buffer.from([code, bytes.length, ...bytes]);
const base64url = (bytes: Buffer) => `u${bytes.toString('base64url')}`;
const sri = (algorithm: string, text = work) =>
  `${algorithm}-${hash(algorithm, text).toString('base64')}`;
const sha256 = base64url(multihash(0x12, hash('sha256')));

const evidence = (change: Json = {}): Json => ({
  id: url,
  type: ['Evidence'],
  name: 'Duckweed',
  digestMultibase: sha256,
  ...change,
});

const nothing = Symbol('nothing');

/** What is made of a badge with this evidence, when this is at its address. */
async function judge(change: Json | readonly Json[], found: unknown = work) {
  const where = await world([], found === nothing ? {} : { [url]: found });
  const list = Array.isArray(change) ? change : [evidence(change as Json)];
  return report(where, await issuer.sign(issuer.badge({ evidence: list })));
}

async function report(where: Awaited<ReturnType<typeof world>>, input: object | string) {
  const result = await where.verify(input);
  const proofs = result.checks.filter(({ id }) => id === 'proof');
  const told = / then: (.*)\.$/.exec(proofs[0]?.detail ?? '')?.[1] ?? 'nothing';
  const changed = proofs.find(({ code }) => code === 'EVIDENCE_CHANGED');
  return { verdict: verdictOf(result), told, changed: changed?.detail, asked: where.asked };
}

const unseen = { verdict: 'valid', told: '1 could not be looked at from here', changed: undefined };

describe('evidence with a digest', () => {
  it.each<[string, Json]>([
    ['sha2-256, base64url', {}],
    ['sha2-256, base58', { digestMultibase: `z${encodeBase58(multihash(0x12, hash('sha256')))}` }],
    ['sha2-384', { digestMultibase: base64url(multihash(0x20, hash('sha384'))) }],
    ['sha2-512', { digestMultibase: base64url(multihash(0x13, hash('sha512'))) }],
    ['SRI', { digestMultibase: undefined, digestSRI: sri('sha384') }],
    [
      'SRI with several',
      { digestSRI: `${sri('sha512', 'x')} ${sri('sha512')} ${sri('sha256', 'x')}` },
    ],
    ['both', { digestSRI: sri('sha256') }],
  ])('is told to be unchanged: %s', async (_form, change) => {
    const { digestMultibase: multibase = sha256, ...rest } = change;
    const digest =
      'digestMultibase' in change && change.digestMultibase === undefined
        ? {}
        : { digestMultibase: multibase };
    const { digestMultibase: _own, ...plain } = evidence();
    const expected = { verdict: 'valid', told: '1 unchanged', changed: undefined };
    expect(await judge([{ ...plain, ...rest, ...digest }])).toMatchObject(expected);
    const swapped = await judge([{ ...plain, ...rest, ...digest }], 'Another work.');
    expect(swapped).toMatchObject({ verdict: 'valid', told: '1 changed' });
    expect(swapped.changed).toBe(
      `The evidence at ${url} is no longer what it was when the badge was signed.`,
    );
  });

  it('is looked at in a token, too, and where it is a related resource', async () => {
    const where = await world([], { [url]: 'Another work.' });
    const token = issuer.signToken(issuer.claims(issuer.badge({ evidence: [evidence()] })));
    expect(await report(where, token)).toMatchObject({ verdict: 'valid', told: '1 changed' });
    const relatedResource = [{ id: url, digestSRI: sri('sha256') }];
    const signed = await issuer.sign(issuer.badge({ relatedResource }));
    expect(await report(where, signed)).toMatchObject({ verdict: 'valid', told: '1 changed' });
  });

  it('has changed when one of its digests says so', async () => {
    expect(await judge({ digestSRI: sri('sha256', 'x') })).toMatchObject({ told: '1 changed' });
  });

  it.each<[string, Json]>([
    ['of another algorithm', { digestMultibase: base64url(multihash(0x11, hash('sha1'))) }],
    ['of another length', { digestMultibase: base64url(multihash(0x12, hash('sha1'))) }],
    ['in another alphabet', { digestMultibase: `f${hash('sha256').toString('hex')}` }],
    ['of no kind', { digestMultibase: 'unknown' }],
    ['of an empty text', { digestMultibase: '' }],
    ['as long as a badge', { digestMultibase: `z${'1'.repeat(16_000)}` }],
  ])('is let be, with a note, when its digest is %s', async (_form, change) => {
    const { asked, ...told } = await judge(change, 'Another work.');
    expect(told).toEqual({ ...unseen, told: '1 marked in a way that is not known here' });
    expect(asked).not.toContain(url);
  });

  it.each<[string, unknown]>([
    ['nobody answers', nothing],
    ['it is gone', (() => ({ status: 404, body: 'x' })) satisfies Answer],
    ['it is not for everybody', (() => ({ status: 401, body: 'Log in' })) satisfies Answer],
    [
      'everybody is led to another site to log in',
      (() => ({ url: 'https://login.example/', body: 'Log in' })) satisfies Answer,
    ],
  ])('could not be looked at when %s', async (_name, found) => {
    expect(await judge({}, found)).toMatchObject(unseen);
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'urn:uuid:1', 'file:///etc/passwd'])(
    'could not be looked at when it is at %s',
    async (id) => {
      expect(await judge({ id })).toMatchObject(unseen);
    },
  );

  it('is read where it stands inside of the badge', async () => {
    const picture = (text: string) =>
      `data:image/png;base64,${Buffer.from(text).toString('base64')}`;
    const told = '1 unchanged';
    expect(await judge({ id: picture(work) })).toMatchObject({ told });
    expect(await judge({ id: `data:,${encodeURIComponent(work)}` })).toMatchObject({ told });
    const swapped = await judge({ id: picture('Another work.') });
    expect(swapped).toMatchObject({ verdict: 'valid', told: '1 changed' });
    expect(swapped.changed).toContain('inside the badge itself');
    const large = 'x'.repeat(200_000);
    const digestMultibaseOfLarge = base64url(multihash(0x12, hash('sha256', large)));
    const inside = { id: picture(large), digestMultibase: digestMultibaseOfLarge };
    expect(await judge(inside)).toMatchObject({ told });
  });

  it('is not read when it is larger than any badge', async () => {
    const where = await world();
    const huge = evidence({ id: `data:image/png;base64,${'A'.repeat(500_000)}` });
    const claims = issuer.claims(issuer.badge({ evidence: [huge] }));
    expect((await report(where, issuer.signToken(claims))).verdict).toMatch(/^invalid TOO_/);
  });
});

describe('evidence without end', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => evidence({ id: `https://e${index}.example/` }));

  it('is looked at in part, and after all that counts', async () => {
    const where = await world();
    const claims = issuer.claims(issuer.badge({ evidence: many(400) }));
    const { verdict, told, asked } = await report(where, issuer.signToken(claims));
    expect(verdict).toBe('valid');
    expect(told).toBe('10 could not be looked at from here, 390 not looked at');
    expect(asked.length).toBeLessThanOrEqual(8);
    expect(asked.slice(0, 2)).toEqual([issuer.documentUrl, issuer.listUrl]);
  });

  it('is refused before anybody is asked', async () => {
    const where = await world();
    const claims = issuer.claims(issuer.badge({ evidence: many(1_000) }));
    const { verdict, asked } = await report(where, issuer.signToken(claims));
    expect(verdict).toBe('invalid TOO_COMPLEX');
    expect(asked).toEqual([]);
  });
});

describe('addresses that no issuer signed', () => {
  it('are not asked', async () => {
    const where = await world([], { [url]: work });
    const signed = await issuer.sign(issuer.badge({ evidence: [evidence()] }));
    await where.verify({ ...signed, name: 'Other' });
    const stranger = 'https://stranger.example/issuer';
    const unconfirmed = issuer.badge({
      issuer: { id: stranger, type: ['Profile'] },
      evidence: [evidence()],
    });
    const verificationMethod = `${stranger}#${issuer.multikey}`;
    await where.verify(await issuer.sign(unconfirmed, { verificationMethod }));
    expect(where.asked).not.toContain(url);
  });
});

describe('evidence that is kept here', () => {
  const kept: Record<string, string | undefined> = {
    [url]: hash('sha256').toString('hex'),
    'https://school.example/gone': undefined,
  };
  const asked: unknown[] = [];
  const findDigest: VerifyDependencies['findDigest'] = (place, of) => {
    asked.push([place, of]);
    const sha = kept[place];
    return Promise.resolve(
      place in kept ? { ...(sha !== undefined && { sha256: sha }) } : undefined,
    );
  };

  async function judgeKept(change: Json) {
    const where = createWorld(
      {
        [issuer.documentUrl]: issuer.document,
        [issuer.listUrl]: await issuer.sign(issuer.statusList()),
      },
      { now, findDigest },
    );
    return report(where, await issuer.sign(issuer.badge({ evidence: [evidence(change)] })));
  }

  it('is compared without being fetched', async () => {
    const { asked: fetched, ...told } = await judgeKept({});
    expect(told).toEqual({ ...unseen, told: '1 unchanged' });
    expect(fetched).not.toContain(url);
    expect(asked.at(-1)).toEqual([url, { credential: issuer.badge().id, issuer: issuer.did }]);
    const other = digestMultibase(hash('sha256', 'x').toString('hex'));
    expect(await judgeKept({ digestMultibase: other })).toMatchObject({ told: '1 changed' });
  });

  it('is let be when it is gone, or was hashed in another way', async () => {
    expect(await judgeKept({ id: 'https://school.example/gone' })).toMatchObject(unseen);
    const digest = base64url(multihash(0x13, hash('sha512')));
    const { told } = await judgeKept({ digestMultibase: digest });
    expect(told).toBe('1 marked in a way that is not known here');
  });
});
