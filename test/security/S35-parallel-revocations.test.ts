import { openBadgeSchool, serveCairn } from '../support/badge.ts';
import { checkWithDigitalBazaar } from '../support/foreign.ts';
import type { Json } from '../support/json-places.ts';
import { readStatusList, statusPlaces } from '../support/status-lists.ts';
import { until } from '../support/store.ts';

const many = 100;

let cairn: Awaited<ReturnType<typeof serveCairn>>;
let school: Awaited<ReturnType<typeof openBadgeSchool>>;
let ids: readonly string[];

beforeAll(async () => {
  cairn = await serveCairn();
  school = await openBadgeSchool(cairn);
  const awarded: string[] = [];
  for (let count = 0; count < many; count += 1) awarded.push(await school.award());
  ids = awarded;
}, 180_000);
afterAll(async () => {
  await cairn.stop();
});

async function ask(path: string, body?: object) {
  return fetch(`${cairn.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${cairn.owner}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}
const documentOf = async (id: string) =>
  ((await (await ask(`/api/v1/credentials/${id}`)).json()) as { document: Json }).document;
const readList = async (path: string) => readStatusList(await (await ask(path)).text());

async function decideAll(verb: string) {
  const answers = await Promise.all(
    ids.map((id) => ask(`/api/v1/credentials/${id}/${verb}`, { reason: 'A mistake.' })),
  );
  return new Set(answers.map(({ status }) => status));
}

it('S35: 100 revocations at once are 100 bits, as are suspensions, of which every one can be taken back', async () => {
  const documents = await Promise.all(ids.map(documentOf));
  const places = documents.map(statusPlaces);
  const [first] = places;
  if (first === undefined) throw new Error('nothing was awarded');
  const indexes = (purpose: 'revocation' | 'suspension') =>
    places.map((place) => place[purpose].index).sort((a, b) => a - b);
  expect(
    new Set(places.flatMap((place) => Object.values(place).map(({ path }) => path))).size,
  ).toBe(2);

  const steps = [
    ['suspend', 'suspension', indexes('suspension')],
    ['reinstate', 'suspension', []],
    ['revoke', 'revocation', indexes('revocation')],
  ] as const;
  for (const [verb, purpose, expected] of steps) {
    const before = await readList(first[purpose].path);
    expect(await decideAll(verb)).toEqual(new Set([204]));
    const after = await readList(first[purpose].path);
    expect({ verb, set: after.set }).toEqual({ verb, set: expected });
    expect(Date.parse(after.validFrom)).toBeGreaterThanOrEqual(Date.parse(before.validFrom) + many);
    expect(Date.parse(after.validFrom)).toBeLessThan(Date.now() + 5_000);
  }

  const list = (await readList(first.revocation.path)).credential;
  const did = (await cairn.services.issuers.getDidDocument(school.organization)) as Parameters<
    typeof checkWithDigitalBazaar
  >[1];
  expect(await checkWithDigitalBazaar(JSON.stringify(list), did)).toMatchObject({ verified: true });
  for (const document of documents.slice(0, 10)) {
    const answer = await ask('/verify', document);
    expect(await answer.json()).toMatchObject({ verified: false, outcome: 'revoked' });
  }

  const events = (await (await ask('/api/v1/audit-events?limit=200')).json()) as {
    items: readonly { action: string }[];
  };
  const revoked = events.items.filter(({ action }) => action === 'credential.revoked');
  expect(revoked).toHaveLength(many);
  const [chain] = await cairn.services.audit.verify();
  expect(chain?.fault).toBeUndefined();
}, 180_000);

it('a change is soon at the address of the list, and in /verify at once', async () => {
  const id = await school.award();
  const document = await documentOf(id);
  const { path, index } = statusPlaces(document).suspension;
  const verify = async () =>
    ((await (await ask('/verify', document)).json()) as { outcome: string }).outcome;
  for (const [verb, outcome, isSet] of [
    ['suspend', 'suspended', true],
    ['reinstate', 'valid', false],
  ] as const) {
    await ask(`/api/v1/credentials/${id}/${verb}`, { reason: 'Looked into.' });
    await until(async () => (await readList(path)).set.includes(index) === isSet, 10_000);
    expect(await verify()).toBe(outcome);
  }
});
