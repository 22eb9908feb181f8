import type { Json } from '../support/json-places.ts';
import { issuer, now, other, verdict, world } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

describe('an honest badge', () => {
  it('is valid, in each of the forms in which it travels', async () => {
    const badge = await issuer.sign(issuer.badge());
    const token = issuer.signToken(issuer.claims());
    expect(await verdict(badge)).toBe('valid');
    expect(await verdict(JSON.stringify(badge))).toBe('valid');
    expect(await verdict({ ...badge, proof: [badge.proof] })).toBe('valid');
    expect(await verdict(token)).toBe('valid');
    const envelope = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      id: `data:application/vc+jwt,${token}`,
      type: 'EnvelopedVerifiableCredential',
    };
    expect(await verdict(envelope)).toBe('valid');
  });

  it('is valid from an issuer that is a key, with and without the fragment', async () => {
    const did = `did:key:${issuer.multikey}`;
    for (const verificationMethod of [did, `${did}#${issuer.multikey}`]) {
      const credential = issuer.badge({ issuer: { id: did, type: ['Profile'] } });
      delete credential.credentialStatus;
      expect(await verdict(await issuer.sign(credential, { verificationMethod }))).toBe('valid');
    }
  });

  it('needs no network when everything is our own', async () => {
    const own = new Map<string, unknown>([
      [issuer.did, issuer.document],
      [issuer.listUrl, await issuer.sign(issuer.statusList())],
    ]);
    const home = createWorld({}, { now, local: (id) => Promise.resolve(own.get(id)) });
    expect(await verdict(await issuer.sign(issuer.badge()), home)).toBe('valid');
    expect(await verdict(issuer.signToken(issuer.claims()), home)).toBe('valid');
    expect(home.asked).toEqual([]);
  });

  it('is valid in the form of version 1.1 of the data model', async () => {
    const { validFrom, ...rest } = issuer.badge({ name: 'Linear functions' });
    const contexts = [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://w3id.org/security/data-integrity/v2',
      'https://www.w3.org/ns/credentials/status/v1',
    ];
    const older = { ...rest, '@context': contexts, issuanceDate: validFrom };
    expect(await verdict(await issuer.sign(older))).toBe('valid');
    const claims = { iss: issuer.did, jti: rest.id, sub: (rest.credentialSubject as Json).id };
    const nbf = Date.parse(String(validFrom)) / 1000;
    expect(await verdict(issuer.signToken({ ...claims, nbf, vc: older }))).toBe('valid');
    expect(await verdict(issuer.signToken({ ...claims, nbf, ...older }))).toBe(
      'invalid TOKEN_CLAIMS',
    );
  });
});

describe('the key', () => {
  it('that stands in the badge alone is not believed where its issuer must not be asked', async () => {
    const id = 'http://intranet.example/issuer';
    const credential = issuer.badge({ issuer: { id, type: ['Profile'] } });
    const verificationMethod = `${id}#${issuer.multikey}`;
    const badge = await issuer.sign(credential, { verificationMethod });
    expect(await verdict(badge)).toBe('unverifiable FETCH_BLOCKED');
  });

  it('that cannot be had makes the badge unverifiable', async () => {
    const badge = await issuer.sign(issuer.badge());
    expect(await verdict(badge, createWorld({}, { now }))).toBe('unverifiable ISSUER_UNREACHABLE');
    const stranger = { ...badge, issuer: { id: 'did:example:1', type: ['Profile'] } };
    expect(await verdict(stranger)).toBe('unverifiable ISSUER_NOT_SUPPORTED');
  });
});

describe('endorsements', () => {
  function endorsement(about: unknown): Json {
    const { credentialStatus: _none, ...badge } = other.badge({
      id: 'urn:uuid:1d1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: 'Endorsement',
      credentialSubject: { id: about, type: ['EndorsementSubject'] },
    });
    return badge;
  }

  it('are verified with the badge that carries them', async () => {
    const endorsed = issuer.badge({
      endorsement: [await other.sign(endorsement(issuer.badge().id))],
    });
    const result = await (await world()).verify(await issuer.sign(endorsed));
    expect(result.verified).toBe(true);
    expect(result.checks.at(-1)).toMatchObject({ id: 'endorsements', outcome: 'pass' });
  });

  it('warn when they are signed with a key that only they name for somebody known', async () => {
    const famous = 'https://famous.example/issuers/1';
    const forged = await other.sign(
      {
        ...endorsement(issuer.badge().id),
        issuer: { id: famous, type: ['Profile'], name: 'Fame' },
      },
      { verificationMethod: `${famous}#${other.multikey}` },
    );
    const result = await (
      await world()
    ).verify(await issuer.sign(issuer.badge({ endorsement: [forged] })));
    expect(result.checks.at(-1)).toMatchObject({
      id: 'endorsements',
      outcome: 'warn',
      detail: expect.stringContaining('anybody could have made it') as string,
    });
  });

  it('only warn when they do not hold', async () => {
    const false1 = { ...(await other.sign(endorsement(issuer.badge().id))), name: 'Changed' };
    const misplaced = await other.sign(endorsement('urn:uuid:1'));
    for (const value of [false1, misplaced]) {
      const result = await (
        await world()
      ).verify(await issuer.sign(issuer.badge({ endorsement: [value] })));
      expect(result.verified).toBe(true);
      expect(result.checks.at(-1)).toMatchObject({
        id: 'endorsements',
        outcome: 'warn',
        code: 'ENDORSEMENT_NOT_VERIFIED',
      });
    }
  });
});
