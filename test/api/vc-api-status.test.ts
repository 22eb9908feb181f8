import request from 'supertest';
import type { Json } from '../support/json-places.ts';
import { openVcApi, plain, type VcApi } from '../support/vc-api.ts';

// What the suite vc-bitstring-status-list asks: an issuer that adds entries, lists that can be read, bits that can be set.

let api: VcApi;

beforeAll(async () => {
  api = await openVcApi();
});
afterAll(async () => {
  await api.cairn.close();
});

const entry = (statusPurpose: string) => ({ type: 'BitstringStatusListEntry', statusPurpose });
const both = [entry('revocation'), entry('suspension')];
const id = () => `urn:uuid:${crypto.randomUUID()}`;
const issue = async (credential: Json, options: Json = { credentialStatus: both }) => {
  const answer = await api.issue({ ...plain, ...credential }, options);
  expect(answer.status).toBe(201);
  return (answer.body as { verifiableCredential: Json }).verifiableCredential;
};
const change = (
  credentialId: string,
  statusPurpose: string,
  status: boolean,
  key = api.cairn.owner,
) =>
  api.post(
    '/vc/credentials/status',
    { credentialId, credentialStatus: entry(statusPurpose), status },
    key,
  );
const codes = async (credential: Json) => {
  const { report } = await api.cairn.services.vcApi.verifyCredential(credential);
  return report.problemDetails?.map(({ code }) => code);
};

describe('a credential that is signed with a status', () => {
  it('has entries on lists that everybody can read', async () => {
    const { credentialStatus } = await issue({ id: id() });
    for (const given of credentialStatus as Json[]) {
      const address = String(given.statusListCredential);
      expect(String(given.statusListIndex)).toMatch(/^\d+$/);
      const list = await request(api.cairn.app)
        .get(new URL(address).pathname)
        .set('Accept', 'application/json');
      expect(JSON.parse(list.text)).toMatchObject({
        type: ['VerifiableCredential', 'BitstringStatusListCredential'],
        credentialSubject: {
          type: 'BitstringStatusList',
          statusPurpose: given.statusPurpose,
          encodedList: expect.stringMatching(/^u/) as string,
        },
      });
    }
  });

  it('is revoked, suspended and reinstated by the name that it was signed under', async () => {
    const name = id();
    const credential = await issue({ id: name });
    expect(await codes(credential)).toEqual([]);
    expect((await change(name, 'suspension', true)).status).toBe(200);
    expect(await codes(credential)).toContain('SUSPENDED');
    expect((await change(name, 'suspension', false)).status).toBe(200);
    expect(await codes(credential)).toEqual([]);
    expect((await change(name, 'revocation', true)).status).toBe(200);
    expect((await change(name, 'revocation', true)).status).toBe(200);
    expect(await codes(credential)).toContain('REVOKED');
    expect((await change(name, 'revocation', false)).status).toBe(400);
  });

  it('may be called by a credentialId, and has one entry when one is asked for', async () => {
    const credential = await issue(
      { id: undefined },
      { credentialId: 'card-1', credentialStatus: { type: 'BitstringStatusListEntry' } },
    );
    expect(credential.credentialStatus).toMatchObject({ statusPurpose: 'revocation' });
    expect((await change('card-1', 'revocation', true)).status).toBe(200);
    expect(await codes(credential)).toContain('REVOKED');
  });

  it('leaves the others as they are', async () => {
    const [name, other] = [id(), id()];
    const [, untouched] = [await issue({ id: name }), await issue({ id: other })];
    await change(name, 'revocation', true);
    expect(await codes(untouched)).toEqual([]);
    expect((await change(id(), 'revocation', true)).status).toBe(404);
    expect((await change(other, 'revocation', true, (await api.cairn.as('lead')).key)).status).toBe(
      403,
    );
  });

  it.each([
    ['without a name to find it by', { id: undefined }, 422],
    [
      'with a status of its own',
      {
        credentialStatus: {
          ...both[0],
          statusListIndex: '1',
          statusListCredential: 'https://a.example/1',
        },
      },
      422,
    ],
  ])('is refused %s', async (_what, credential, status) => {
    const answer = await api.issue({ ...plain, ...credential }, { credentialStatus: both });
    expect(answer.status).toBe(status);
  });
});
