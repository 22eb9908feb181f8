// The JSON-LD context of CLR 2.0, revision 2.0.1. No package carries it, so it is written here from the tables of the
// specification. Its quirks are kept, because signatures cover them: nothing is @protected, and the prefix `xsd` has no
// definition, so that the types of values stay `xsd:boolean` and `xsd:anyURI` instead of becoming those of XML Schema.

const vocabulary = 'https://purl.imsglobal.org/spec/vc/clr/vocab.html#';
const prefixes = {
  cred: 'https://www.w3.org/2018/credentials#',
  obi: 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#',
};
const identity = { id: '@id', type: '@type' };

const property = (name: string, type?: string) => ({
  '@id': vocabulary + name,
  ...(type !== undefined && { '@type': type }),
});
const setOf = (name: string, type: string) => ({ ...property(name, type), '@container': '@set' });
const classOf = (name: string, members: object) => ({
  ...property(name),
  '@context': members,
});

const clrSubject = {
  ...identity,
  ...prefixes,
  identifier: setOf('identifier-1', 'obi:Identifier'),
  achievement: setOf('achievement', 'obi:Achievement'),
  verifiableCredential: setOf('verifiableCredential', 'cred:verifiableCredential'),
  association: setOf('association', `${vocabulary}Association`),
};
const association = {
  associationType: property('AssociationType'),
  sourceId: property('sourceId', 'xsd:anyURI'),
  targetId: property('targetId', 'xsd:anyURI'),
};

export const contexts: ReadonlyMap<string, object> = new Map([
  [
    'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
    {
      '@context': {
        ...identity,
        ClrCredential: classOf('ClrCredential', {
          ...identity,
          partial: property('partial', 'xsd:boolean'),
        }),
        ClrSubject: classOf('ClrSubject', clrSubject),
        Association: classOf('Association', association),
      },
    },
  ],
]);
