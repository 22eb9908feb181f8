import { parseRegistry } from '../../../src/domain/registries.ts';
import { refusal } from '../../support/refusal.ts';

const did = 'did:key:z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi';
const entriesOf = (text: string) => Object.fromEntries(parseRegistry(text).entries);

describe('a registry of issuers', () => {
  it.each<[string, string, object]>([
    [
      'lines with names and remarks',
      `# ours\n${did}  North School\n\r\ndid:web:south.example\r\n`,
      { [did]: 'North School', 'did:web:south.example': undefined },
    ],
    ['an array of ids', JSON.stringify([did]), { [did]: undefined }],
    [
      'the address of a key',
      'https://north.example/issuers/1#z6Mk',
      { 'https://north.example/issuers/1#z6Mk': undefined },
    ],
    [
      'the form of the DCC',
      JSON.stringify({
        meta: { created: '2020-12-02T02:32:16+0000' },
        registry: {
          [did]: { name: ' North University ', location: 'North', url: 'https://n.example' },
        },
      }),
      { [did]: 'North University' },
    ],
    ['its older form', JSON.stringify({ entries: { [did]: { name: 'N' } } }), { [did]: 'N' }],
    ['nothing yet', '', {}],
  ])('may be %s', (_name, text, entries) => {
    expect(entriesOf(text)).toEqual(entries);
  });

  it('may say what it is called', () => {
    expect(parseRegistry(JSON.stringify({ meta: { name: 'Pilot' }, registry: {} })).name).toBe(
      'Pilot',
    );
  });

  it('may be a list of registries, of which those that are not read are named', () => {
    const list = [
      { name: 'Pilot', type: 'dcc-legacy', url: 'https://registry.example/pilot.json' },
      { name: 'Members', type: 'oidf', trustAnchorEC: 'https://registry.example/ta' },
    ];
    expect(parseRegistry(JSON.stringify(list))).toMatchObject({
      links: [{ name: 'Pilot', url: 'https://registry.example/pilot.json' }],
      ignored: ['Members (oidf)'],
    });
  });

  it.each([
    '<!doctype html><title>Not found</title>',
    'North School',
    '{"registry": ["did:web:a.example"]}',
    '{"registry": {"__proto__": {}, "North": {}}}',
    '{',
    '[1]',
    '[null]',
    'null',
    '"did:web:a.example"',
    `did:web:${'a'.repeat(3_000)}`,
    JSON.stringify(Array.from({ length: 30 }, (_, n) => ({ url: `https://r.example/${n}` }))),
  ])('is not %.60s', (text) => {
    expect(() => parseRegistry(text)).toThrow(refusal({ code: 'registry.unknown_format' }));
  });
});
