import { assertPlaces } from '../../../src/credentials/verify/places.ts';

// In expanded JSON-LD, as it comes from the processor: every name an IRI, every value a list.

const ob = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#';
const name = 'https://schema.org/name';
const description = 'https://schema.org/description';
const critical = ['https://v.example/#status', 'https://v.example/#until'];
const evidence = 'https://v.example/#evidence';
const id = 'urn:badge';
const issuer = { '@id': 'did:web:school.example', '@type': ['https://v.example/#Profile'] };
const words = [{ '@value': 'words' }];

type Json = Readonly<Record<string, unknown>>;

function look(root: Json, { issuer: own = issuer }: { issuer?: unknown } = {}) {
  return () => {
    assertPlaces(root, { critical, issuer: own });
  };
}
/** A badge in which something deep down has these members. */
const below = (node: Json, root: Json = {}): Json => ({
  '@id': id,
  '@type': ['https://v.example/#Badge'],
  ...root,
  'https://v.example/#subject': [{ 'https://v.example/#endorsement': [{ '@list': [node] }] }],
});

describe('a mention of the badge further down', () => {
  it('may say what only a mention says', () => {
    expect(look(below({ '@id': id }))).not.toThrow();
    expect(look(below({ '@id': id, 'https://v.example/#comment': words }))).not.toThrow();
  });

  it.each(critical)('may not carry %s, whether the badge has it or not', (term) => {
    const hidden = { code: 'MEMBER_HIDDEN', check: 'format', verdict: 'invalid' };
    for (const root of [{}, { [term]: words }]) {
      const error: unknown = thrownBy(look(below({ '@id': id, [term]: words }, root)));
      expect(error).toMatchObject(hidden);
      expect(String(error)).toContain(`"${term.split('#')[1] ?? ''}"`);
    }
  });

  it.each([name, description, `${ob}image`, `${ob}awardedDate`])(
    'may not say %s in the place of the badge',
    (term) => {
      expect(look(below({ '@id': id, [term]: words }))).toThrow('stands elsewhere');
      expect(look(below({ '@id': id, [term]: words }, { [term]: words }))).not.toThrow();
    },
  );

  it('is one by its id only', () => {
    expect(look(below({ '@id': 'urn:other', [name]: words }))).not.toThrow();
    expect(look(below({ [name]: words }))).not.toThrow();
    const { '@id': _id, ...nameless } = below({ [String(critical[0])]: words });
    expect(look(nameless)).not.toThrow();
  });

  it('is not looked for in a graph of its own', () => {
    expect(look(below({ '@graph': [{ '@id': id, [name]: words }] }))).not.toThrow();
  });
});

describe('a mention of the issuer further down', () => {
  const mention = { '@id': issuer['@id'], [name]: words };

  it('may not name an issuer that is described without a name', () => {
    expect(look(below(mention))).toThrow('stands elsewhere');
  });

  it.each<[string, unknown]>([
    ['has its name', { ...issuer, [name]: words }],
    ['is named by its id only', { '@id': issuer['@id'] }],
    ['is somebody else', { ...issuer, '@id': 'did:web:other.example' }],
    ['is not there', null],
  ])('may name one that %s', (_what, own) => {
    expect(look(below(mention), { issuer: own })).not.toThrow();
  });
});

describe('the same thing twice in one list', () => {
  const of = (...items: readonly unknown[]) => look({ '@id': id, [evidence]: items });
  const a = { '@id': 'urn:a' };

  it.each<[string, readonly unknown[]]>([
    [
      'word for word',
      [
        { ...a, [name]: words },
        { ...a, [name]: words },
      ],
    ],
    [
      'in two halves',
      [
        { ...a, [name]: words },
        { ...a, [description]: words },
      ],
    ],
    ['after something else', [{ '@id': 'urn:b' }, a, { ...a, [name]: words }]],
    ['as a third that contradicts one of two', [{ ...a, [name]: words }, { ...a, [name]: [] }, a]],
  ])('is refused %s', (_what, items) => {
    expect(thrownBy(of(...items))).toMatchObject({ code: 'MEMBER_HIDDEN' });
    expect(of(...items)).toThrow('twice under "evidence"');
  });

  it.each<[string, readonly unknown[]]>([
    [
      'with other words',
      [
        { ...a, [name]: words },
        { ...a, [name]: [{ '@value': 'others' }] },
      ],
    ],
    ['without an id', [{ [name]: words }, { [name]: words }]],
    ['under two ids', [a, { '@id': 'urn:b' }]],
    ['as plain values', ['a', 'a']],
  ])('is no matter %s', (_what, items) => {
    expect(of(...items)).not.toThrow();
  });

  it('is no matter under a keyword', () => {
    expect(look({ '@id': id, '@type': ['https://v.example/#A'], '@x': [a, a] })).not.toThrow();
  });

  it('is found further down', () => {
    expect(look(below({ [evidence]: [a, a] }))).toThrow('twice');
  });
});

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
