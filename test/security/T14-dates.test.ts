import { openTarget, today, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T14 (S05): four dates on a badge, its proof and its key, each with five minutes for clocks that differ.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T14 dates');
});
beforeEach(() => target.publish());

const at = (seconds: number): string => new Date(Date.parse(today) + seconds * 1000).toISOString();
const offsets = [-301, -299, 0, 299, 301];

/** What a badge is at these distances from now. */
const dates: readonly (readonly [string, readonly string[], (date: string) => Promise<Json>])[] = [
  [
    'validUntil',
    ['expired EXPIRED', 'valid', 'valid', 'valid', 'valid'],
    (validUntil) => target.school.sign(target.school.badge({ validUntil })),
  ],
  [
    'validFrom',
    ['valid', 'valid', 'valid', 'valid', 'not_yet_valid NOT_YET_VALID'],
    (validFrom) => target.school.sign(target.school.badge({ validFrom })),
  ],
  [
    'proof.expires',
    ['invalid PROOF_EXPIRED', 'valid', 'valid', 'valid', 'valid'],
    (expires) => target.school.sign(target.school.badge(), { expires }),
  ],
  [
    'proof.created',
    ['valid', 'valid', 'valid', 'valid', 'invalid PROOF_CREATED'],
    (created) => target.school.sign(target.school.badge(), { created }),
  ],
];

it.each(dates)('S05: %s at five distances from now: %j', async (name, expected, make) => {
  const answers = [];
  for (const seconds of offsets) {
    answers.push((await target.attack(`${name} ${seconds} s`, await make(at(seconds)))).answer);
  }
  expect(answers).toEqual(expected);
});

it.each<[string, Json, string]>([
  ['a proof that ended in 2020', { expires: '2020-01-01T00:00:00Z' }, 'invalid PROOF_EXPIRED'],
  ['a proof of 2099', { created: '2099-01-01T00:00:00Z' }, 'invalid PROOF_CREATED'],
  ['a proof without zone', { created: '2026-11-22T10:00:00' }, 'invalid SCHEMA_INVALID'],
  [
    'a proof with something before its date',
    { created: 'x2026-11-22T10:00:00Z' },
    'invalid SCHEMA_INVALID',
  ],
  [
    'a proof with something after its date',
    { expires: '2099-01-01T00:00:00Zx' },
    'invalid PROOF_EXPIRED',
  ],
])('S05: %s is not accepted', async (name, options, expected) => {
  const { school, attack } = target;
  expect((await attack(name, await school.sign(school.badge(), options))).answer).toBe(expected);
});

it.each<[string, Json]>([
  ['no zone', { validUntil: '2026-12-31T00:00:00' }],
  ['no time', { validUntil: '2026-12-31' }],
  ['another calendar', { validUntil: '31.12.2026' }],
  ['a year of five digits', { validUntil: '20026-12-31T00:00:00Z' }],
  ['two ends', { validUntil: ['2099-01-01T00:00:00Z', '2020-01-01T00:00:00Z'] }],
])('T14: a date with %s is none', async (name, change) => {
  const { school, attack } = target;
  const { answer } = await attack(name, await school.sign(school.badge(change)));
  expect(answer).toMatch(/^invalid (SCHEMA_INVALID|DATE_MALFORMED)$/);
});

it('T14: a time zone counts', async () => {
  const { school, attack } = target;
  const early = await school.sign(school.badge({ validFrom: '2026-12-01T05:00:00+05:30' }));
  expect((await attack('in India since half an hour', early)).answer).toBe('valid');
  const late = await school.sign(school.badge({ validUntil: '2026-12-01T05:00:00+05:30' }));
  expect((await attack('over in India since half an hour', late)).answer).toBe('expired EXPIRED');
});

it('S05: a key that was revoked or ran out proves nothing, whatever date the proof names', async () => {
  const { school, attack, publish } = target;
  const badge = await school.sign(school.badge(), { created: '2019-01-01T00:00:00Z' });
  for (const [name, code] of [
    ['revoked', 'KEY_REVOKED'],
    ['expires', 'KEY_EXPIRED'],
  ] as const) {
    const methods = school.document.verificationMethod as Json[];
    const verificationMethod = methods.map((method) => ({
      ...method,
      [name]: '2020-01-01T00:00:00Z',
    }));
    await publish([], { ...school.document, verificationMethod });
    expect((await attack(`key ${name}`, badge)).answer).toBe(`invalid ${code}`);
  }
});

it('T14: a token ends when either it or its badge does', async () => {
  const { school, attack } = target;
  const exp = Date.parse(at(-301)) / 1000;
  const ended = school.signToken({ ...school.claims(), exp });
  expect((await attack('exp', ended)).answer).toBe('expired EXPIRED');
  const claims = school.claims(school.badge({ validUntil: at(86_400) }));
  const contradicting = school.signToken({ ...claims, exp });
  expect((await attack('exp against validUntil', contradicting)).answer).toBe(
    'invalid TOKEN_CLAIMS',
  );
});
