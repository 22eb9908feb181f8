import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T08 (S03, S04): a signature covers triples, readers look at JSON. The holder of a revoked or expired badge keeps the
// triples and spells them so that the entry or the date is not found.

const vocabulary = 'https://www.w3.org/2018/credentials#';
const xsdDate = 'http://www.w3.org/2001/XMLSchema#dateTime';
const over = '2026-11-25T00:00:00Z';

let target: Target;
let endorsed: Json;

beforeAll(async () => {
  target = await openTarget();
  const { school, other, publish } = target;
  await publish([7]);
  const { credentialStatus: _none, ...endorsement } = other.badge({
    id: 'urn:uuid:1d1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsement',
    credentialSubject: { id: school.badge().id, type: ['EndorsementSubject'] },
  });
  endorsed = { endorsement: [await other.sign(endorsement)] };
});
afterAll(async () => {
  await target.close('T08 hidden members');
});

type Disguise = (name: string, value: unknown, rest: Json) => Json;

const disguises: readonly (readonly [string, Disguise])[] = [
  ['its full IRI', (name, value, rest) => ({ ...rest, [vocabulary + name]: typed(name, value) })],
  ['@nest', (name, value, rest) => ({ ...rest, '@nest': { [name]: value } })],
  [
    '@included',
    (name, value, rest) => ({ ...rest, '@included': [{ id: rest.id, [name]: value }] }),
  ],
  [
    '@graph',
    (name, value, { '@context': contexts, ...rest }) => ({
      '@context': contexts,
      '@graph': [{ ...rest, [name]: value }],
    }),
  ],
  [
    'an alias',
    (name, value, rest) => ({
      ...rest,
      '@context': [
        ...(rest['@context'] as string[]),
        { other: { '@id': vocabulary + name, '@type': name === 'validUntil' ? xsdDate : '@id' } },
      ],
      other: value,
    }),
  ],
  ['a list of a list', (name, value, rest) => ({ ...rest, [name]: [[value]] })],
  [
    'a mention of the badge further down',
    (name, value, rest) => {
      const copy = structuredClone(rest);
      const [{ credentialSubject }] = copy.endorsement as [{ credentialSubject: Json }];
      credentialSubject.type = ['EndorsementSubject', 'VerifiableCredential'];
      credentialSubject[name] = value;
      return copy;
    },
  ],
  ['nothing: it is gone', (_name, _value, rest) => rest],
];

function typed(name: string, value: unknown): unknown {
  return name === 'validUntil' ? { '@type': xsdDate, '@value': value } : value;
}

describe('S03: a revoked badge', () => {
  it('is revoked as it was issued', async () => {
    const { school, attack } = target;
    const badge = await school.sign(school.badge(endorsed));
    expect((await attack('revoked, as issued', badge)).answer).toBe('revoked REVOKED');
  });

  it.each(disguises)('is never valid with its status under %s', async (name, disguise) => {
    const { school, attack } = target;
    const { credentialStatus, ...rest } = await school.sign(school.badge(endorsed));
    const { answer } = await attack(
      `status: ${name}`,
      disguise('credentialStatus', credentialStatus, rest),
    );
    expect(answer).toMatch(/^invalid /);
  });
});

describe('S04: an expired badge', () => {
  it('is expired as it was issued', async () => {
    const { school, attack } = target;
    const badge = school.badge({ ...endorsed, validUntil: over });
    delete badge.credentialStatus;
    expect((await attack('expired, as issued', await school.sign(badge))).answer).toBe(
      'expired EXPIRED',
    );
  });

  it.each(disguises)('is never valid with its end under %s', async (name, disguise) => {
    const { school, attack } = target;
    const badge = school.badge({ ...endorsed, validUntil: over });
    delete badge.credentialStatus;
    const { validUntil, ...rest } = await school.sign(badge);
    const { answer } = await attack(`end: ${name}`, disguise('validUntil', validUntil, rest));
    expect(answer).toMatch(/^(invalid|unverifiable) /);
  });

  it('is never valid in the form of another version, which knows other dates', async () => {
    const { school, attack } = target;
    const {
      '@context': _contexts,
      credentialStatus: _status,
      ...rest
    } = school.badge({
      type: ['VerifiableCredential'],
      issuer: school.did,
      credentialSubject: { id: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e' },
      validUntil: over,
    });
    const signed = await school.sign({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      ...rest,
    });
    const older = {
      ...signed,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://w3id.org/security/data-integrity/v2',
      ],
    };
    expect((await attack('expired, as issued', signed)).answer).toBe('expired EXPIRED');
    expect((await attack('expired, with the older vocabulary', older)).answer).toBe(
      'expired EXPIRED',
    );
  });
});

describe('T08: a badge that is in force', () => {
  const evidence = {
    id: 'https://evidence.example/1',
    type: ['Evidence'],
    name: 'Report',
    narrative: 'What I did.',
  };
  const half = ({ name: _name, ...rest }: typeof evidence) => rest;
  const otherHalf = ({ narrative: _narrative, ...rest }: typeof evidence) => rest;
  const withAchievement = (badge: Json, change: (achievement: Json) => Json): Json => {
    const copy = structuredClone(badge);
    const subject = copy.credentialSubject as { achievement: Json };
    subject.achievement = change(subject.achievement);
    return copy;
  };

  it.each<[string, string, (badge: Json) => Json]>([
    [
      'one piece of evidence twice',
      'MEMBER_HIDDEN',
      (badge) => ({ ...badge, evidence: [evidence, evidence] }),
    ],
    [
      'a mention of its evidence',
      'MEMBER_HIDDEN',
      (badge) => ({ ...badge, evidence: [evidence, { id: evidence.id, type: ['Evidence'] }] }),
    ],
    [
      'its evidence in two halves',
      'MEMBER_HIDDEN',
      (badge) => ({ ...badge, evidence: [half(evidence), otherHalf(evidence)] }),
    ],
    [
      'the class instead of the member',
      'MEMBER_NOT_ALLOWED',
      (badge) =>
        withAchievement(badge, ({ criteria, ...rest }) => ({ ...rest, Criteria: criteria })),
    ],
    [
      'a number that rounds to the signed one',
      'NUMBER_NOT_SIGNABLE',
      (badge) =>
        withAchievement(badge, (rest) => ({ ...rest, creditsAvailable: 2.5000000000000004 })),
    ],
    [
      'half a character for a broken one',
      'MEMBER_NOT_ALLOWED',
      (badge) => withAchievement(badge, (rest) => ({ ...rest, name: 'Broken \ud800' })),
    ],
  ])('is invalid with %s, although its triples are the same', async (name, code, change) => {
    const { school, attack, publish } = target;
    await publish([]);
    const honest = await school.sign(
      withAchievement(school.badge({ evidence: [evidence] }), (achievement) => ({
        ...achievement,
        name: 'Broken \ufffd',
        creditsAvailable: 2.5,
      })),
    );
    expect((await attack('as issued', honest)).answer).toBe('valid');
    expect((await attack(name, change(honest))).answer).toBe(`invalid ${code}`);
  });
});
