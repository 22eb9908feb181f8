import { encodeBitstring, setBit } from '../../src/credentials/status/bitstring.ts';
import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// The badge has entry 7 of `/status/1` for its revocation and, where it says so, entry 9 of `/status/2` for suspension.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T15, S02, S13: status lists');
});
beforeEach(async () => {
  target.published.clear();
  await target.publish();
});

const at = (path: string) => new URL(path, target.school.listUrl).href;
const entry = () => target.school.badge().credentialStatus as Json;
const badge = (status: Json = {}, change: Json = {}) =>
  target.school.sign(
    target.school.badge({ credentialStatus: { ...entry(), ...status }, ...change }),
  );
const withSuspension = () => ({ statusReference: at('/status/2#9') });
const suspensions = (set: readonly number[] = [], subject: Json = {}): Json => ({
  ...target.school.statusList(set, { statusPurpose: 'suspension', ...subject }),
  id: at('/status/2'),
});

async function publishList(list: unknown, path = '/status/1') {
  target.published.set(at(path), await list);
}

describe('S02: what was withdrawn', () => {
  it('is revoked in both forms, whatever else its lists say', async () => {
    const { school, attack, publish } = target;
    await publish([7]);
    await publishList(school.sign(suspensions([9])), '/status/2');
    const token = school.signToken(school.claims());
    expect((await attack('revoked', await badge())).answer).toBe('revoked REVOKED');
    expect((await attack('revoked token', token)).answer).toBe('revoked REVOKED');
    const both = await badge(withSuspension());
    expect((await attack('revoked and suspended', both)).answer).toBe('revoked REVOKED');
  });

  it('is suspended until it is reinstated', async () => {
    const { school, attack } = target;
    const held = await badge(withSuspension());
    const answers: string[] = [];
    for (const set of [[], [9], [8, 10], [9]]) {
      await publishList(school.sign(suspensions(set)), '/status/2');
      answers.push((await attack(`suspensions ${set.join(' ')}`, held)).answer);
    }
    expect(answers).toEqual(['valid', 'suspended SUSPENDED', 'valid', 'suspended SUSPENDED']);
  });

  it('is suspended, too, while the list of revocations is away; what is known counts', async () => {
    const { school, attack, published } = target;
    await publishList(school.sign(suspensions([9])), '/status/2');
    published.delete(school.listUrl);
    const { answer } = await attack('suspended, revocations away', await badge(withSuspension()));
    expect(answer).toBe('suspended SUSPENDED');
  });

  it('says so outside of Open Badges with the two entries of VCDM 2.0', async () => {
    const { school, attack } = target;
    const credential = await school.sign({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
      type: ['VerifiableCredential'],
      issuer: school.did,
      credentialSubject: { id: 'did:example:ada' },
      credentialStatus: [
        entry(),
        {
          type: 'BitstringStatusListEntry',
          statusPurpose: 'suspension',
          statusListIndex: '9',
          statusListCredential: at('/status/2'),
        },
      ],
    });
    await publishList(school.sign(suspensions()), '/status/2');
    expect((await attack('two entries', credential)).answer).toBe('valid');
    await publishList(school.sign(suspensions([9])), '/status/2');
    expect((await attack('two entries, suspended', credential)).answer).toBe('suspended SUSPENDED');
  });
});

describe('T15, S13: a list that cannot be relied on is never "not revoked"', () => {
  type MakeList = (set?: readonly number[], subject?: Json) => Json;
  const broken = 'STATUS_VERIFICATION_ERROR';
  const cases: Readonly<
    Record<string, readonly [code: string, publish: (list: MakeList) => unknown]>
  > = {
    'nobody answers': ['STATUS_RETRIEVAL_ERROR', () => undefined],
    'it is text': ['STATUS_RETRIEVAL_ERROR', () => 'revoked: none'],
    'it is an empty object': [broken, () => ({})],
    'it is signed, and no list': [
      broken,
      (list) => target.school.sign(target.school.badge({ id: list().id })),
    ],
    'it is not signed': [broken, (list) => list()],
    'its bits were changed': [
      broken,
      async (list) => ({
        ...(await target.school.sign(list([7]))),
        credentialSubject: list().credentialSubject,
      }),
    ],
    'another issuer signed it as theirs': [
      broken,
      (list) => target.other.sign({ ...list(), issuer: target.other.did }),
    ],
    'another issuer signed it as ours': [broken, (list) => target.other.sign(list())],
    'a key of ours signed it that may sign nothing': [
      broken,
      (list) => {
        // The badge comes as a token: its own key is in order.
        const { document, documentUrl, rsaId } = target.school;
        target.published.set(documentUrl, { ...document, assertionMethod: [rsaId] });
        return target.school.sign(list());
      },
    ],
    'it is another list of the issuer': [
      broken,
      (list) => target.school.sign({ ...list(), id: at('/status/3') }),
    ],
    'it is for another purpose': [
      broken,
      (list) => target.school.sign(list([], { statusPurpose: 'refresh' })),
    ],
    'it names no purpose': [
      broken,
      (list) => {
        const { statusPurpose, ...subject } = list().credentialSubject as Json;
        expect(statusPurpose).toBeDefined();
        return target.school.sign({ ...list(), credentialSubject: subject });
      },
    ],
    'it is an old one, past its end': [
      broken,
      (list) => target.school.sign({ ...list(), validUntil: '2026-11-30T00:00:00Z' }),
    ],
    'it is one of the future': [
      broken,
      (list) => target.school.sign({ ...list(), validFrom: '2026-12-02T00:00:00Z' }),
    ],
    'it is shorter than herd privacy wants': [
      'STATUS_LIST_LENGTH_ERROR',
      (list) =>
        target.school.sign(list([], { encodedList: encodeBitstring(new Uint8Array(16_383)) })),
    ],
    'it is not packed': [
      broken,
      (list) => target.school.sign(list([], { encodedList: 'uAAAAAAAA' })),
    ],
  };

  it.each(Object.entries(cases))('revocations: %s', async (name, [code, publish]) => {
    const { school, attack } = target;
    const token = school.signToken(school.claims());
    expect((await attack('before', token)).answer).toBe('valid');
    await publishList(publish(school.statusList));
    expect((await attack(`revocations: ${name}`, token)).answer).toBe(`unverifiable ${code}`);
  });

  it.each(Object.entries(cases))('suspensions: %s', async (name, [code, publish]) => {
    const { school, attack } = target;
    const credentialStatus = { ...entry(), ...withSuspension() };
    const token = school.signToken(school.claims(school.badge({ credentialStatus })));
    await publishList(school.sign(suspensions()), '/status/2');
    expect((await attack('before', token)).answer).toBe('valid');
    await publishList(publish(suspensions), '/status/2');
    expect((await attack(`suspensions: ${name}`, token)).answer).toBe(`unverifiable ${code}`);
  });
});

describe('T15: an entry that does not say where to look', () => {
  it.each(['5abc', ' 5', '5 ', '1e5', '5.9', '-1', '+7', '0x7', '07', '', '٧', '99999999999'])(
    'has no index %j',
    async (statusListIndex) => {
      const { answer } = await target.attack(
        `index ${JSON.stringify(statusListIndex)}`,
        await badge({ statusListIndex }),
      );
      expect(answer).toBe('invalid STATUS_MALFORMED');
    },
  );

  it.each<[string, string, Json]>([
    ['an index after the end', 'unverifiable RANGE_ERROR', { statusListIndex: '131072' }],
    ['the largest index', 'unverifiable RANGE_ERROR', { statusListIndex: '9999999999' }],
    [
      'two bits of a list for one',
      'unverifiable STATUS_LIST_LENGTH_ERROR',
      { statusSize: 2, statusListIndex: '3' },
    ],
    ['no bits', 'invalid STATUS_MALFORMED', { statusSize: 0 }],
    ['its list as id', 'invalid STATUS_MALFORMED', { id: 'http://list' }],
  ])('%s', async (name, expected, status) => {
    const id = status.id === undefined ? {} : { id: entry().statusListCredential };
    const { answer } = await target.attack(name, await badge({ ...status, ...id }));
    expect(answer).toBe(expected);
  });

  it('two bits are read from where they are', async () => {
    const { school, attack } = target;
    const bits = new Uint8Array(32_768);
    setBit(bits, 15);
    const list = school.statusList([], { encodedList: encodeBitstring(bits) });
    await publishList(school.sign(list));
    const answers = [];
    for (const statusListIndex of ['6', '7', '8']) {
      const two = await badge({ statusSize: 2, statusListIndex });
      answers.push((await attack(`two bits at ${statusListIndex}`, two)).answer);
    }
    expect(answers).toEqual(['valid', 'revoked REVOKED', 'valid']);
  });

  it('is in the way of its holder, too: what was signed cannot be told another way', async () => {
    const { school, attack } = target;
    await publishList(school.sign(suspensions([9])), '/status/2');
    const held = await badge(withSuspension());
    const { statusReference, ...status } = held.credentialStatus as Json;
    const spellings: Json = {
      'left out': status,
      'as a node': { ...status, statusReference: { id: statusReference } },
      'as a list of nodes': { ...status, statusReference: [{ id: statusReference }] },
      'in an entry beside it': [status, { id: status.id, type: status.type, statusReference }],
      'under its full name': {
        ...status,
        'https://www.w3.org/ns/credentials/status#statusReference': { id: statusReference },
      },
      'as a list': { ...status, statusReference: [statusReference] },
    };
    const answers: Record<string, string> = {};
    for (const [name, credentialStatus] of Object.entries(spellings)) {
      answers[name] = (await attack(`reference ${name}`, { ...held, credentialStatus })).answer;
    }
    expect(Object.values(answers)).not.toContain('valid');
    expect(answers['as a list']).toBe('suspended SUSPENDED');
    expect(answers['as a node']).toBe('invalid STATUS_MALFORMED');
  });

  it('may point to what is for people to read', async () => {
    for (const statusReference of [at('/rules.html'), 'https://elsewhere.example/status/2#9']) {
      const { answer, asked } = await target.attack(
        'a reference',
        await badge({ statusReference }),
      );
      expect(answer).toBe('valid');
      expect(asked.filter((address) => address.includes('rules'))).toEqual([]);
    }
  });
});

it('T15: an older list in the place of the newest is not told from it, elsewhere than at home', async () => {
  const { school, attack } = target;
  const before = await school.sign(school.statusList());
  await target.publish([7]);
  expect((await attack('newest list', await badge())).answer).toBe('revoked REVOKED');
  // Who can do this holds the issuer's host or its certificate; docs/adr/0013 says why nothing is dated against it.
  await publishList(before);
  expect((await attack('older list replayed', await badge())).answer).toBe('valid');
});
