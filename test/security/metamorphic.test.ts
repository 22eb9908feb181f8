import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { openTarget, table } from '../support/attack.ts';
import type { Edit, Words } from '../support/edit-places.ts';
import { createRandom, editsOf, layoutKinds } from '../support/edits.ts';
import { createForeignIssuer, suiteNames } from '../support/foreign-issuer.ts';
import type { Json } from '../support/json-places.ts';
import { meansTheSame, wordsOf } from '../support/meaning.ts';
import { award, organization, recipient, version } from '../support/sample-award.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';
import { issuer, now, other, world } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

// Whatever single edit a holder makes, a credential that says something else is never believed. Nobody has to think
// of the attack: thousands of edits are made by rules, and what a credential says is found out by other code.

jest.setTimeout(600_000);

const seed = 20_261_122;
const documents = loadContexts();
const manifest = JSON.parse(
  readFileSync(new URL('../../contexts/manifest.json', import.meta.url), 'utf8'),
) as { url: string }[];

/** A credential, how it is verified, and what comes out when nobody touched it. */
interface Subject {
  readonly credential: Json;
  readonly verify: (input: Json | string) => Promise<VerificationResult>;
  readonly outcome: string;
}

/** Signed by its issuer and found to be so: what its issuer has done since is no protection. */
const isBelieved = ({ outcome }: VerificationResult) =>
  outcome !== 'invalid' && outcome !== 'unverifiable';

let words: Words;
const rows: Record<string, unknown>[] = [];

beforeAll(async () => {
  words = await wordsOf(
    manifest.map(({ url }) => url),
    documents,
  );
});
afterAll(() => {
  console.info(`single edits, by kind\n${table(summary())}`);
});

function summary() {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const count = (kind: unknown, field: string) =>
    rows.filter((row) => (kind === 'all' || row.kind === kind) && row[field] === true).length;
  return [...kinds, 'all'].map((kind) => ({
    kind,
    edits: rows.filter((row) => kind === 'all' || row.kind === kind).length,
    'meaning changed': count(kind, 'changed'),
    'of these believed': count(kind, 'wrong'),
    'same meaning': count(kind, 'same'),
    'of those believed': count(kind, 'right'),
  }));
}

async function judge({ credential, verify, outcome }: Subject, { kind, what, edited }: Edit) {
  const result = await verify(edited);
  const parsed = typeof edited === 'string' ? (JSON.parse(edited) as Json) : edited;
  const same = await meansTheSame(credential, parsed, documents);
  const believed = isBelieved(result);
  rows.push({ kind, changed: !same, same, wrong: !same && believed, right: same && believed });
  const complaint = same
    ? complainAboutSame({ kind, believed, isOther: result.outcome !== outcome })
    : believed && 'believed';
  return complaint === false ? undefined : `${complaint}: ${kind}: ${what}`;
}

function complainAboutSame({
  kind,
  believed,
  isOther,
}: {
  kind: string;
  believed: boolean;
  isOther: boolean;
}) {
  if (believed) return isOther && 'other outcome';
  return layoutKinds.includes(kind) && 'refused';
}

async function attack(subject: Subject, perKind: number): Promise<void> {
  expect((await subject.verify(subject.credential)).outcome).toBe(subject.outcome);
  const edits = editsOf(subject.credential, { words, perKind, random: createRandom(seed) });
  const wrong: string[] = [];
  for (const edit of edits) {
    const complaint = await judge(subject, edit);
    if (complaint !== undefined) wrong.push(complaint);
  }
  expect(wrong).toEqual([]);
}

/** Our own badge with everything that we put into one, and an endorsement: its id is mentioned in it. */
async function rich(change: Json = {}): Promise<Json> {
  const urls = createUrls('https://school.example');
  const built = buildAchievementCredential({ urls, organization, version, award, recipient });
  const badge = built as unknown as Json;
  const { credentialStatus: _none, ...endorsement } = other.badge({
    id: 'urn:uuid:1d1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Endorsement',
    credentialSubject: { id: badge.id, type: ['EndorsementSubject'] },
  });
  const subject = badge.credentialSubject as { achievement: Json };
  return issuer.sign({
    ...badge,
    issuer: { ...(badge.issuer as Json), id: issuer.did },
    credentialSubject: {
      ...subject,
      achievement: { ...subject.achievement, creditsAvailable: 2.5, creator: undefined },
    },
    credentialStatus: issuer.badge().credentialStatus,
    endorsement: [await other.sign(endorsement)],
    ...change,
  });
}

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

describe('no single edit that changes what it says is believed', () => {
  it('of our own badge with everything in it', async () => {
    const { verify } = await world();
    await attack({ credential: asJson(await rich()), verify, outcome: 'valid' }, 30);
  });

  it('of a revoked badge', async () => {
    const { verify } = await world([7]);
    await attack({ credential: asJson(await rich()), verify, outcome: 'revoked' }, 20);
  });

  it('of an expired badge', async () => {
    const { verify } = await world();
    const credential = asJson(await rich({ validUntil: '2026-11-25T00:00:00Z' }));
    await attack({ credential, verify, outcome: 'expired' }, 20);
  });

  it('of a plain credential that has expired', async () => {
    const { verify } = await world();
    const credential = await issuer.sign({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
      type: ['VerifiableCredential'],
      issuer: issuer.did,
      validUntil: '2026-11-25T00:00:00Z',
      name: 'Broken \ufffd',
      credentialSubject: { id: 'urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e' },
    });
    await attack({ credential, verify, outcome: 'expired' }, 30);
  });

  it('of a badge in the form of version 1.1', async () => {
    const { verify } = await world();
    const { validFrom, ...rest } = issuer.badge({ expirationDate: '2026-11-25T00:00:00Z' });
    const credential = await issuer.sign({
      ...rest,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
        'https://w3id.org/security/data-integrity/v2',
        'https://www.w3.org/ns/credentials/status/v1',
      ],
      name: 'Linear functions',
      issuanceDate: validFrom,
      image: { id: 'https://school.example/1.png', type: 'Image' },
    });
    await attack({ credential, verify, outcome: 'expired' }, 15);
  });

  it.each(suiteNames)('of a badge with a proof of %s', async (name) => {
    const foreign = await createForeignIssuer();
    const list = await foreign.sign('eddsa-rdfc-2022', foreign.statusList([7]));
    const published = { [foreign.documentUrl]: foreign.document, [foreign.listUrl]: list };
    const { verify } = createWorld(published, { now });
    const evidence = [
      { id: 'https://evidence.example/1', type: ['Evidence'], name: 'Report', narrative: 'Done.' },
    ];
    const credential = asJson(await foreign.sign(name, foreign.badge({ evidence })));
    await attack({ credential, verify, outcome: 'revoked' }, 7);
  });

  it('of a token, in its head and in its payload', async () => {
    const { verify } = await world();
    const claims = issuer.claims(asJson(await rich()));
    const { proof: _proof, ...payload } = claims;
    const token = issuer.signToken(payload);
    const [head = '', , signature = ''] = token.split('.');
    const encode = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    expect((await verify(token)).outcome).toBe('valid');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Json;
    const random = createRandom(seed);
    const inPayload = editsOf(payload, { words, perKind: 15, random }).map(
      ({ edited, ...edit }) => ({ ...edit, token: `${head}.${encode(edited)}.${signature}` }),
    );
    const inHead = editsOf(header, { words, perKind: 10, random }).map(({ edited, ...edit }) => ({
      ...edit,
      token: `${encode(edited)}.${encode(payload)}.${signature}`,
    }));
    const wrong: string[] = [];
    for (const { kind, what, token: edited } of [...inPayload, ...inHead]) {
      const believed = isBelieved(await verify(edited));
      rows.push({ kind: 'in a token', changed: true, wrong: believed });
      if (believed) wrong.push(`${kind}: ${what}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** What the issuer of a published vector would answer at its address. */
function documentOf(credential: Json): Json {
  const method = String(([credential.proof].flat()[0] as Json).verificationMethod);
  const [id = '', publicKeyMultibase] = method.split('#');
  const key = { id: method, type: 'Multikey', controller: id, publicKeyMultibase };
  return { [id]: { id, verificationMethod: [key], assertionMethod: [method] } };
}

describeWithSharedData('no single edit that changes what it says is believed', () => {
  it.each([
    ['the official Open Badges vector', 'ob3-signed-eddsa-rdfc-2022.json', 20],
    ['the official transcript', 'clr2-signed-eddsa-rdfc-2022.json', 10],
  ])('of %s', async (_name, file, perKind) => {
    const credential = readSharedJson(`spec/samples/1edtech-impl-guide/${file}`) as Json;
    const subject = credential.credentialSubject as { verifiableCredential?: Json[] };
    const inside = (subject.verifiableCredential ?? []).map(documentOf);
    const published = Object.assign({}, ...inside, documentOf(credential)) as Json;
    const { verify } = createWorld(published, { now });
    await attack({ credential, verify, outcome: 'valid' }, perKind);
  });
});

it('nor over HTTP', async () => {
  const target = await openTarget();
  const verify = async (input: Json | string) =>
    (await target.post(input, { type: 'application/json' })).body as unknown as VerificationResult;
  const credential = await target.school.sign(target.school.badge());
  await attack({ credential, verify, outcome: 'valid' }, 6);
  await target.close('the rest');
});

it('were enough to say so', () => {
  expect(rows.filter(({ changed }) => changed === true).length).toBeGreaterThan(1_000);
});
