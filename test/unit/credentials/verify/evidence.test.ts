import { createHash } from 'node:crypto';
import { checkEvidence } from '../../../../src/credentials/verify/evidence.ts';
import { failed, pass, Problem, skip, warn } from '../../../../src/credentials/verify/problem.ts';
import type { Finding } from '../../../../src/credentials/verify/types.ts';
import type { Json } from '../../../support/json-places.ts';
import { openSession } from '../../../support/session.ts';

const url = 'https://school.example/list';

describe('evidence', () => {
  const work = 'Six weeks.';
  const multibase = (text: string) =>
    `u${Buffer.from([0x12, 32, ...createHash('sha256').update(text).digest()]).toString('base64url')}`;
  const issued = [pass('proof', 'Holds.'), pass('issuer', '')];
  const item = (change: Json = {}): Json => ({
    id: url,
    digestMultibase: multibase(work),
    ...change,
  });

  async function look(
    evidence: unknown,
    findings: readonly Finding[] = issued,
    published: Json = {},
  ) {
    const { session, asked } = openSession(published);
    const found = await checkEvidence(
      { id: 'urn:uuid:1', issuer: 'x', evidence },
      findings,
      session,
    );
    return { found, asked };
  }
  async function told(evidence: unknown): Promise<string> {
    const { found } = await look(evidence);
    return found[0]?.detail.replace(/^.* then: /, '') ?? '';
  }

  it('is compared only where its issuer is known to have named it', async () => {
    for (const findings of [
      [],
      [pass('issuer', '')],
      [pass('proof', '')],
      [pass('proof', ''), skip('issuer', '')],
      [pass('proof', ''), failed(new Problem('issuer', 'unverifiable', 'X', ''))],
    ]) {
      const { found, asked } = await look(item(), findings);
      expect(found).toBe(findings);
      expect(asked).toEqual([]);
    }
    const noted = [pass('proof', ''), warn('issuer', 'ISSUER_UNKNOWN', '', '')];
    expect((await look(item(), noted)).asked).toEqual([url]);
  });

  it.each<[unknown]>([[undefined], [[]], [{ id: url }], ['x'], [[null, { id: url }]]])(
    'is not told of without a digest: %j',
    async (evidence) => {
      expect((await look(evidence)).found).toBe(issued);
    },
  );

  it.each<[string, string]>([
    [`data:,${encodeURIComponent(work)}`, '1 unchanged.'],
    [`DATA:,${encodeURIComponent(work)}`, '1 unchanged.'],
    [`data:text/plain;base64,${Buffer.from(work).toString('base64')}`, '1 unchanged.'],
    [`data:text/plain; base64,${Buffer.from(work).toString('base64')}`, '1 unchanged.'],
    [`data:text/plain;base64;x=y,${encodeURIComponent(work)}`, '1 unchanged.'],
    [`data:text/plain;xbase64,${encodeURIComponent(work)}`, '1 unchanged.'],
    ['data:,Other', '1 changed.'],
    ['data:none', '1 could not be looked at from here.'],
    [`xdata:,${encodeURIComponent(work)}`, '1 could not be looked at from here.'],
  ])('is read where it stands: %s: %s', async (id, expected) => {
    expect(await told(item({ id }))).toBe(expected);
  });

  it.each<[Json, string]>([
    [{ digestMultibase: [multibase(work), 7] }, '1 unchanged.'],
    [{ digestMultibase: [multibase(work), multibase('x')] }, '1 changed.'],
    [{ digestMultibase: 7 }, '1 marked in a way that is not known here.'],
    [
      { digestMultibase: undefined, digestSRI: [7, {}] },
      '1 marked in a way that is not known here.',
    ],
  ])('with %j: %s', async (change, expected) => {
    const id = `data:,${encodeURIComponent(work)}`;
    expect(await told(item({ id, ...change }))).toBe(expected);
  });

  it('is counted by what came of it', async () => {
    const id = (text: string) => `data:,${encodeURIComponent(text)}`;
    const list = [
      item({ id: id(work) }),
      item({ id: id(work) }),
      item({ id: id('x') }),
      item({ id: id('y') }),
      item({ id: id('y') }),
      ...Array.from({ length: 6 }, () => item({ digestMultibase: 'x' })),
    ];
    const { found } = await look(list);
    expect(found[0]?.detail).toBe(
      'Holds. What it refers to was compared with what it was then: 2 unchanged, 3 changed, ' +
        '5 marked in a way that is not known here, 1 not looked at.',
    );
    expect(found.map(({ id: check, code }) => [check, code])).toEqual([
      ['proof', undefined],
      ['proof', 'EVIDENCE_CHANGED'],
      ['issuer', undefined],
    ]);
    expect(found[1]?.detail).toContain('inside the badge itself');
    expect(found[1]?.detail).toContain('The same is true of 2 more.');
  });

  it('that changed is named by its address, if that is not too long', async () => {
    const long = `https://school.example/${'x'.repeat(300)}`;
    const { found } = await look(item({ id: long }), issued, { [long]: 'Other' });
    expect(found[1]?.detail).toContain(`at ${long.slice(0, 200)} is no longer`);
    expect(found[1]?.detail).not.toContain('same is true');
  });
});
