import { cp, readdir, writeFile } from 'node:fs/promises';
import { copyStore } from '../../src/compose/store-copy.ts';
import { start } from '../../src/start.ts';
import { connectStore } from '../../src/storage/connect.ts';
import { markUnfinished } from '../../src/storage/transfer/marker.ts';
import { openTarget } from '../../src/storage/transfer/open-target.ts';
import { openStaging } from '../../src/storage/transfer/staging.ts';
import { openSource, tallyOf } from '../../src/storage/transfer/source.ts';
import { parsePlace, type Place } from '../../src/storage/transfer/place.ts';
import { backUp, makeFolders, restore, settingsFor, withCairnOn } from '../support/backups.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn } from '../support/cairn.ts';
import { startTemporaryStore } from '../support/store.ts';

const folders = makeFolders();
let server: Awaited<ReturnType<typeof startTemporaryStore>>;
/** A school that nobody runs. */
let origin: string;

beforeAll(async () => {
  server = await startTemporaryStore({ strict: true });
  const cairn = await startCairn();
  const badges = await openBadgeSchool(cairn);
  await badges.award();
  await badges.revoke(await badges.award());
  origin = await folders.make();
  const file = `${await folders.make()}/school.age`;
  await backUp(cairn.cairn.settings, file);
  await cairn.close();
  await restore(settingsFor(origin), file);
}, 120_000);
afterAll(async () => {
  await server.close();
  await folders.removeAll();
});

async function talliesOf(place: Place) {
  const source = await openSource(place);
  const tallies: Record<string, unknown> = {};
  for (const { name } of source.collections) tallies[name] = await tallyOf(source.read(name));
  await source.close();
  return tallies;
}

/** A folder of its own: SQLite lets go of a file that was read in this process when it likes. */
async function copyOfOrigin(): Promise<string> {
  const folder = await folders.make();
  await cp(origin, folder, { recursive: true });
  return folder;
}

async function copy(options: { from?: string; to: string; force?: boolean }) {
  const settings = settingsFor(await copyOfOrigin());
  return copyStore(settings, { force: false, ...options }, () => undefined);
}

async function expectSound(settings: ReturnType<typeof settingsFor>): Promise<void> {
  await withCairnOn(settings, async (cairn) => {
    const invariants = await cairn.services.invariants.examine();
    expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
    expect(await cairn.storage.verify()).toEqual([]);
    await cairn.services.signingKeys.selfTest();
  });
}

it('moves a school to a server and back, byte for byte', async () => {
  const before = await talliesOf({ engine: 'embedded', directory: await copyOfOrigin() });
  const told = await copy({ to: server.uri });
  expect(Object.fromEntries(told)).toEqual(before);
  expect(await talliesOf({ engine: 'mongodb', uri: server.uri })).toEqual(before);
  await expectSound(settingsFor(await copyOfOrigin(), { MONGODB_URI: server.uri }));

  const back = await folders.make();
  await copy({ from: server.uri, to: `embedded:${back}` });
  expect(await talliesOf({ engine: 'embedded', directory: back })).toEqual(before);
}, 120_000);

it('starts again after it was cut off, and lets nobody start before it is done', async () => {
  const connection = await connectStore(server.uri);
  await connection.collection('awards').deleteMany({});
  await markUnfinished(connection);
  await connection.close();
  const settings = settingsFor(await copyOfOrigin(), { MONGODB_URI: server.uri });
  await expect(withCairnOn(settings, () => Promise.resolve())).rejects.toMatchObject({
    code: 'store.restore_unfinished',
  });
  const goal = `embedded:${await folders.make()}`;
  const file = `${await folders.make()}/half.age`;
  for (const use of [() => copy({ from: server.uri, to: goal }), () => backUp(settings, file)]) {
    await expect(use()).rejects.toMatchObject({ code: 'store.restore_unfinished' });
  }
  await copy({ to: server.uri });
  await expectSound(settings);
}, 120_000);

it('copies no folder in which a restore was cut off', async () => {
  const half = await copyOfOrigin();
  await writeFile(`${half}/restore-unfinished`, '');
  const from = `embedded:${half}`;
  await expect(copy({ from, to: server.uri, force: true })).rejects.toMatchObject({
    code: 'store.restore_unfinished',
  });
}, 60_000);

it('replaces nothing unless told to, and copies nothing that is in use', async () => {
  await expect(copy({ to: server.uri })).rejects.toMatchObject({ code: 'store.not_empty' });
  await expect(copy({ from: server.uri, to: server.uri })).rejects.toMatchObject({
    code: 'store.same_place',
  });
  const running = await copyOfOrigin();
  await withCairnOn(settingsFor(running), async () => {
    for (const options of [
      { from: `embedded:${running}`, to: server.uri },
      { to: `embedded:${running}` },
    ]) {
      await expect(copy({ ...options, force: true })).rejects.toMatchObject({
        code: 'store.in_use',
      });
    }
  });
  await copy({ to: server.uri, force: true });
}, 120_000);

it('fills no database on which Cairn is running', async () => {
  await copy({ to: server.uri, force: true });
  const settings = settingsFor(await copyOfOrigin(), {
    MONGODB_URI: server.uri,
    CAIRN_ROLES: 'worker',
  });
  const file = `${await folders.make()}/school.age`;
  await backUp(settings, file);
  await withCairnOn(settings, async (cairn) => {
    const stop = await start(cairn);
    const inUse = { code: 'store.in_use' };
    await expect(copy({ to: server.uri, force: true })).rejects.toMatchObject(inUse);
    await expect(restore(settings, file, { force: true })).rejects.toMatchObject(inUse);
    expect(await cairn.services.invariants.examine()).not.toContainEqual(
      expect.objectContaining({ ok: false }),
    );
    await stop();
  });
  await restore(settings, file, { force: true });
  await expectSound(settings);
}, 120_000);

it('knows a database by another address, and takes nothing away', async () => {
  await copy({ to: server.uri, force: true });
  const before = await talliesOf({ engine: 'mongodb', uri: server.uri });
  const to = `${server.uri}&appName=other`;
  await expect(copy({ from: server.uri, to, force: true })).rejects.toMatchObject({
    code: 'store.same_place',
  });
  expect(await talliesOf({ engine: 'mongodb', uri: server.uri })).toEqual(before);
  expect(before).toMatchObject({ credentials: { documents: 2 } });
  await expectSound(settingsFor(await copyOfOrigin(), { MONGODB_URI: server.uri }));
}, 120_000);

it('takes the place of no store that somebody opened meanwhile', async () => {
  const folder = await copyOfOrigin();
  const before = await talliesOf({ engine: 'embedded', directory: await copyOfOrigin() });
  const staging = await openStaging(folder, { files: false });
  const target = await openTarget({ engine: 'embedded', directory: staging.directory });
  await target.close();
  await withCairnOn(settingsFor(folder), async () => {
    await expect(staging.switchIn(() => Promise.resolve())).rejects.toMatchObject({
      code: 'store.in_use',
    });
  });
  await staging.discard();
  expect(await readdir(folder)).not.toContain('restore-unfinished');
  const { awards } = await talliesOf({ engine: 'embedded', directory: folder });
  expect(awards).toEqual(before.awards);
}, 60_000);

it('fills a folder in which a store has nothing yet', async () => {
  const folder = await folders.make();
  const empty = await openTarget({ engine: 'embedded', directory: folder });
  await empty.close();
  await copy({ to: `embedded:${folder}` });
  expect(await talliesOf({ engine: 'embedded', directory: folder })).toHaveProperty('awards');
}, 60_000);

it('knows places by their names', () => {
  expect(parsePlace('embedded:/srv/school')).toEqual({
    engine: 'embedded',
    directory: '/srv/school',
  });
  expect(parsePlace('mongodb://store.example/badges')).toMatchObject({ engine: 'mongodb' });
  expect(() => parsePlace('/srv/school')).toThrow('embedded:FOLDER');
});
