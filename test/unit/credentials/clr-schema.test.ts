import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import { checkClrCredential } from '../../../src/credentials/schema.ts';
import { placesOf, withChange, type Json } from '../../support/json-places.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';
import { transcript } from '../../support/transcript.ts';

describe('the rules for a transcript of CLR 2.0', () => {
  it('accept one that holds a badge, and single values in the place of arrays', () => {
    expect(checkClrCredential(transcript())).toEqual([]);
    const compact = transcript((draft) => {
      const subject = draft.credentialSubject as Json;
      for (const name of ['verifiableCredential', 'achievement', 'association', 'type'])
        subject[name] = (subject[name] as unknown[])[0];
    });
    expect(checkClrCredential(compact)).toEqual([]);
  });

  it.each<[string, string, (draft: Json, subject: Json) => void]>([
    ['no name', 'name', (draft) => delete draft.name],
    [
      'the Open Badges context before its own',
      '@context',
      (draft) => {
        swap(draft, 1, 2);
      },
    ],
    ['two contexts', '@context', (draft) => (draft['@context'] as string[]).pop()],
    ['no type of its own', 'type', (draft) => (draft.type = ['VerifiableCredential'])],
    ['a word for partial', 'partial', (draft) => (draft.partial = 'yes')],
    [
      'no credentials',
      'credentialSubject.verifiableCredential',
      (_, subject) => (subject.verifiableCredential = []),
    ],
    [
      'a token inside',
      'credentialSubject.verifiableCredential.0',
      (_, subject) => (subject.verifiableCredential = ['a.b.c']),
    ],
    [
      'a badge inside without an issuer',
      'credentialSubject.verifiableCredential.0.issuer',
      (_, subject) => delete (subject.verifiableCredential as Json[])[0]?.issuer,
    ],
    [
      'a connection of a kind of its own',
      'credentialSubject.association.0.associationType',
      (_, subject) =>
        ((subject.association as Json[])[0] = connection({ associationType: 'ext:a' })),
    ],
    [
      'more in a connection',
      'credentialSubject.association.0',
      (_, subject) => ((subject.association as Json[])[0] = connection({ id: 'urn:uuid:1' })),
    ],
    ['nobody whom it is about', 'credentialSubject', (_, subject) => delete subject.id],
  ])('refuse %s', (_name, path, change) => {
    const changed = transcript((draft) => {
      change(draft, draft.credentialSubject as Json);
    });
    expect(checkClrCredential(changed).map((issue) => issue.path)).toContain(path);
  });

  it.each([undefined, null, 7, 'text', [], {}])('do not stumble over %p', (value) => {
    expect(checkClrCredential(value)).not.toEqual([]);
  });
});

describeWithSharedData('our rules for transcripts beside the official JSON schema', () => {
  const path = 'spec/schemas/clr2-jsonld/clr_v2p0_clrcredential_schema.json';
  const samples: readonly (readonly [string, () => unknown])[] = [
    [
      'the official sample',
      () => readSharedJson('spec/samples/1edtech-impl-guide/clr2-signed-eddsa-rdfc-2022.json'),
    ],
    ['a transcript of two badges', () => readSharedJson('spec/samples/own-golden/clr.signed.json')],
    ['one with every member', () => transcript()],
  ];

  function official(): (credential: unknown) => boolean {
    const ajv = new Ajv2019({ strict: false });
    formats.default(ajv);
    const validate = ajv.compile(readSharedJson(path) as object);
    return (credential) => validate(credential);
  }

  it.each(samples)('agree on %s and on every broken copy of it', (_name, read) => {
    const valid = official();
    const sample = read();
    expect(checkClrCredential(sample)).toEqual([]);
    expect(valid(sample)).toBe(true);

    const stricter: string[] = [];
    const laxer: string[] = [];
    for (const place of placesOf(sample)) {
      for (const replacement of [undefined, 7, 'wrong', {}, []]) {
        const copy = withChange(sample, place, replacement);
        const ours = checkClrCredential(copy).length === 0;
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

function swap(draft: Json, a: number, b: number): void {
  const contexts = draft['@context'] as string[];
  [contexts[a], contexts[b]] = [String(contexts[b]), String(contexts[a])];
}

const connection = (more: Json): Json => ({
  type: 'Association',
  associationType: 'isPartOf',
  sourceId: 'urn:uuid:1',
  targetId: 'urn:uuid:2',
  ...more,
});
