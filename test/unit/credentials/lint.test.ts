import { buildAchievementCredential } from '../../../src/credentials/build/achievement-credential.ts';
import { lintCredential } from '../../../src/credentials/build/lint.ts';
import { createUrls } from '../../../src/shared/urls.ts';
import { award, organization, recipient, version } from '../../support/sample-award.ts';

const urls = createUrls('https://cairn.example');
const good = buildAchievementCredential({ urls, organization, version, award, recipient });

/** The good credential with one member exchanged, by path. */
function withMember(path: string, value: unknown): unknown {
  const copy = structuredClone<unknown>(good);
  const names = path.split('.');
  const last = names.pop() ?? '';
  let place = copy as Record<string, unknown>;
  for (const name of names) place = place[name] as Record<string, unknown>;
  if (value === undefined) {
    Reflect.deleteProperty(place, last);
  } else {
    place[last] = value;
  }
  return copy;
}

const subject = 'credentialSubject';
const achievement = `${subject}.achievement`;
const elsewhere = 'urn:uuid:5a3fd0c2-7c1e-4b7a-9d35-ffffffffffff';

it('has nothing against a credential of ours', () => {
  expect(lintCredential(good)).toEqual([]);
});

describe.each<[string, [string, unknown][]]>([
  [
    '@context',
    [
      ['@context', ['https://www.w3.org/2018/credentials/v1', good['@context'][1]]],
      ['@context', [...good['@context']].reverse()],
      ['@context', good['@context'][0]],
    ],
  ],
  [
    'id',
    [
      ['id', undefined],
      ['id', 'badge 1'],
      ['id', 'abc'],
    ],
  ],
  [
    'name',
    [
      ['name', undefined],
      ['name', ''],
    ],
  ],
  [
    'type',
    [
      ['type', ['VerifiableCredential']],
      ['type', 'AchievementCredential'],
    ],
  ],
  ['proof', [['proof', { type: 'DataIntegrityProof' }]]],
  ['issuer', [['issuer', 'did:web:cairn.example']]],
  [
    'issuer.type',
    [
      ['issuer.type', 'Profile'],
      ['issuer.type', ['Issuer']],
    ],
  ],
  ['issuer.id', [['issuer.id', 'school']]],
  [
    'validFrom',
    [
      ['validFrom', undefined],
      ['validFrom', '2026-11-22'],
      ['validFrom', '2026-11-22T09:00:00'],
      ['validFrom', '2026-11-22T09:00:00.789Z'],
    ],
  ],
  [
    'validUntil',
    [
      ['validUntil', '2026-11-22T08:00:00Z'],
      ['validUntil', 'never'],
    ],
  ],
  ['awardedDate', [['awardedDate', '22.11.2026']]],
  [subject, [[subject, [good.credentialSubject]]]],
  [`${subject}.type`, [[`${subject}.type`, ['Profile']]]],
  [`${subject}.evidence`, [[`${subject}.evidence`, good.evidence]]],
  [achievement, [[achievement, undefined]]],
  [`${achievement}.description`, [[`${achievement}.description`, undefined]]],
  [
    `${achievement}.criteria`,
    [
      [`${achievement}.criteria`, undefined],
      [`${achievement}.criteria`, {}],
    ],
  ],
  [`${achievement}.image.type`, [[`${achievement}.image.type`, ['Image']]]],
  [`${achievement}.inLanguage`, [[`${achievement}.inLanguage`, 'English']]],
  [
    `${achievement}.tag`,
    [
      [`${achievement}.tag`, []],
      [`${achievement}.tag`, 'algebra'],
    ],
  ],
  [`${achievement}.creditsAvailable`, [[`${achievement}.creditsAvailable`, 1e-7]]],
  [`${achievement}.alignment.0.targetCode`, [[`${achievement}.alignment.0.targetCode`, 7]]],
  [
    `${achievement}.alignment.1.id`,
    [[`${achievement}.alignment.1.id`, good.credentialSubject.achievement.alignment?.[0]?.id]],
  ],
  [
    `${achievement}.resultDescription.0.requiredLevel`,
    [[`${achievement}.resultDescription.0.requiredLevel`, elsewhere]],
  ],
  [`${subject}.result.0.resultDescription`, [[`${subject}.result.0.resultDescription`, elsewhere]]],
  [
    `${subject}.result.0.achievedLevel`,
    [
      [`${subject}.result.0.achievedLevel`, elsewhere],
      // A level of the other criterion.
      [`${subject}.result.0.achievedLevel`, good.credentialSubject.result?.[1]?.achievedLevel],
    ],
  ],
  ['evidence', [['evidence', good.evidence?.[0]]]],
  ['evidence.1.type', [['evidence.1.type', undefined]]],
  [
    'evidence.1.id',
    [
      ['evidence.1.id', 'file.pdf'],
      ['evidence.1.id', good.evidence?.[0]?.id],
    ],
  ],
  [
    'evidence.2.narrative',
    [
      ['evidence.2.narrative', null],
      ['evidence.2.narrative', 'bell \u0007'],
    ],
  ],
  ['credentialStatus', [['credentialStatus', [good.credentialStatus]]]],
  [
    'credentialStatus.statusListIndex',
    [
      ['credentialStatus.statusListIndex', 77],
      ['credentialStatus.statusListIndex', '5abc'],
    ],
  ],
  ['credentialStatus.id', [['credentialStatus.id', good.credentialStatus.statusListCredential]]],
  ['jti', [['jti', 'urn:x']]],
  ['issuer.@type', [['issuer.@type', 'Profile']]],
])('finds fault with %s', (path, changes) => {
  it.each(changes)('%s = %j', (member, value) => {
    const paths = lintCredential(withMember(member, value)).map((problem) => problem.path);
    expect(paths).toContain(path);
  });
});

it('refuses full addresses as member names', () => {
  const renamed = { ...good, 'https://www.w3.org/2018/credentials#credentialStatus': {} };
  expect(lintCredential(renamed)).toEqual([
    {
      path: 'https://www.w3.org/2018/credentials#credentialStatus',
      message: 'is not a plain term of the contexts.',
    },
  ]);
});

it('wants an id or an identifier for the subject', () => {
  const { id, identifier, ...rest } = good.credentialSubject;
  expect(lintCredential({ ...good, credentialSubject: rest })).toEqual([
    { path: 'credentialSubject', message: 'must have an id or an identifier.' },
  ]);
  for (const known of [{ id }, { identifier }]) {
    expect(lintCredential({ ...good, credentialSubject: { ...rest, ...known } })).toEqual([]);
  }
});

it.each([null, 'text', [good]])('is not confused by %j', (value) => {
  expect(lintCredential(value)).toHaveLength(1);
});
