import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Actor } from '../../src/domain/roles.ts';
import { connectStore } from '../../src/storage/connect.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { migrations } from '../../src/storage/migrations/migrations.ts';
import { createMigrator } from '../../src/storage/migrations/migrator.ts';
import { openMigrations, openStorage } from '../../src/storage/open.ts';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { dump, dyingAfter, lastDatabase, load, makeOld, type Dump } from '../support/old-store.ts';

const now = () => new Date('2026-11-22T12:00:00Z');
const before = new Date('2026-11-01T08:00:00Z');

let cairn: TestCairn;
let operator: Actor;
let db: ReturnType<typeof lastDatabase>;
let old: Dump;
let revoked: string;
let valid: string;

beforeAll(async () => {
  cairn = await startCairn();
  db = lastDatabase();
  operator = await cairn.services.organizations.operator();
  const school = await openBadgeSchool(cairn);
  valid = await school.award();
  revoked = await school.award();
  await school.revoke(revoked);
  await makeOld(db, before);
  old = await dump(db);
}, 60_000);
afterAll(async () => {
  await cairn.close();
});
beforeEach(() => load(db, old));

const migratorOn = (where: typeof db) => createMigrator({ db: where, migrations, now });
const migrate = (to?: number) => migratorOn(db).migrate({ to });

async function outcomeOf(id: string): Promise<string> {
  const { document } = await cairn.services.credentials.get(operator, id);
  return (await cairn.services.verification.verify(document)).outcome;
}

describe('a store of the first version', () => {
  it('knows its revocations again once it is brought up to date', async () => {
    await migrate();
    expect(await outcomeOf(revoked)).toBe('revoked');
    expect(await outcomeOf(valid)).toBe('valid');
    expect((await cairn.services.credentials.get(operator, revoked)).state).toBe('revoked');
    expect((await cairn.services.credentials.get(operator, valid)).state).toBe('valid');
    expect(await cairn.services.credentialStatus.countLost()).toBe(0);
    expect(await db.collection('signingKeys').distinct('driver')).toEqual(['file']);
    expect((await cairn.services.organizations.get(operator)).vocabulary).toEqual({
      en: { achievement: { one: 'competency', other: 'competency' } },
    });
  });

  it('keeps what code between the two has set as well', async () => {
    const list = old.statusLists?.find(({ purpose }) => purpose === 'revocation');
    const bits = { bits: [4711], changes: [], epoch: before.getTime(), version: 9 };
    await db.collection('statusLists').updateOne({ _id: list?._id as never }, { $set: bits });
    await migrate();
    const after = await db.collection('statusLists').findOne({ _id: list?._id as never });
    expect(after?.bits).toHaveLength(2);
    expect(after?.bits).toContain(4711);
    expect(after?.version).toBe(10);
  });

  it('interrupted after any write and run again, is as if it had not been interrupted', async () => {
    await migrate();
    const whole = await dump(db);
    let interrupted = 0;
    for (let writes = 1; ; writes += 1) {
      await load(db, old);
      await db.collection('locks').deleteMany({});
      const through = await migratorOn(dyingAfter(db, writes))
        .migrate()
        .then(
          () => true,
          () => false,
        );
      if (through) break;
      interrupted += 1;
      await db.collection('locks').deleteMany({});
      await migrate();
      expect(await dump(db)).toEqual(whole);
    }
    // Each migration begins and ends with a record of its own, and changes something between.
    expect(interrupted).toBeGreaterThan(10);
  }, 120_000);

  it('is what it was when everything is taken back, also after every interruption of that', async () => {
    await migrate();
    const whole = await dump(db);
    await migrate(0);
    const back = await dump(db);
    const sinceThen = ({ version: _version, updatedAt: _at, ...rest }: Record<string, unknown>) =>
      rest;
    expect(back.statusLists?.map(sinceThen)).toEqual(old.statusLists?.map(sinceThen));
    expect({ ...back, statusLists: [], awards: [] }).toEqual({
      ...old,
      statusLists: [],
      awards: [],
    });
    for (let writes = 1; ; writes += 1) {
      await load(db, whole);
      await db.collection('locks').deleteMany({});
      const through = await migratorOn(dyingAfter(db, writes))
        .migrate({ to: 0 })
        .then(
          () => true,
          () => false,
        );
      if (through) break;
      await db.collection('locks').deleteMany({});
      await migrate(0);
      expect(await dump(db)).toEqual(back);
    }
    await migrate();
    expect(await outcomeOf(revoked)).toBe('revoked');
  }, 120_000);

  it('is not taken back once a school has words by language', async () => {
    await migrate();
    const words = { $set: { 'vocabulary.de.level': { one: 'Etappe', other: 'Etappen' } } };
    await db.collection('organizations').updateMany({}, words);
    await expect(migrate(0)).rejects.toMatchObject({ code: 'store.migration_blocked' });
  });

  it('is not taken back while a decision is still being passed on', async () => {
    await migrate();
    await db.collection('statusLists').updateMany({}, { $set: { changes: [{ id: 'x' }] } });
    await expect(migrate(0)).rejects.toMatchObject({ code: 'store.migration_blocked' });
  });
});

describe('several processes', () => {
  it('bring the store up to date once', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate()));
    expect(runs.map((steps) => steps.length).sort()).toEqual([0, 0, migrations.length]);
    expect(await db.collection('locks').countDocuments({})).toBe(0);
  });

  it('take over from one that died', async () => {
    const until = new Date(Date.now() + 1_500);
    await db.collection('locks').insertOne({ _id: 'migrations' as never, holder: 'dead', until });
    expect(await migrate()).toHaveLength(migrations.length);
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
  });
});

describe('starting', () => {
  let dataDir: string;
  let mongodbUri: string;
  let close: () => Promise<void>;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cairn-migrations-'));
    const engine = await startEmbedded({ file: join(dataDir, 'store.db'), database: 'cairn' });
    const connection = await connectStore(engine.uri);
    if (connection.db === undefined) throw new Error('not connected');
    await load(connection.db, old);
    await connection.collection('organizations').insertOne({ name: 'Hill School' });
    const entries = connection.collection('statusEntries');
    await entries.createIndex({ list: 1, index: 1 }, { unique: true }, {});
    await entries.createIndex({ credential: 1, purpose: 1 }, { unique: true }, {});
    mongodbUri = engine.uri;
    close = async () => {
      close = () => Promise.resolve();
      await connection.close();
      await engine.close();
    };
  });
  afterEach(async () => {
    await close();
    await rm(dataDir, { recursive: true });
  });
  /** On the store in the folder while nobody else has it. */
  const change = async (work: (on: Connection) => Promise<unknown>) => {
    const engine = await startEmbedded({ file: join(dataDir, 'store.db'), database: 'cairn' });
    const connection = await connectStore(engine.uri);
    await work(connection);
    await connection.close();
    await engine.close();
  };
  const places = { server: () => ({ mongodbUri }), file: () => ({}) };
  const open = (where: keyof typeof places) =>
    openStorage({ ...places[where](), dataDir, strict: true, log: silentLog });

  it('brings a store in the data folder up to date, and leaves no copy', async () => {
    await (await open('file')).close();
    expect((await readdir(dataDir)).filter((name) => name.includes('migration'))).toEqual([]);
    await (await open('server')).close();
  });

  it('keeps the copy of a change that failed from other accounts of the machine', async () => {
    await close();
    const options = { dataDir, strict: true, log: silentLog };
    await (await openStorage(options)).close();
    const words = { $set: { 'vocabulary.de.level': { one: 'Etappe', other: 'Etappen' } } };
    await change((store) => store.collection('organizations').updateMany({}, words));
    const migrations = await openMigrations(options);
    await expect(migrations.migrate({ to: 0 })).rejects.toMatchObject({
      code: 'store.migration_blocked',
    });
    await migrations.close();
    const { mode } = await stat(join(dataDir, 'store.db.before-migration'));
    expect(mode & 0o777).toBe(0o600);
  }, 30_000);

  it('asks for a person where older processes may still be at work', async () => {
    await expect(open('server')).rejects.toMatchObject({ code: 'store.migration_pending' });
    const doctor = await openMigrations({ mongodbUri, dataDir, strict: true, log: silentLog });
    await expect(doctor.assertStarts(await doctor.plan())).rejects.toMatchObject({
      code: 'store.migration_pending',
    });
    await doctor.close();
  });

  it('refuses a store that a newer version has changed, unless that says that this one can use it', async () => {
    await (await open('file')).close();
    const connection = await connectStore(mongodbUri);
    const newer = { _id: 99 as never, name: 'later', oldestCode: 99, state: 'done', at: now() };
    await connection.collection('migrations').insertOne(newer);
    await expect(open('file')).rejects.toMatchObject({ code: 'store.newer' });
    await expect(open('server')).rejects.toMatchObject({ code: 'store.newer' });
    await connection
      .collection('migrations')
      .updateOne({ _id: 99 as never }, { $set: { oldestCode: migrations.length } });
    await connection.close();
    await (await open('file')).close();
  });
});
