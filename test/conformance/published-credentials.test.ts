import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createWorld } from '../support/world.ts';
import { placesOf, valueAt, withChange, type Json } from '../support/json-places.ts';
import { describeWithSharedData, readSharedJson, sharedData } from '../support/shared-data.ts';

// Some hundred verifications, on whatever machine.
jest.setTimeout(60_000);

const samples = 'spec/samples';
const guide = `${samples}/1edtech-impl-guide`;
const golden = `${samples}/own-golden`;
const school = 'https://credentials.school.example';

/** What the issuer of a sample would answer at its own address. */
function issuerDocument(credential: Json): Json {
  const [proof] = [credential.proof].flat() as Json[];
  const method = String(proof?.verificationMethod);
  const [id = '', publicKeyMultibase] = method.split('#');
  const key = { id: method, type: 'Multikey', controller: id, publicKeyMultibase };
  return { id, verificationMethod: [key], assertionMethod: [method] };
}

function read(path: string): Json {
  return readSharedJson(path) as Json;
}

function schoolWorld() {
  const badge = read(`${golden}/badge-1.signed.json`);
  return createWorld({
    [`${school}/issuers/1`]: issuerDocument(badge),
    [`${school}/status/1`]: read(`${golden}/status-list.signed.json`),
    [`${school}/keys/rsa-1`]: read(`${golden}/rs256-public.jwk.json`),
  });
}

describeWithSharedData('the official Open Badges vector', () => {
  const official = (): Json => read(`${guide}/ob3-signed-eddsa-rdfc-2022.json`);
  const publishing = (badge: Json) =>
    createWorld({ 'https://example.edu/issuers/565049': issuerDocument(badge) });

  it('verifies when its issuer publishes the key', async () => {
    const badge = official();
    const result = await publishing(badge).verify(badge);
    expect(result).toMatchObject({ verified: true, outcome: 'valid', credential: badge });
    expect(result.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'format pass',
      'schema pass',
      'proof pass',
      'issuer pass',
      'validity pass',
      'status skip',
    ]);
  });

  it('cannot be confirmed when the key stands only in the badge itself', async () => {
    const result = await createWorld({}).verify(official());
    expect(result).toMatchObject({ verified: false, outcome: 'unverifiable' });
    const [proof, issuer] = ['proof', 'issuer'].map((name) =>
      result.checks.find(({ id }) => id === name),
    );
    expect(proof).toMatchObject({ outcome: 'pass' });
    expect(issuer).toMatchObject({ outcome: 'fail', code: 'ISSUER_KEY_UNCONFIRMED' });
  });

  it('does not verify when its issuer publishes other keys', async () => {
    const badge = official();
    const other = issuerDocument(badge);
    other.assertionMethod = ['https://example.edu/issuers/565049#other'];
    const world = createWorld({ 'https://example.edu/issuers/565049': other });
    const result = await world.verify(badge);
    expect(result).toMatchObject({ verified: false, outcome: 'invalid' });
    expect(result.checks.find(({ id }) => id === 'proof')).toMatchObject({
      code: 'KEY_NOT_AUTHORIZED',
    });
  });

  it('does not verify with a change in any one place', async () => {
    const badge = official();
    const world = publishing(badge);
    let places = 0;
    for (const path of placesOf(badge)) {
      const value = valueAt(badge, path);
      const changes =
        typeof value === 'string' ? [`${value}x`, `x${value}`, undefined] : [undefined];
      for (const change of changes) {
        places += 1;
        const { verified } = await world.verify(withChange(badge, path, change));
        expect({ path, change, verified }).toMatchObject({ verified: false });
      }
    }
    expect(places).toBeGreaterThan(70);
  });

  it('does not verify with one member more, anywhere', async () => {
    const badge = official();
    const world = publishing(badge);
    const holders = [[], ...placesOf(badge)].filter((path) => {
      const value = valueAt(badge, path);
      return typeof value === 'object' && !Array.isArray(value);
    });
    for (const path of holders) {
      for (const [name, value] of [
        ['unknown', 'text'],
        ['description', 'more'],
        ['id', 'urn:uuid:1'],
        ['narrative', null],
        ['evidence', []],
        ['__proto__', 'text'],
        ['@nest', { name: 'text' }],
        ['https://www.w3.org/2018/credentials#evidence', 'text'],
      ] as const) {
        const copy = structuredClone(badge);
        const holder = valueAt(copy, path) as Json;
        if (Object.hasOwn(holder, name)) continue;
        Object.defineProperty(holder, name, { value, enumerable: true });
        const { verified } = await world.verify(copy);
        expect({ path, name, verified }).toMatchObject({ verified: false });
      }
    }
  });
});

describeWithSharedData('credentials signed with the published test key', () => {
  it.each([
    ['badge-1.signed.json', 'valid'],
    ['badge-2.signed.revoked.json', 'revoked'],
    ['badge-1.rs256.jws', 'valid'],
  ])('%s is %s', async (file, outcome) => {
    const result = await schoolWorld().verify(readFileSync(sharedData(`${golden}/${file}`)));
    expect(result).toMatchObject({ outcome, verified: outcome === 'valid' });
    expect(result.checks.map(({ id }) => id)).toEqual([
      'format',
      'schema',
      'proof',
      'issuer',
      'validity',
      'status',
    ]);
  });

  it('a token does not verify with a change of any character', async () => {
    const world = schoolWorld();
    const token = readFileSync(sharedData(`${golden}/badge-1.rs256.jws`), 'utf8').trim();
    const step = Math.floor(token.length / 150);
    for (let at = token.length - 1; at >= 0; at -= step) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      const { verified } = await world.verify(changed);
      expect({ at, verified }).toEqual({ at, verified: false });
    }
  });

  it('a badge whose list cannot be had is not called valid', async () => {
    const result = await createWorld({}).verify(read(`${golden}/badge-1.signed.json`));
    expect(result).toMatchObject({ verified: false, outcome: 'unverifiable' });
    expect(result.checks.at(-1)).toMatchObject({ id: 'status', code: 'STATUS_RETRIEVAL_ERROR' });
  });

  it('a transcript tells that one of its badges was revoked', async () => {
    const result = await schoolWorld().verify(read(`${golden}/clr.signed.json`));
    expect(result).toMatchObject({ verified: false, outcome: 'revoked' });
    expect(result.checks.find(({ id }) => id === 'proof')).toMatchObject({ outcome: 'pass' });
    expect(result.checks.find(({ id }) => id === 'nested')).toMatchObject({
      outcome: 'fail',
      code: 'REVOKED',
    });
  });

  it('the official transcript verifies with the badge inside', async () => {
    const clr = read(`${guide}/clr2-signed-eddsa-rdfc-2022.json`);
    const result = await createWorld({
      [String((clr.issuer as Json).id)]: issuerDocument(clr),
    }).verify(clr);
    expect(result.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(result.verified).toBe(true);
    expect(result.checks.find(({ id }) => id === 'nested')).toMatchObject({ outcome: 'pass' });
  });
});

describeWithSharedData('the W3C vector of eddsa-rdfc-2022', () => {
  it('verifies when its issuer lists the key, and not otherwise', async () => {
    const path = 'spec/vectors/w3c-vc-di-eddsa/TestVectors/eddsa-rdfc-2022/signedDataInt.json';
    const credential = read(path);
    const method = String((credential.proof as Json).verificationMethod);
    const issuer = String(credential.issuer);
    const document = {
      id: issuer,
      assertionMethod: [
        {
          id: method,
          type: 'Multikey',
          controller: issuer,
          publicKeyMultibase: method.split('#')[1],
        },
      ],
    };
    const contexts = new Map([
      [
        'https://www.w3.org/ns/credentials/examples/v2',
        { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } },
      ],
    ]);
    const listed = await createWorld({ [issuer]: document }, { contexts }).verify(credential);
    expect(listed).toMatchObject({ verified: true, outcome: 'valid' });
    const unlisted = await createWorld({}, { contexts }).verify(credential);
    expect(unlisted).toMatchObject({ verified: false, outcome: 'unverifiable' });
  });
});
