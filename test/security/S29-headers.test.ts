import request from 'supertest';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

let cairn: TestCairn;
let credential: string;
let organization: string;

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openBadgeSchool(cairn);
  organization = school.organization;
  credential = await school.award();
  await school.publish(credential);
});
afterAll(async () => {
  await cairn.close();
});

const get = (path: string, accept: string) => request(cairn.app).get(path).set('Accept', accept);

describe('S29 headers', () => {
  it('pages run no foreign or inline script, are never framed, and are sniffed by nobody', async () => {
    const paths = [
      '/',
      '/verify',
      `/credentials/${credential}`,
      `/issuers/${organization}`,
      '/absent',
    ];
    for (const path of paths) {
      const { headers } = await get(path, 'text/html');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|blob:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('what verifiers read may be read from every other site', async () => {
    const document = (await get(`/credentials/${credential}`, 'application/json')).text;
    const { credentialStatus } = JSON.parse(document) as {
      credentialStatus: { statusListCredential: string };
    };
    const list = new URL(credentialStatus.statusListCredential).pathname;
    const paths = [`/issuers/${organization}/did.json`, list, `/credentials/${credential}`];
    for (const path of paths) {
      const { status, headers } = await get(path, 'application/json');
      expect(status).toBe(200);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('the management API is for no other site', async () => {
    const { headers } = await get('/api/v1/people', 'application/json').set(
      'Origin',
      'https://a.example',
    );
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});
