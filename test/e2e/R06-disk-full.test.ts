import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { openBadgeSchool } from '../support/badge.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { until } from '../support/store.ts';

// A disk of its own for the data folder, filled to the last block.

const disk = mkdtempSync(join(tmpdir(), 'cairn-disk-'));
const ballast = join(disk, 'ballast');
const canMount = mount();

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Takes every block that is free. */
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
}

afterAll(() => {
  if (canMount) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

(canMount ? describe : describe.skip)('R06: the disk is full (needs the right to mount)', () => {
  let cairn: TestCairn;
  let school: Awaited<ReturnType<typeof openBadgeSchool>>;
  let credential: string;
  let text: string;

  beforeAll(async () => {
    cairn = await startCairn({ env: { CAIRN_DATA_DIR: join(disk, 'data') } });
    school = await openBadgeSchool(cairn);
    credential = await school.award();
    await school.publish(credential);
    text = (await request(cairn.app).get(`/credentials/${credential}.json`)).text;
  }, 60_000);
  afterAll(async () => {
    await cairn.close();
  });

  const add = (name: string) =>
    request(cairn.app)
      .post('/api/v1/people')
      .auth(cairn.owner, { type: 'bearer' })
      .send({ name, email: `${name}@school.example`, roles: ['learner'] });
  const upload = () =>
    request(cairn.app)
      .post('/api/v1/files')
      .auth(cairn.owner, { type: 'bearer' })
      .attach('file', Buffer.alloc(500_000, 'text '), 'essay.txt');

  it('nothing more is taken, and what is there is read, shown and verified', async () => {
    fill();
    const taken: string[] = [];
    await until(async () => {
      const name = `before-${taken.length}`;
      const { status } = await add(name);
      if (status === 201) taken.push(name);
      else expect(status).toBe(507);
      return status === 507;
    }, 60_000);

    const refused = await add('while-full');
    expect(refused.status).toBe(507);
    expect(refused.body).toMatchObject({ code: 'store.full' });
    const file = await upload();
    expect({ status: file.status, code: (file.body as { code: string }).code }).toEqual({
      status: 507,
      code: 'store.full',
    });

    const page = await request(cairn.app)
      .get(`/credentials/${credential}`)
      .set('Accept', 'text/html');
    expect(page.status).toBe(200);
    const again = await request(cairn.app).get(`/credentials/${credential}.json`);
    expect(again.text).toBe(text);
    expect((await cairn.services.verification.verify(text)).outcome).toBe('valid');

    rmSync(ballast);
    expect((await add('after')).status).toBe(201);
    expect((await upload()).status).toBe(201);
    await school.revoke(credential);
    expect((await cairn.services.verification.verify(text)).outcome).toBe('revoked');

    const { items } = (
      await request(cairn.app).get('/api/v1/people?limit=100').auth(cairn.owner, { type: 'bearer' })
    ).body as { items: readonly { name: string }[] };
    const names = items.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...taken, 'after']));
    expect(names).not.toContain('while-full');
    expect(await cairn.cairn.storage.verify()).toEqual([]);
    const audit = await cairn.services.audit.verify();
    expect(audit.filter(({ fault }) => fault !== undefined)).toEqual([]);
  }, 120_000);
});
