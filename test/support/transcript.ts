import type { Json } from './json-places.ts';

export const programme = 'urn:uuid:5f0c5c1e-7a43-4e63-9a2f-0d6a7f2b9c11';
export const linearFunctions = 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8';

const clrContexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
];

const achievement = (id: string, name: string): Json => ({
  id,
  type: ['Achievement'],
  name,
  description: 'What it is.',
  criteria: { narrative: 'What to do for it.' },
});

/** An unsigned transcript that holds one badge, as part of a programme. */
export function transcript(change: (draft: Json) => void = () => undefined): Json {
  const learner = 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e';
  const issuer = { id: 'did:web:school.example', type: ['Profile'], name: 'Example School' };
  const [v2, , openBadges] = clrContexts;
  const draft: Json = {
    '@context': [...clrContexts],
    id: 'urn:uuid:4e1f5a8a-2a0e-4d0f-8e9c-3f1e2d3c4b5a',
    type: ['VerifiableCredential', 'ClrCredential'],
    name: 'Transcript',
    description: 'Some of what was learned.',
    issuer,
    validFrom: '2026-11-22T09:00:00Z',
    validUntil: '2046-11-22T09:00:00Z',
    awardedDate: '2026-11-22T09:00:00Z',
    partial: true,
    image: { id: 'https://school.example/transcript.png', type: 'Image', caption: 'A page' },
    evidence: [{ type: ['Evidence'], name: 'Portfolio' }],
    credentialSubject: {
      id: learner,
      type: ['ClrSubject'],
      achievement: [achievement(programme, 'Programme')],
      association: [
        {
          type: 'Association',
          associationType: 'isPartOf',
          sourceId: linearFunctions,
          targetId: programme,
        },
      ],
      verifiableCredential: [
        {
          '@context': [v2, openBadges],
          id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
          type: ['VerifiableCredential', 'AchievementCredential'],
          issuer,
          validFrom: '2026-11-22T09:00:00Z',
          credentialSubject: {
            id: learner,
            type: ['AchievementSubject'],
            achievement: achievement(linearFunctions, 'Linear functions'),
          },
        },
      ],
    },
  };
  change(draft);
  return draft;
}
