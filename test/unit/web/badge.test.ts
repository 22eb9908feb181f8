import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { createUrls } from '../../../src/shared/urls.ts';
import { readBadge } from '../../../src/web/badge.ts';
import { CredentialPage } from '../../../src/web/credential-page.tsx';
import { plainEnglish } from '../../../src/web/wording.ts';

const urls = createUrls('https://cairn.example');

describe('reading a badge', () => {
  it.each([undefined, null, 7, 'text', []])('gives nothing for %p', (value) => {
    expect(readBadge(value)).toBeUndefined();
  });

  it('takes what is there from a badge of any shape', () => {
    const badge = readBadge({
      issuer: 'https://issuer.example',
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: {
        identifier: [
          { identityType: 'name', hashed: true, identityHash: 'sha256$00' },
          { identityType: 'emailAddress', hashed: false, identityHash: 'a@school.example' },
        ],
        achievement: {
          name: 'Weaving',
          criteria: 7,
          tag: 'craft',
          alignment: { targetUrl: 'https://standards.example/1' },
          resultDescription: [{ id: 'urn:x', name: 'Mark' }, 'nonsense'],
        },
        result: { resultDescription: 'urn:x', value: '17' },
      },
    });

    expect(badge).toMatchObject({
      name: 'Weaving',
      earner: undefined,
      issuer: { id: 'https://issuer.example' },
      awardedOn: '2026-01-01T00:00:00Z',
      tags: ['craft'],
      rubric: [{ name: 'Mark', value: '17', levels: [] }],
      standards: [{ name: 'https://standards.example/1' }],
      evidence: [],
    });
  });

  it('survives an empty one', () => {
    expect(readBadge({})).toMatchObject({ name: 'A credential without a name', rubric: [] });
  });
});

describe('a page of a badge', () => {
  it('links nowhere but to the web', () => {
    const badge = readBadge({
      issuer: { id: 'did:web:x', name: 'Issuer', url: 'javascript:alert(1)' },
      credentialSubject: {
        achievement: {
          id: 'data:text/html,x',
          alignment: [{ targetName: 'A standard', targetUrl: 'JavaScript:alert(2)' }],
        },
      },
      evidence: [
        { name: 'Bad', url: 'vbscript:x' },
        { name: 'Kept', id: urls.evidence('1') },
        { name: 'Open', id: 'https://evidence.example/1' },
      ],
    });
    if (badge === undefined) throw new Error('no badge');
    const result = { verified: true, outcome: 'valid', checks: [], verifiedAt: 'x' } as const;
    const html = renderToString(
      h(CredentialPage, { id: '1', badge, result, level: undefined, urls, voice: plainEnglish }),
    );
    const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);

    expect(links.filter((href) => !/^(https?:\/\/|\/|#)/.test(href ?? ''))).toEqual([]);
    expect(links).toContain('https://evidence.example/1');
    expect(links).not.toContain(urls.evidence('1'));
    expect(html).toContain('A file that the school keeps');
  });
});

describe('reading what holds a badge', () => {
  const badge = { credentialSubject: { achievement: { name: 'Robotics' } } };
  const presentation = (...verifiableCredential: unknown[]) => ({
    type: 'VerifiablePresentation',
    verifiableCredential,
  });

  it('reads the only badge in a presentation, and none of several', () => {
    expect(readBadge(presentation(badge))).toMatchObject({ name: 'Robotics' });
    expect(readBadge(presentation(badge, badge))).toBeUndefined();
    expect(readBadge(presentation())).toBeUndefined();
    expect(readBadge(presentation({ id: 'data:application/vc+jwt,a.b.c' }))).toBeUndefined();
  });
});
