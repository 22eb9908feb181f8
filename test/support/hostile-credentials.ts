import { createHolder } from './holder.ts';
import type { Json } from './json-places.ts';

const { did, multikey } = createHolder();
const contexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
];
const subject = {
  id: 'urn:uuid:9a8fad5b-d9cb-469f-a165-70867728950e',
  type: ['AchievementSubject'],
  achievement: {
    id: 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    type: ['Achievement'],
    name: 'Knot',
    description: 'A knot.',
    criteria: { narrative: 'Tie it.' },
  },
};

function proof(created = '2026-01-01T00:00:00Z'): Json {
  return {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created,
    verificationMethod: `${did}#${multikey}`,
    proofPurpose: 'assertionMethod',
    proofValue: `z${'1'.repeat(64)}`,
  };
}

/** A badge whose key is in its issuer's name, so that nothing but its own shape stands before the expensive work. */
function badge(members: Json = {}): Json {
  return {
    '@context': contexts,
    id: 'urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: did, type: ['Profile'] },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: subject,
    proof: proof(),
    ...members,
  };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Everybody points at everybody, and nobody has a name (RDFC-1.0 §7.1, dataset poisoning). */
function clique(size: number): Json[] {
  const names = times(size, (index) => `_:n${index}`);
  return names.map((id) => ({ id, type: ['Evidence'], evidence: names }));
}

/** Twins without names raise what the canonicalization is willing to spend; the clique spends it. */
function padded(): Json[] {
  return [...clique(20), ...times(450, (index) => ({ id: `_:t${index}`, type: ['Evidence'] }))];
}

function nested(levels: number): string {
  const inner = `${'{"evidence":'.repeat(levels)}{}${'}'.repeat(levels)}`;
  return JSON.stringify(badge()).replace('{', `{"evidence":${inner},`);
}

/** What strangers send to keep a verifier busy, as text, by name. */
export const exhausting: Readonly<Record<string, () => string>> = {
  '8-clique': () => JSON.stringify(badge({ evidence: clique(8) })),
  '50-clique': () => JSON.stringify(badge({ evidence: clique(50) })),
  'padded clique': () => JSON.stringify(badge({ evidence: padded() })),
  '4,500 contexts': () =>
    JSON.stringify(badge({ '@context': [...contexts, ...times(4_500, aContext)] })),
  '4,500 contexts, no badge': () =>
    JSON.stringify(
      badge({
        '@context': [contexts[0], ...times(4_500, aContext)],
        type: ['VerifiableCredential'],
        credentialSubject: { id: 'did:example:somebody', t1: 'x' },
      }),
    ),
  '12,000 tags': () => JSON.stringify(badge({ tag: times(12_000, (index) => `t${index}`) })),
  'nesting 10,000': () => nested(10_000),
  'nesting 2,000': () => nested(2_000),
  '200 proofs': () => JSON.stringify(badge({ proof: times(200, distantProof) })),
};

function aContext(index: number): Json {
  return { [`t${index}`]: `urn:t${index}` };
}

/** Each of another host. */
function distantProof(index: number): Json {
  return { ...proof(), verificationMethod: `did:web:h${index}.example#key` };
}

/** Within every limit on its shape, and as costly as those allow: no node has a name, and no proof holds. */
export function costly(): Json {
  const evidence = times(499, (index) => ({ type: ['Evidence'], name: `Page ${index}` }));
  return badge({ evidence, proof: times(4, (index) => proof(`2026-01-0${index + 1}T00:00:00Z`)) });
}

/** Many costly ones at once. Nobody has to sign a presentation to have it looked at. */
export function costlyPresentation(): Json {
  return {
    '@context': contexts.slice(0, 1),
    type: ['VerifiablePresentation'],
    verifiableCredential: times(20, costly),
  };
}

/** Four proofs, and keys for them on a host of a stranger. */
export function askingAt(host: string): Json {
  const issuer = `did:web:${host}`;
  return badge({
    issuer: { id: issuer, type: ['Profile'] },
    proof: times(4, (index) => ({
      ...proof(`2026-01-0${index + 1}T00:00:00Z`),
      verificationMethod: `${issuer}#key`,
    })),
  });
}
