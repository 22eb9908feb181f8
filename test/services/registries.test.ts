import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistryService } from '../../src/services/verification/registries.ts';
import { FetchError } from '../../src/shared/safe-fetch.ts';
import { silentLog } from '../support/log.ts';

const did = 'did:web:north.example';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-registries-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A web of these documents, which may change, and a clock that is set. */
function openRegistries(sources: readonly string[], web: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const clock = { time: Date.parse('2026-12-01T00:00:00Z') };
  const service = createRegistryService({
    sources,
    log: silentLog,
    now: () => new Date(clock.time),
    fetch: (url) => {
      asked.push(url);
      const body = web[url];
      if (body === undefined)
        return Promise.reject(new FetchError('fetch.failed', 'Nobody answers.'));
      const bytes = Buffer.from(JSON.stringify(body));
      return Promise.resolve({ status: 200, url, contentType: 'application/json', bytes });
    },
  });
  return { ...service, asked, clock, web };
}

const pilot = 'https://registry.example/pilot.json';
const list = 'https://registry.example/known.json';

it('are files and web addresses, and lists of registries', async () => {
  const file = join(folder, 'partners.txt');
  await writeFile(file, `${did} North School\n`);
  const known = [
    { name: 'Pilot', type: 'dcc-legacy', url: pilot },
    { name: 'Members', type: 'oidf' },
  ];
  const registries = openRegistries([file, list], {
    [list]: known,
    [pilot]: { registry: { [did]: { name: 'North' } } },
  });
  expect(await registries.find(did)).toEqual({
    listings: [
      { registry: 'partners.txt', name: 'North School' },
      { registry: 'Pilot', name: 'North' },
    ],
    unread: [],
  });
  expect(await registries.find('did:web:other.example')).toEqual({ listings: [], unread: [] });
  expect(await registries.report()).toMatchObject([
    { name: 'partners.txt', issuers: 1 },
    { name: 'registry.example/known.json', issuers: 0, ignored: ['Members (oidf)'] },
    { name: 'Pilot', issuers: 1 },
  ]);
});

it('are read once an hour, and stay as they were when they cannot be read', async () => {
  const registries = openRegistries([pilot], { [pilot]: [did] });
  await Promise.all([registries.find(did), registries.find(did)]);
  await registries.find(did);
  expect(registries.asked).toHaveLength(1);

  registries.web[pilot] = undefined;
  registries.clock.time += 3_600_001;
  expect(await registries.find(did)).toMatchObject({ listings: [{}], unread: [] });
  expect(registries.asked).toHaveLength(2);
  expect(await registries.report()).toMatchObject([{ issuers: 1, problem: 'Nobody answers.' }]);

  registries.web[pilot] = [];
  registries.clock.time += 60_001;
  expect(await registries.find(did)).toMatchObject({ listings: [] });
});

it('are named when they cannot be read, and asked again after a minute', async () => {
  const registries = openRegistries([pilot, join(folder, 'absent.txt')]);
  expect(await registries.find(did)).toEqual({
    listings: [],
    unread: ['registry.example/pilot.json', 'absent.txt'],
  });
  await registries.find(did);
  expect(registries.asked).toHaveLength(1);
  registries.web[pilot] = [did];
  registries.clock.time += 60_001;
  expect(await registries.find(did)).toMatchObject({ listings: [{}], unread: ['absent.txt'] });
});

it('on the web do not name files of this machine', async () => {
  const secret = join(folder, 'secret.txt');
  await writeFile(secret, did);
  const registries = openRegistries([list], { [list]: [{ name: 'Pilot', url: secret }] });
  expect(await registries.find(did)).toEqual({ listings: [], unread: ['Pilot'] });
});
