import { createForeignIssuer, suiteNames, type SuiteName } from '../support/foreign-issuer.ts';
import type { Json } from '../support/json-places.ts';
import { now, verdict } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

const issuer = await createForeignIssuer();
const witness = await createForeignIssuer('witness.example');
const list = await issuer.sign('eddsa-rdfc-2022', issuer.statusList());
const badge = issuer.badge();

const world = () =>
  createWorld(
    {
      [issuer.documentUrl]: issuer.document,
      [issuer.listUrl]: list,
      [witness.documentUrl]: witness.document,
    },
    { now },
  );
const verdictOf = (proof: readonly unknown[], change: Json = {}) =>
  verdict({ ...badge, ...change, proof }, world());

const ids = ['urn:uuid:1', 'urn:uuid:2', 'urn:uuid:3'] as const;
type Signer = Pick<typeof issuer, 'prove'>;

/** Signed over the badge and what came before, as Data Integrity 1.0 §4.3 wants it. */
function link(
  signer: Signer,
  previous: readonly Json[],
  options: Json,
  name: SuiteName = 'eddsa-rdfc-2022',
): Promise<Json> {
  const document = previous.length === 0 ? badge : { ...badge, proof: previous };
  return signer.prove(name, document, options);
}

async function chain(name: SuiteName = 'eddsa-rdfc-2022'): Promise<[Json, Json, Json]> {
  const first = await link(witness, [], { id: ids[0] }, name);
  const second = await link(issuer, [first], { id: ids[1], previousProof: ids[0] }, name);
  const third = await link(
    issuer,
    [first, second],
    { id: ids[2], previousProof: [ids[0], ids[1]] },
    name,
  );
  return [first, second, third];
}

async function warnings(proof: readonly unknown[]): Promise<readonly unknown[]> {
  const { checks } = await world().verify({ ...badge, proof });
  return checks.filter(({ outcome }) => outcome === 'warn').map(({ code }) => code);
}

describe('several signatures', () => {
  it('hold when one of the issuer does, whatever its place', async () => {
    const ours = await issuer.prove('eddsa-rdfc-2022', badge);
    const unknown = { ...ours, cryptosuite: 'bbs-2023' };
    const theirs = await witness.prove('ecdsa-rdfc-2019 P-256', badge);
    for (const proof of [[ours], [ours, unknown], [unknown, ours], [theirs, ours]]) {
      expect(await verdictOf(proof)).toBe('valid');
      expect(await warnings(proof)).toEqual([]);
    }
    expect(await verdictOf([theirs])).toBe('invalid KEY_NOT_AUTHORIZED');
    expect(await verdictOf([unknown])).toBe('unverifiable PROOF_NOT_SUPPORTED');
  });

  it('may be of different kinds', async () => {
    const names = suiteNames.filter((name) => !/2020|sd/.test(name)).slice(0, 4);
    const proofs = await Promise.all(names.map((name) => issuer.prove(name, badge)));
    expect(await verdictOf(proofs)).toBe('valid');
    expect(await warnings(proofs)).toEqual([]);
  });

  it('are told about when one of them does not hold', async () => {
    const ours = await issuer.prove('eddsa-rdfc-2022', badge);
    const changed = await issuer.prove('ecdsa-rdfc-2019 P-256', { ...badge, name: 'Other' });
    const forged = { ...(await witness.prove('eddsa-rdfc-2022', badge)), created: now };
    for (const other of [changed, forged, { ...ours, proofPurpose: 'authentication' }]) {
      expect(await verdictOf([other, ours])).toBe('valid');
      expect(await warnings([other, ours])).toEqual(['PROOF_DOUBTFUL']);
    }
    expect(await verdictOf([changed, forged])).toBe('invalid PROOF_INVALID');
  });

  it('by strangers are looked up only beside one of the issuer', async () => {
    const where = world();
    const theirs = await witness.prove('eddsa-rdfc-2022', badge);
    await where.verify({ ...badge, proof: Array(4).fill(theirs) });
    expect(where.asked).toEqual([issuer.documentUrl]);
  });

  it('that the holder may thin out count less than those over the whole', async () => {
    const proofs = await Promise.all([
      issuer.sign('ecdsa-sd-2023', badge, { mandatory: [''] }).then(({ proof }) => proof),
      issuer.prove('eddsa-rdfc-2022', badge),
    ]);
    expect(await verdictOf(proofs)).toBe('valid');
    expect(await warnings(proofs)).toEqual([]);
  });
});

describe.each(['eddsa-rdfc-2022', 'ecdsa-rdfc-2019 P-384', 'eddsa-jcs-2022'] as const)(
  'signatures of %s that build on each other',
  (name) => {
    it('hold as a chain of two and of three, in any order', async () => {
      const [first, second, third] = await chain(name);
      for (const proof of [
        [first, second],
        [second, first],
        [first, second, third],
        [third, first, second],
      ]) {
        expect(await verdictOf(proof)).toBe('valid');
        expect(await warnings(proof)).toEqual([]);
      }
    });

    it('do not hold without what they build on', async () => {
      const [first, second, third] = await chain(name);
      expect(await verdictOf([second])).toBe('invalid PROOF_PREVIOUS_MISSING');
      expect(await verdictOf([first, third])).toMatch(/^invalid/);
      const { previousProof: _previous, ...loose } = second;
      expect(await verdictOf([first, loose])).toBe('invalid KEY_NOT_AUTHORIZED');
      expect(await verdictOf([loose])).toBe('invalid PROOF_INVALID');
    });

    it('do not hold when what they build on was changed or exchanged', async () => {
      const [first, second] = await chain(name);
      const later = { ...first, created: '2026-11-22T10:00:01Z' };
      const other = await link(witness, [], { id: ids[0], expires: '2027-01-01T00:00:00Z' }, name);
      const bare = { ...first };
      delete bare.created;
      for (const previous of [later, other, bare]) {
        expect(await verdictOf([previous, second])).toMatch(/^invalid/);
      }
    });

    it('do not hold on top of one that never held', async () => {
      const [first] = await chain(name);
      const broken = { ...first, created: '2026-11-22T10:00:01Z' };
      const second = await link(issuer, [broken], { id: ids[1], previousProof: ids[0] }, name);
      expect(await verdictOf([broken, second])).toMatch(/^invalid/);
      const expired = await link(
        witness,
        [],
        { id: ids[0], expires: '2026-11-23T00:00:00Z' },
        name,
      );
      const onExpired = await link(issuer, [expired], { previousProof: ids[0] }, name);
      expect(await verdictOf([expired, onExpired])).toMatch(/^invalid/);
    });

    it('do not go round in circles', async () => {
      const [first, second] = await chain(name);
      const circle = [{ ...first, previousProof: ids[1] }, second];
      expect(await verdictOf(circle)).toMatch(/^invalid/);
      const itself = await link(issuer, [], { id: ids[0], previousProof: ids[0] }, name);
      expect(await verdictOf([itself])).toBe('invalid PROOF_CHAIN_CYCLE');
    });
  },
);

describe('what signatures build on', () => {
  it.each<[string, unknown, string]>([
    ['a number', 7, 'PROOF_MALFORMED'],
    ['an object', { id: ids[0] }, 'PROOF_MALFORMED'],
    ['nothing at all', null, 'MEMBER_NOT_ALLOWED'],
    ['an empty list', [], 'MEMBER_NOT_ALLOWED'],
    ['a stranger', 'urn:uuid:9', 'PROOF_PREVIOUS_MISSING'],
    ['one and a stranger', [ids[0], 'urn:uuid:9'], 'PROOF_PREVIOUS_MISSING'],
  ])('is not %s', async (_what, previousProof, code) => {
    const [first, second] = await chain();
    expect(await verdictOf([{ ...second, previousProof }, first])).toBe(`invalid ${code}`);
  });

  it('has to be named without doubt', async () => {
    const [first, second] = await chain();
    const twin = { ...(await witness.prove('ecdsa-rdfc-2019 P-256', badge)), id: ids[0] };
    expect(await verdictOf([second, first, twin])).toBe('invalid PROOF_ID_AMBIGUOUS');
  });

  it('may be signed by somebody who cannot be reached: then nobody knows', async () => {
    const [first, second] = await chain();
    const { documentUrl, document, listUrl } = issuer;
    const where = createWorld({ [documentUrl]: document, [listUrl]: list }, { now });
    expect(await verdict({ ...badge, proof: [second, first] }, where)).toBe(
      'unverifiable SIGNER_UNKNOWN',
    );
  });

  it('is not for signatures that only show parts, or of 2020', async () => {
    for (const name of ['ecdsa-sd-2023', 'Ed25519Signature2020'] as const) {
      const { proof, ...document } = await issuer.sign(name, badge);
      const [first] = await chain();
      const linked = { ...(proof as Json), previousProof: ids[0] };
      expect(await verdict({ ...document, proof: [linked, first] }, world())).toBe(
        'unverifiable PROOF_NOT_SUPPORTED',
      );
    }
  });

  it('counts with the other signatures: more than four are not looked at', async () => {
    const proofs = await chain();
    expect(await verdictOf([...proofs, ...proofs])).toBe('invalid TOO_COMPLEX');
  });
});
