import { verifyOlderBadge } from '../../../../src/credentials/verify/older/verify-older.ts';
import type { Json } from '../../../support/json-places.ts';
import { createOlderIssuer } from '../../../support/older-badge.ts';
import { openSession } from '../../../support/session.ts';

describe('the report on an older badge', () => {
  const old = createOlderIssuer();
  const place = old.at('assertions/1');
  const look = (credential: Json, published: Json = {}) =>
    verifyOlderBadge(
      { kind: 'data-integrity', credential },
      openSession({ ...old.site(), ...published }).session,
    );
  const lines = async (credential: Json, published: Json = {}) =>
    (await look(credential, published)).findings.map(({ id, outcome, code }) =>
      [id, outcome, code].filter(Boolean).join(' '),
    );
  const titleOf = async (credential: Json, published: Json, id: string) =>
    (await look(credential, published)).findings.find((each) => each.id === id)?.title;

  it('has every check, and shows what its site shows', async () => {
    expect(await lines(old.assertion())).toEqual([
      'format pass',
      'schema pass',
      'proof warn HOSTED_NOT_SIGNED',
      'issuer pass',
      'validity pass',
      'status pass',
    ]);
    const { credential, findings } = await look({
      '@context': old.assertion()['@context'],
      type: 'Assertion',
      id: place,
    });
    expect(credential).toMatchObject({ id: place, badge: { name: 'Robotics' } });
    expect(findings[3]?.detail).toBe(`It is kept on the site of Old School (${old.at('issuer')}).`);
  });

  it('shows what was handed in where nothing confirms it', async () => {
    const handed = old.assertion({ id: 'urn:uuid:1' });
    expect((await look(handed)).credential).toBe(handed);
    const address = { kind: 'address', url: old.at('gone') } as const;
    const { credential, findings } = await verifyOlderBadge(address, openSession().session);
    expect(credential).toEqual({ id: old.at('gone') });
    expect(findings[0]?.detail).toContain(old.at('gone'));
    expect(findings.map(({ code }) => code)).toEqual([undefined, 'HOSTED_UNREACHABLE', undefined]);
  });

  it('shortens names, and does without', async () => {
    const named = (name: unknown) => ({ [old.at('issuer')]: { ...old.profile, name } });
    const issuerOf = async (name: unknown) =>
      (await look(old.assertion(), named(name))).findings.find(({ id }) => id === 'issuer')?.detail;
    expect(await issuerOf('n'.repeat(300))).toContain(` of ${'n'.repeat(200)} (`);
    expect(await issuerOf(7)).toContain(' of its issuer (');
  });

  it.each<[string, Json, Json, string[]]>([
    [
      'of another version',
      { '@context': 'https://w3id.org/openbadges/v1' },
      {},
      ['format fail OLDER_BADGE_NOT_SUPPORTED'],
    ],
    ['that describes a badge', old.badgeClass, {}, ['format fail NOT_A_CREDENTIAL']],
    [
      'that only says that it is not revoked',
      { ...old.badgeClass, revoked: false },
      {},
      ['format fail NOT_A_CREDENTIAL'],
    ],
    [
      'that is revoked, with nothing left',
      { '@context': old.assertion()['@context'], id: place, revoked: true },
      { [place]: { id: place, revoked: true } },
      ['format pass', 'proof warn HOSTED_NOT_SIGNED', 'status fail REVOKED'],
    ],
    [
      'whose issuer cannot be found',
      old.assertion(),
      { [old.at('issuer')]: undefined },
      ['format pass', 'proof skip', 'issuer fail ISSUER_UNREACHABLE'],
    ],
    [
      'that its site does not confirm',
      old.assertion({ issuedOn: '2020' }),
      {},
      ['format pass', 'proof fail HOSTED_DIFFERS', 'issuer skip'],
    ],
    [
      'that is looked up by a fault of ours',
      old.assertion(),
      { [place]: new TypeError('bug') },
      ['format pass', 'proof fail CHECK_FAILED', 'issuer skip'],
    ],
    [
      'with dates that are none',
      old.assertion({ expires: 'x' }),
      { [place]: old.assertion({ expires: 'x' }) },
      [
        'format pass',
        'schema pass',
        'proof warn HOSTED_NOT_SIGNED',
        'issuer pass',
        'validity fail DATE_MALFORMED',
        'status pass',
      ],
    ],
  ])('%s', async (_what, credential, published, expected) => {
    expect(await lines(credential, published)).toEqual(expected);
  });

  it('is undecided about versions that are not checked here', async () => {
    const { findings } = await look({ '@context': 'https://w3id.org/openbadges/v1' });
    expect(findings[0]).toMatchObject({ verdict: 'unverifiable' });
  });

  it('names dates that are none', async () => {
    for (const name of ['issuedOn', 'expires']) {
      const wrong = old.assertion({ [name]: 'x' });
      const { findings } = await look(wrong, { [place]: wrong });
      expect(findings.find(({ id }) => id === 'validity')?.detail).toContain(`Its ${name} is`);
    }
  });

  it('speaks of signatures only where there is one', async () => {
    const differs = old.assertion({ issuedOn: '2020' });
    expect(await titleOf(differs, {}, 'proof')).toBe('Its issuer’s site does not confirm it');
    expect(await titleOf(old.assertion(), { [place]: undefined }, 'proof')).toBe(
      'Whether its issuer confirms it could not be found out',
    );
    expect(await titleOf(old.signable(), {}, 'proof')).toBe('The signature does not hold');
  });
});
