import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

describe('a revoked badge', () => {
  it('is revoked', async () => {
    const badge = await issuer.sign(issuer.badge());
    expect(await verdict(badge, await world([7]))).toBe('revoked REVOKED');
    expect(await verdict(badge, await world([6, 8]))).toBe('valid');
    const token = issuer.signToken(issuer.claims());
    expect(await verdict(token, await world([7]))).toBe('revoked REVOKED');
  });

  it('is suspended when that is what the list is for', async () => {
    const entry = { ...(issuer.badge().credentialStatus as Json), statusPurpose: 'suspension' };
    const list = issuer.statusList([7], { statusPurpose: ['revocation', 'suspension'] });
    const where = await world([], { [issuer.listUrl]: await issuer.sign(list) });
    const badge = await issuer.sign(issuer.badge({ credentialStatus: entry }));
    expect(await verdict(badge, where)).toBe('suspended SUSPENDED');
  });
});

describe('a status list that cannot be relied on', () => {
  it.each<[string, string, () => unknown]>([
    ['nobody answers', 'STATUS_RETRIEVAL_ERROR', () => undefined],
    ['it is no list', 'STATUS_VERIFICATION_ERROR', () => ({ message: 'hello' })],
    ['it is not signed', 'STATUS_VERIFICATION_ERROR', () => issuer.statusList()],
    [
      'it was changed',
      'STATUS_VERIFICATION_ERROR',
      async () => ({ ...(await issuer.sign(issuer.statusList([7]))), ...issuer.statusList() }),
    ],
    [
      'somebody else signed it',
      'STATUS_VERIFICATION_ERROR',
      () => other.sign({ ...issuer.statusList(), issuer: other.did }),
    ],
    [
      'it is another list of the same issuer',
      'STATUS_VERIFICATION_ERROR',
      () => issuer.sign({ ...issuer.statusList(), id: 'https://school.example/status/2' }),
    ],
    [
      'it is over',
      'STATUS_VERIFICATION_ERROR',
      () => issuer.sign({ ...issuer.statusList(), validUntil: '2026-11-25T00:00:00Z' }),
    ],
    [
      'it is for another purpose',
      'STATUS_VERIFICATION_ERROR',
      () => issuer.sign(issuer.statusList([], { statusPurpose: 'suspension' })),
    ],
    [
      'it is too short',
      'STATUS_LIST_LENGTH_ERROR',
      () => issuer.sign(issuer.statusList([], { encodedList: 'uH4sIAAAAAAAAA2MAAI3vAtIBAAAA' })),
    ],
    [
      'it cannot be unpacked',
      'STATUS_VERIFICATION_ERROR',
      () => issuer.sign(issuer.statusList([], { encodedList: 'uAAAA' })),
    ],
  ])('makes the badge unverifiable when %s', async (_name, code, list) => {
    const where = await world([], { [issuer.listUrl]: await list() });
    expect(await verdict(await issuer.sign(issuer.badge()), where)).toBe(`unverifiable ${code}`);
  });

  it.each(['5abc', ' 5', '1e5', '5.9', '-1', '0x7', '', 7.5, null, {}])(
    'an index of %p is none',
    async (statusListIndex) => {
      const credentialStatus = { ...(issuer.badge().credentialStatus as Json), statusListIndex };
      const token = issuer.signToken(issuer.claims(issuer.badge({ credentialStatus })));
      expect(await verdict(token)).toBe('invalid STATUS_MALFORMED');
    },
  );

  it('an index beyond its end is not "not revoked"', async () => {
    const entry = { ...(issuer.badge().credentialStatus as Json), statusListIndex: '131072' };
    const badge = await issuer.sign(issuer.badge({ credentialStatus: entry }));
    expect(await verdict(badge)).toBe('unverifiable RANGE_ERROR');
  });

  it('another kind of list is not "not revoked"', async () => {
    const entry = { id: 'https://school.example/revoked', type: 'RevocationList2020Status' };
    const token = issuer.signToken(issuer.claims(issuer.badge({ credentialStatus: entry })));
    expect(await verdict(token)).toBe('unverifiable STATUS_NOT_SUPPORTED');
  });

  it('a list for a purpose that nobody here knows is not "not revoked"', async () => {
    const statusPurpose = 'refresh';
    const entry = { ...(issuer.badge().credentialStatus as Json), statusPurpose };
    const list = await issuer.sign(issuer.statusList([7], { statusPurpose }));
    const badge = await issuer.sign(issuer.badge({ credentialStatus: entry }));
    const where = await world([], { [issuer.listUrl]: list });
    expect(await verdict(badge, where)).toBe('unverifiable STATUS_NOT_SUPPORTED');
  });

  it('an address that is not looked up is not "not revoked"', async () => {
    const statusListCredential = 'http://10.0.0.1/list';
    const entry = { ...(issuer.badge().credentialStatus as Json), statusListCredential };
    const badge = await issuer.sign(issuer.badge({ credentialStatus: entry }));
    expect(await verdict(badge)).toBe('unverifiable FETCH_BLOCKED');
  });

  it('may be a token itself, and no other text', async () => {
    const badge = await issuer.sign(issuer.badge());
    const token = issuer.signToken(issuer.statusList([7]), { typ: 'vc+jwt' });
    const where = await world([], { [issuer.listUrl]: token });
    expect(await verdict(badge, where)).toBe('revoked REVOKED');
    const page = await world([], { [issuer.listUrl]: '<html></html>' });
    expect(await verdict(badge, page)).toBe('unverifiable STATUS_RETRIEVAL_ERROR');
  });

  it('there may be four of, and no more', async () => {
    const { credentialStatus: entry, type: _type, ...badge } = issuer.badge();
    const of = async (count: number) =>
      verdict(
        await issuer.sign({
          ...badge,
          type: ['VerifiableCredential'],
          credentialSubject: { id: 'urn:uuid:2' },
          credentialStatus: Array.from({ length: count }, (_, at) => ({
            ...(entry as Json),
            id: `urn:entry:${at}`,
          })),
        }),
      );
    expect(await of(4)).toBe('valid');
    expect(await of(5)).toBe('unverifiable STATUS_MALFORMED');
  });
});
