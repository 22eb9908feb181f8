import { readFileSync } from 'node:fs';
import { createLocalJWKSet, compactVerify, type JSONWebKeySet } from 'jose';
import { earnFirstBadge, type FirstBadge } from '../support/first-badge.ts';
import {
  checkWithDigitalBazaar,
  checkWithVerifierCore,
  findSchemaProblems,
  readPngCredential,
  readSvgCredential,
} from '../support/foreign.ts';
import {
  adminKey,
  findFreePort,
  makeDataDir,
  startBuilt,
  type BuiltCairn,
} from '../support/process.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';

// The built server, over HTTP only, as a teacher with curl sees it.

interface Verdict {
  readonly verified: boolean;
  readonly outcome: string;
}

describeWithSharedData('the first badge', () => {
  let data: Awaited<ReturnType<typeof makeDataDir>>;
  let cairn: BuiltCairn;
  let story: FirstBadge;
  let document: string;

  // In another mode `fetch` adds `Cache-Control: no-cache` to a question with an ETag.
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${cairn.base}${path}`, { headers, cache: 'no-cache' });
  const text = async (path: string) => (await get(path)).text();
  const path = (suffix = '') => `/credentials/${story.credential}${suffix}`;

  async function verify(body: string | Uint8Array<ArrayBuffer>, type: string): Promise<Verdict> {
    const answer = await fetch(`${cairn.base}/verify`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Verdict;
  }

  beforeAll(async () => {
    data = await makeDataDir();
    const port = await findFreePort();
    cairn = await startBuilt(data.path, {
      port,
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
      CAIRN_FETCH_ALLOW: `localhost:${port}`,
    });
    const casePackage = readFileSync(sharedData('case/smarterbalanced-mockMATH.json'), 'utf8');
    story = await earnFirstBadge(cairn.base, adminKey, casePackage);
    console.info(`585 standards imported over HTTP in ${story.standards.seconds.toFixed(2)} s`);
  }, 120_000);

  afterAll(async () => {
    await cairn.stop();
    await data.remove();
  });

  describe('on its way', () => {
    it('starts with an import that changes nothing when it is repeated', () => {
      const { imported, again } = story.standards;
      expect(imported.status).toBe(201);
      expect(imported.body).toMatchObject({ created: 585, updated: 0, retired: 0 });
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ created: 0, updated: 0, retired: 0, unchanged: 585 });
      expect(story.standards.standards).toHaveLength(3);
    });

    it('is sent back with feedback, handed in again and approved', () => {
      expect(story.revised.decisions).toMatchObject([{ state: 'revise' }]);
      expect(story.revised.reviews).toMatchObject([{ feedback: 'Show a second way.' }]);
      expect(story.resubmitted).toMatchObject({ round: 2, state: 'submitted' });
      expect(story.approved).toMatchObject({
        state: 'decided',
        decisions: [{ state: 'approved' }],
        reviews: [{ decision: 'revise' }, { decision: 'approve' }],
      });
    });

    it('is nobody else’s business until its learner says so', async () => {
      const absent = '/credentials/00000000-0000-4000-8000-000000000000';
      for (const suffix of ['', '.json', '.jwt', '.png', '.svg']) {
        const [hidden, missing] = await Promise.all([get(path(suffix)), get(absent + suffix)]);
        expect([hidden.status, missing.status]).toEqual([404, 404]);
        expect(await problemOf(hidden)).toEqual(await problemOf(missing));
      }
      const shown = await get(path(), { accept: 'text/html' });
      expect(shown.status).toBe(404);
    });

    it('is opened by its learner, not by the teacher', async () => {
      const { learner, teacher, credential } = story;
      const publish = `/credentials/${credential}/publish`;
      expect(await teacher.api.send('POST', publish)).toMatchObject({
        status: 403,
        body: { code: 'credential.not_yours' },
      });
      expect(await learner.api.call('POST', publish)).toMatchObject({ visibility: 'public' });
      document = await text(path('.json'));
    });
  });

  describe('at its address', () => {
    it.each([
      ['.json', undefined, 'application/vc'],
      ['.jwt', undefined, 'text/plain'],
      ['.png', undefined, 'image/png'],
      ['.svg', undefined, 'image/svg+xml'],
      ['.json', 'text/html', 'application/vc'],
      ['', undefined, 'application/vc'],
      ['', '*/*', 'application/vc'],
      ['', 'application/vc', 'application/vc'],
      ['', 'application/ld+json', 'application/ld+json'],
      ['', 'application/json', 'application/json'],
      ['', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/html'],
    ])('is served as %s to whoever accepts %s: %s', async (suffix, accept, type) => {
      const answer = await get(path(suffix), accept === undefined ? {} : { accept });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')?.split(';')[0]).toBe(type);
      expect(answer.headers.get('vary')).toContain('Accept');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      if (type === 'text/html') return;
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      if (suffix === '') expect(await answer.text()).toBe(document);
    });

    it('is not sent twice to whoever has it', async () => {
      for (const suffix of ['.json', '.jwt', '.png', '.svg']) {
        const etag = (await get(path(suffix))).headers.get('etag') ?? '';
        expect(etag).not.toBe('');
        const again = await get(path(suffix), { 'if-none-match': etag });
        expect([again.status, await again.text()]).toEqual([304, '']);
      }
    });

    it('lies in the pictures byte for byte', async () => {
      const png = Buffer.from(await (await get(path('.png'))).arrayBuffer());
      expect(readPngCredential(png)).toBe(document);
      expect(readSvgCredential(await text(path('.svg')))).toBe(document);
    });

    it('leads to everything that it names, open to every origin', async () => {
      const { issuer, credentialSubject, credentialStatus } = parse(document);
      const issuerPath = `/${issuer.id.split(':').slice(3).join('/')}`;
      const kid = keyOf(await text(path('.jwt')));
      const named: readonly (readonly [string, string])[] = [
        [issuerPath, 'application/ld+json'],
        [`${issuerPath}/did.json`, 'application/did+json'],
        ['/.well-known/jwks.json', 'application/jwk-set+json'],
        [new URL(kid).pathname, 'application/jwk+json'],
        [new URL(credentialSubject.achievement.id).pathname, 'application/ld+json'],
        [new URL(credentialStatus.statusListCredential).pathname, 'application/vc'],
        [new URL(credentialSubject.achievement.image.id).pathname, 'image/'],
      ];
      for (const [at, type] of named) {
        const answer = await get(at);
        expect([at, answer.status]).toEqual([at, 200]);
        expect(answer.headers.get('content-type')).toContain(type);
        expect(answer.headers.get('access-control-allow-origin')).toBe('*');
        expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      }
    });
  });

  describe('before the software of others', () => {
    it('follows the official JSON schemas', async () => {
      expect(findSchemaProblems('served2026', JSON.parse(document))).toEqual([]);
      // The formal schema of 2024 wants a list of proofs where the specification allows one.
      expect(findSchemaProblems('formal2024', JSON.parse(document))).toMatchObject([
        { instancePath: '/proof' },
      ]);
      const [, payload = ''] = (await text(path('.jwt'))).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
      expect(findSchemaProblems('formal2024', claims)).toEqual([]);
    });

    it('is verified by @digitalbazaar/vc, and so is its status list', async () => {
      const { issuer, credentialStatus } = parse(document);
      const did = JSON.parse(await text(didPath(issuer.id))) as Parameters<
        typeof checkWithDigitalBazaar
      >[1];
      const list = await text(new URL(credentialStatus.statusListCredential).pathname);
      expect(await checkWithDigitalBazaar(document, did)).toMatchObject({ verified: true });
      expect(await checkWithDigitalBazaar(list, did)).toMatchObject({ verified: true });
      const forged = document.replace('Fractions that add up', 'Fractions that add down');
      expect(await checkWithDigitalBazaar(forged, did)).toMatchObject({ verified: false });
    });

    it('is verified by @digitalcredentials/verifier-core', async () => {
      expect(await checkWithVerifierCore(document, await publishedBy())).toMatchObject({
        log: expect.arrayContaining([
          { id: 'valid_signature', valid: true },
          { id: 'revocation_status', valid: true },
          { id: 'expiration', valid: true },
        ]) as unknown,
      });
    });

    it('is verified as a JWT by jose, from the published keys', async () => {
      const keys = JSON.parse(await text('/.well-known/jwks.json')) as JSONWebKeySet;
      const { payload } = await compactVerify(await text(path('.jwt')), createLocalJWKSet(keys));
      const { proof: _proof, ...unsigned } = JSON.parse(document) as Record<string, unknown>;
      expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject(unsigned);
    });
  });

  describe('before Cairn', () => {
    it('is valid in every form, and by its address', async () => {
      const png = Buffer.from(await (await get(path('.png'))).arrayBuffer());
      const url = JSON.stringify({ url: `${cairn.base}${path('.png')}` });
      expect([
        await verify(document, 'application/vc'),
        await verify(document, 'application/json'),
        await verify(await text(path('.jwt')), 'text/plain'),
        await verify(png, 'image/png'),
        await verify(await text(path('.svg')), 'image/svg+xml'),
        await verify(url, 'application/json'),
      ]).toEqual(Array(6).fill(expect.objectContaining({ verified: true, outcome: 'valid' })));
    });

    it('is invalid with one letter changed', async () => {
      const forged = document.replace('Fractions that add up', 'Fractions that add uq');
      const [head = '', body = '', signature = ''] = (await text(path('.jwt'))).split('.');
      const claims = Buffer.from(body, 'base64url').toString().replace('add up', 'add uq');
      const jwt = [head, Buffer.from(claims).toString('base64url'), signature].join('.');
      expect(await verify(forged, 'application/json')).toMatchObject({ outcome: 'invalid' });
      expect(await verify(jwt, 'text/plain')).toMatchObject({ outcome: 'invalid' });
    });

    it('is revoked at once, for everybody', async () => {
      const revoke = `/credentials/${story.credential}/revoke`;
      expect(await story.teacher.api.send('POST', revoke, { reason: 'Copied' })).toMatchObject({
        status: 403,
      });
      await story.owner.call('POST', revoke, { reason: 'Copied' });
      expect(await verify(document, 'application/json')).toMatchObject({
        verified: false,
        outcome: 'revoked',
      });
      expect(await checkWithVerifierCore(document, await publishedBy())).toMatchObject({
        log: expect.arrayContaining([{ id: 'revocation_status', valid: false }]) as unknown,
      });
    });

    it('remembers who decided what', async () => {
      const { items } = await story.owner.call<{ items: { action: string }[] }>(
        'GET',
        '/audit-events?limit=200',
      );
      expect(items.map(({ action }) => action)).toEqual(
        expect.arrayContaining([
          'review.sent-back',
          'review.approved',
          'award.made',
          'credential.published',
          'credential.revoked',
        ]),
      );
    });
  });

  /** What the server publishes for those who check this badge. */
  async function publishedBy(): Promise<Record<string, string>> {
    const { issuer, credentialStatus } = parse(document);
    const paths = [didPath(issuer.id), new URL(credentialStatus.statusListCredential).pathname];
    const found = await Promise.all(paths.map(async (at) => [at, await text(at)] as const));
    return Object.fromEntries(found);
  }
});

interface Badge {
  readonly issuer: { readonly id: string };
  readonly credentialSubject: {
    readonly achievement: { readonly id: string; readonly image: { readonly id: string } };
  };
  readonly credentialStatus: { readonly statusListCredential: string };
}

const parse = (document: string) => JSON.parse(document) as Badge;
const didPath = (did: string) => `/${did.split(':').slice(3).join('/')}/did.json`;

function keyOf(jwt: string): string {
  const head = Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(head) as { kid: string }).kid;
}

/** The problem without the number of the request. */
async function problemOf(response: Response): Promise<object> {
  const { requestId: _requestId, ...problem } = (await response.json()) as Record<string, unknown>;
  return problem;
}
