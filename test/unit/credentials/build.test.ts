import { buildAchievementDocument } from '../../../src/credentials/build/achievement.ts';
import { buildAchievementCredential } from '../../../src/credentials/build/achievement-credential.ts';
import { lintCredential } from '../../../src/credentials/build/lint.ts';
import { buildIdentifiers, hashIdentity } from '../../../src/credentials/build/recipient.ts';
import { tidy } from '../../../src/credentials/build/tidy.ts';
import { achievementKinds } from '../../../src/domain/achievements.ts';
import { defaultPolicy } from '../../../src/domain/organizations.ts';
import { createUrls } from '../../../src/shared/urls.ts';
import { award, organization, recipient, uuid, version } from '../../support/sample-award.ts';

const urls = createUrls('https://cairn.example');
const input = { urls, organization, version, award, recipient };
const build = (changes: Partial<typeof input> = {}) =>
  buildAchievementCredential({ ...input, ...changes });

describe('an achievement credential', () => {
  const credential = build();

  it('is a VCDM 2.0 document with both contexts in order', () => {
    expect(credential['@context']).toEqual([
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ]);
    expect(credential.type).toEqual(['VerifiableCredential', 'OpenBadgeCredential']);
    expect(credential.id).toBe(`https://cairn.example/credentials/${award.issuance.credential}`);
  });

  it('has the issuer as a Profile whose id is its DID', () => {
    expect(credential.issuer).toEqual({
      id: `did:web:cairn.example:issuers:${organization.id}`,
      type: ['Profile'],
      name: organization.name,
      url: organization.url,
      description: organization.description,
      email: organization.email,
    });
  });

  it('dates the award and the credential in whole seconds', () => {
    expect(credential.validFrom).toBe('2026-11-22T09:00:00Z');
    expect(credential.awardedDate).toBe('2026-11-20T14:30:00Z');
  });

  it('knows the learner by a random id, a salted hash and, where policy says so, a name', () => {
    const { identifier, id } = credential.credentialSubject;
    expect(id).toBe(`urn:uuid:${recipient.subject}`);
    expect(identifier).toEqual([
      {
        type: 'IdentityObject',
        hashed: true,
        identityHash: hashIdentity('ada@school.example', '9f2d0c'),
        identityType: 'emailAddress',
        salt: '9f2d0c',
      },
      {
        type: 'IdentityObject',
        hashed: false,
        identityHash: 'Ada Lovelace',
        identityType: 'name',
      },
    ]);
    const silent = { ...organization, policy: { ...defaultPolicy, nameInCredential: false } };
    expect(JSON.stringify(build({ organization: silent }))).not.toContain('Lovelace');
    expect(JSON.stringify(credential)).not.toMatch(/ada@school/i);
  });

  it('needs neither e-mail nor name', () => {
    const { subject } = recipient;
    const anonymous = build({ recipient: { subject } });
    expect(anonymous.credentialSubject).not.toHaveProperty('identifier');
    expect(lintCredential(anonymous)).toEqual([]);
  });

  it('points to standards as CASE items', () => {
    const { achievement } = credential.credentialSubject;
    expect(achievement.humanCode).toBe('HSF.LE.1, HSF.LE.2');
    expect(achievement.alignment?.[0]).toEqual({
      id: `urn:uuid:${uuid(21)}`,
      type: ['Alignment'],
      targetType: 'CFItem',
      targetName: version.alignments[0]?.statement,
      targetUrl: version.alignments[0]?.uri,
      targetCode: version.alignments[0]?.identifier,
      targetFramework: 'Mathematics, upper school',
    });
  });

  it('carries the rubric from lowest to highest, all values as text', () => {
    const [description] = credential.credentialSubject.achievement.resultDescription ?? [];
    expect(description).toMatchObject({
      id: `urn:uuid:${uuid(30)}`,
      name: 'Models',
      resultType: 'RubricCriterionLevel',
      requiredLevel: `urn:uuid:${uuid(33)}`,
    });
    const levels =
      description?.resultType === 'RubricCriterionLevel' ? description.rubricCriterionLevel : [];
    expect(levels.map(({ name, level, points }) => [name, level, points])).toEqual([
      ['Beginning', '1', '1'],
      ['Developing', '2', '2'],
      ['Proficient', '3', '3'],
      ['Advanced', '4', '4'],
    ]);
  });

  it('carries the results, each pointing into that rubric', () => {
    expect(credential.credentialSubject.result?.[1]).toEqual({
      id: `urn:uuid:${uuid(15)}`,
      type: ['Result'],
      resultDescription: `urn:uuid:${uuid(40)}`,
      achievedLevel: `urn:uuid:${uuid(44)}`,
      value: 'Advanced',
      status: 'Completed',
    });
    const results = [{ id: uuid(14), criterion: uuid(30), level: uuid(41) }];
    expect(() => build({ award: { ...award, results } })).toThrow('does not have');
  });

  it('names evidence by its address and files by their digest', () => {
    expect(credential.evidence).toEqual([
      {
        id: `https://cairn.example/evidence/${uuid(11)}`,
        type: ['Evidence'],
        name: 'Report',
        narrative: 'What I found out.',
        digestMultibase: 'uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ',
      },
      { id: 'https://video.example/watch?v=1&t=2', type: ['Evidence'], name: 'Video' },
      {
        id: `urn:uuid:${uuid(13)}`,
        type: ['Evidence'],
        name: 'Talk',
        narrative: 'Explained it to the class.',
      },
    ]);
  });

  it('keeps apart two pieces of evidence at one address', () => {
    const url = 'https://video.example/watch';
    const evidence = [
      { id: uuid(11), name: 'Part one', url },
      { id: uuid(12), name: 'Part two', url },
    ];
    const twice = build({ award: { ...award, evidence } });
    expect(twice.evidence?.map(({ id }) => id)).toEqual([url, `urn:uuid:${uuid(12)}`]);
    expect(twice.evidence?.[1]?.url).toBe(url);
  });

  it('names its place in the status list as text', () => {
    const list = `https://cairn.example/status/${award.issuance.status.list}`;
    expect(credential.credentialStatus).toEqual({
      id: `${list}#77777`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '77777',
      statusListCredential: list,
      statusReference: `https://cairn.example/status/${uuid(11)}#12345`,
    });
  });

  it('is the same each time', () => {
    expect(JSON.stringify(build())).toBe(JSON.stringify(credential));
  });

  it('leaves out what an award does not have', () => {
    const { narrative, ...plain } = { ...award, evidence: [], results: [] };
    expect(narrative).toBeDefined();
    const bare = build({
      award: plain,
      version: { ...version, rubric: [], tags: [], alignments: [] },
    });
    expect(bare).not.toHaveProperty('evidence');
    for (const absent of ['narrative', 'result']) {
      expect(bare.credentialSubject).not.toHaveProperty(absent);
    }
    for (const absent of ['alignment', 'resultDescription', 'humanCode']) {
      expect(bare.credentialSubject.achievement).not.toHaveProperty(absent);
    }
    expect(lintCredential(bare)).toEqual([]);
  });

  it('has a term of OB 3.0 for every kind', () => {
    const types = achievementKinds.map(
      (kind) => build({ version: { ...version, kind } }).credentialSubject.achievement,
    );
    expect(types.map(({ achievementType }) => achievementType)).toEqual([
      'Competency',
      'Assessment',
      'Certificate',
      'Achievement',
    ]);
  });

  it('is clean of characters that break signatures', () => {
    const name = 'Lin\u0000ear\u0085 \u0007or\texponential\ud800?\r\nYes';
    const dirty = build({ version: { ...version, name } });
    expect(dirty.name).toBe('Linear or exponential\uFFFD?\r\nYes');
    expect(lintCredential(dirty)).toEqual([]);
  });
});

it('hashes identities as OB 3.0 does', () => {
  expect(hashIdentity('a@example.com', 'Kosher')).toBe(
    'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399',
  );
  const email = { address: ' A@Example.com ', salt: 'Kosher' };
  expect(buildIdentifiers({ subject: uuid(16), email }, true)[0]?.identityHash).toBe(
    hashIdentity('a@example.com', 'Kosher'),
  );
});

it('gives an achievement as a document of its own', () => {
  const { '@context': contexts, ...achievement } = buildAchievementDocument(
    urls,
    organization,
    version,
  );
  expect(contexts).toHaveLength(2);
  expect(achievement).toEqual(build().credentialSubject.achievement);
});

it('refuses numbers', () => {
  expect(() => tidy({ points: 1e-7 })).toThrow('not numbers');
});
