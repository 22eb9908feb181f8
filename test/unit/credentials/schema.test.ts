import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import {
  checkAchievementCredential,
  checkEndorsementCredential,
} from '../../../src/credentials/schema.ts';
import { placesOf, withChange, type Json } from '../../support/json-places.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';

function badge(change: (draft: Json) => void = () => undefined): Json {
  const draft: Json = {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ],
    id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: 'did:web:school.example', type: ['Profile'] },
    validFrom: '2026-11-22T09:00:00Z',
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        { type: 'IdentityObject', hashed: false, identityHash: 'a', identityType: 'name' },
      ],
      achievement: {
        id: 'urn:uuid:0b7f1d0a-54b0-4f5e-8f9e-2a1b3c4d5e6f',
        type: ['Achievement'],
        name: 'Linear functions',
        description: 'Reads and draws them.',
        criteria: { narrative: 'Three tasks.' },
      },
    },
  };
  change(draft);
  return draft;
}

describe('the rules for an Open Badges 3.0 credential', () => {
  it('accept the smallest one, and its values standing alone instead of in arrays', () => {
    expect(checkAchievementCredential(badge())).toEqual([]);
    const compact = badge((draft) => {
      const subject = draft.credentialSubject as Json;
      subject.type = 'AchievementSubject';
      (subject.achievement as Json).type = 'Achievement';
      subject.identifier = (subject.identifier as Json[])[0];
      draft.evidence = { type: 'Evidence' };
    });
    expect(checkAchievementCredential(compact)).toEqual([]);
  });

  it('want a learner: an id or an identifier', () => {
    const anonymous = badge((draft) => {
      delete (draft.credentialSubject as Json).identifier;
    });
    expect(checkAchievementCredential(anonymous)).toEqual([
      { path: 'credentialSubject', message: 'needs an id or an identifier' },
    ]);
  });

  it.each<[string, (draft: Json) => void]>([
    ['no id', (draft) => delete draft.id],
    ['another type', (draft) => (draft.type = ['VerifiableCredential', 'ClrCredential'])],
    ['contexts in another order', (draft) => (draft['@context'] as string[]).reverse()],
    ['a date without a zone', (draft) => (draft.validFrom = '2026-11-22T09:00:00')],
    ['two statuses', (draft) => (draft.credentialStatus = [{ type: 'a' }, { type: 'b' }])],
    ['a picture without a type', (draft) => (draft.image = { id: 'https://a.example' })],
    ['an unknown member in a picture', (draft) => (draft.image = { id: 'a', type: 'Image', b: 1 })],
    ['an endorsement that is none', (draft) => (draft.endorsement = [{ id: 'a' }])],
    ['a token that is none', (draft) => (draft.endorsementJwt = ['a.b'])],
  ])('refuse %s', (_name, change) => {
    expect(checkAchievementCredential(badge(change))).not.toEqual([]);
  });

  it('know the form of version 1.1 of the data model', () => {
    const older = badge((draft) => {
      (draft['@context'] as string[])[0] = 'https://www.w3.org/2018/credentials/v1';
      draft.issuanceDate = draft.validFrom;
      draft.name = 'Linear functions';
      delete draft.validFrom;
    });
    expect(checkAchievementCredential(older)).toEqual([]);
    delete older.name;
    expect(checkAchievementCredential(older)).toMatchObject([{ path: 'name' }]);
  });

  it('know endorsements', () => {
    const endorsement = badge((draft) => {
      draft.type = ['VerifiableCredential', 'EndorsementCredential'];
      draft.name = 'Endorsement';
      draft.credentialSubject = { id: 'urn:uuid:1', type: ['EndorsementSubject'] };
    });
    expect(checkEndorsementCredential(endorsement)).toEqual([]);
    expect(checkAchievementCredential(badge((draft) => (draft.endorsement = endorsement)))).toEqual(
      [],
    );
    delete endorsement.name;
    expect(checkEndorsementCredential(endorsement)).toMatchObject([{ path: 'name' }]);
  });

  it.each([undefined, null, 7, 'text', [], {}])('do not stumble over %p', (value) => {
    expect(checkAchievementCredential(value)).not.toEqual([]);
  });
});

describeWithSharedData('our rules beside the official JSON schema', () => {
  const samples = [
    'spec/samples/1edtech-impl-guide/ob3-signed-eddsa-rdfc-2022.json',
    'spec/samples/own-golden/badge-1.signed.json',
    'spec/samples/own-golden/badge-2.signed.revoked.json',
  ];

  function official(): (credential: unknown) => boolean {
    const ajv = new Ajv2019({ strict: false });
    formats.default(ajv);
    const schema = 'spec/schemas/ob3-jsonld-2026/ob_v3p0_achievementcredential_schema.json';
    const validate = ajv.compile(readSharedJson(schema) as object);
    return (credential) => validate(credential);
  }

  it.each(samples)('agree on %s and refuse every broken copy that the schema refuses', (path) => {
    const valid = official();
    const sample = readSharedJson(path);
    expect(checkAchievementCredential(sample)).toEqual([]);
    expect(valid(sample)).toBe(true);

    const stricter: string[] = [];
    const laxer: string[] = [];
    for (const place of placesOf(sample)) {
      for (const replacement of [undefined, 7, 'wrong', {}, []]) {
        const copy = withChange(sample, place, replacement);
        const ours = checkAchievementCredential(copy).length === 0;
        const wanted = valid(copy);
        const name = `${place.join('.')} = ${JSON.stringify(replacement)}`;
        if (ours && !wanted) laxer.push(name);
        // The schema takes an empty language map for any text, also for an address.
        if (wanted && !ours && JSON.stringify(replacement) !== '{}') stricter.push(name);
      }
    }
    expect(laxer).toEqual([]);
    // Where the text asks for more than the schema: a type by its name, a learner, contexts in their order.
    const more = /(^|\.)(type|@context)( |\.)|^credentialSubject\.(id|identifier)/;
    expect(stricter.filter((name) => !more.test(name))).toEqual([]);
  });
});
