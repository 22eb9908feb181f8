import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import request from 'supertest';
import { createApp } from '../../src/app.ts';
import { compose } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { unavailableMs } from '../../src/domain/awards.ts';
import type { Actor } from '../../src/domain/roles.ts';
import { createHealth } from '../../src/observability/health.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { silentLog } from '../support/log.ts';
import { makeDataDir } from '../support/process.ts';
import { openSchool, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';
import { startTransit, type Transit } from '../support/transit.ts';

// A school whose keys are in a signing service, and one that moves there.

let transit: Transit;
let data: Awaited<ReturnType<typeof makeDataDir>>;
beforeEach(async () => {
  transit = await startTransit();
  data = await makeDataDir();
});
afterEach(async () => {
  await transit.close();
  await data.remove();
});

const environment = () => ({
  NODE_ENV: 'test',
  CAIRN_URL: 'http://localhost:3000',
  CAIRN_DATA_DIR: data.path,
});

const withTransit = () => ({
  ...environment(),
  CAIRN_KEY_DRIVER: 'transit',
  CAIRN_TRANSIT_URL: transit.url,
  CAIRN_TRANSIT_TOKEN: transit.state.token,
});

type Services = TestCairn['services'];

/** A new award for somebody new. */
async function award(cairn: TestCairn, school: School): Promise<string> {
  const achievement = await school.publish({ name: `Badge ${randomBytes(4).toString('hex')}` });
  const answer = await school.call('post', '/awards').send({
    learner: (await cairn.as('learner')).id,
    achievement: achievement.id,
    narrative: 'In the workshop.',
    results: resultsAt(achievement, 1),
  });
  return (answer.body as { id: string }).id;
}

/** Signs the award; what became of it, and what verification says of both forms. */
async function issue(services: Services, operator: Actor, id: string) {
  await services.issuances.process(id);
  const { issuance } = await services.issuances.get(operator, id);
  const outcomes =
    issuance.state === 'issued' ? await verify(services, operator, issuance.credential) : [];
  return { issuance, outcomes };
}

async function verify({ credentials, verification }: Services, operator: Actor, id: string) {
  const { document, jwt } = await credentials.get(operator, id);
  const results = [await verification.verify(document), await verification.verify(jwt)];
  return results.map(({ outcome }) => outcome);
}

const bothValid = ['valid', 'valid'];

describe('a school whose keys are in a signing service', () => {
  it('issues, rotates and reports a stolen key, and has no key of its own', async () => {
    const cairn = await startCairn({ env: withTransit() });
    const { services } = cairn;
    const operator = await services.organizations.operator();
    const school = await openSchool(cairn);

    const first = await issue(services, operator, await award(cairn, school));
    expect(first.outcomes).toEqual(bothValid);
    const made = await services.signingKeys.rotate(operator);
    expect(made.map(({ driver }) => driver)).toEqual(['transit', 'transit']);
    const second = await issue(services, operator, await award(cairn, school));
    expect(second.outcomes).toEqual(bothValid);
    expect(second.issuance.keys).not.toEqual(first.issuance.keys);
    await services.signingKeys.compromise(operator, second.issuance.keys.jwt, {
      at: new Date(0),
      reason: 'The service was broken into.',
    });
    const third = await issue(services, operator, await award(cairn, school));
    expect(third.outcomes).toEqual(bothValid);
    expect(await verify(services, operator, second.issuance.credential)).toEqual([
      'valid',
      'invalid',
    ]);
    expect(await verify(services, operator, first.issuance.credential)).toEqual(bothValid);

    expect(transit.keys.size).toBe(5);
    expect(await readdir(data.path)).not.toContain('key-encryption-key');
    await cairn.close();
  });

  it('waits while the service is sealed, says so, and goes on when it is not', async () => {
    let ahead = 0;
    const cairn = await startCairn({
      env: withTransit(),
      now: () => new Date(Date.now() + ahead),
    });
    const { services } = cairn;
    const operator = await services.organizations.operator();
    const id = await award(cairn, await openSchool(cairn));
    const health = createHealth({ keys: services.signingKeys.selfTest });
    const app = createApp(cairn.cairn, health);
    expect((await request(app).get('/readyz')).status).toBe(200);

    transit.state.trouble = 'sealed';
    const { issuance } = await issue(services, operator, id);
    expect(issuance).toMatchObject({
      state: 'requested',
      error: {
        code: 'key.signer_unreachable',
        message: 'The signing service is sealed or not ready.',
      },
    });
    const later = createApp(cairn.cairn, createHealth({ keys: services.signingKeys.selfTest }));
    expect((await request(later).get('/readyz')).body).toMatchObject({
      checks: { keys: 'failed' },
    });
    const did = await request(app).get(`/issuers/${operator.organization}/did.json`);
    expect(did.status).toBe(200);

    transit.state.trouble = undefined;
    ahead = unavailableMs;
    expect((await issue(services, operator, id)).outcomes).toEqual(bothValid);
    await cairn.close();
  });

  it('publishes nothing that the service signed wrongly: no badge, no status list, no checkpoint', async () => {
    let ahead = 0;
    const cairn = await startCairn({
      env: withTransit(),
      now: () => new Date(Date.now() + ahead),
    });
    const { services } = cairn;
    const operator = await services.organizations.operator();
    const id = await award(cairn, await openSchool(cairn));
    for (const trouble of ['wrong signature', 'other key'] as const) {
      transit.state.trouble = trouble;
      ahead += unavailableMs;
      const { issuance } = await issue(services, operator, id);
      expect(issuance).toMatchObject({
        state: 'requested',
        error: { code: 'key.wrong_signature' },
      });
      await expect(services.credentials.get(operator, issuance.credential)).rejects.toMatchObject({
        kind: 'not-found',
      });
      await expect(services.statusLists.getSigned(issuance.status.list)).rejects.toMatchObject({
        code: 'key.wrong_signature',
      });
      await expect(services.issuanceLog.listCheckpoints()).rejects.toMatchObject({
        code: 'key.wrong_signature',
      });
    }
    await cairn.close();
  });
});

it('a school moves to a signing service: what was promised and what was issued before stays good', async () => {
  const before = await startCairn({ env: environment() });
  const operator = await before.services.organizations.operator();
  const school = await openSchool(before);
  const old = await issue(before.services, operator, await award(before, school));
  const promised = await award(before, school);
  await before.close();

  const cairn = await compose(parseSettings(withTransit()), { log: silentLog });
  const { services } = cairn;
  await services.signingKeys.selfTest();
  await services.signingKeys.rotate(operator);
  const drivers = (await services.signingKeys.listAll()).map(({ driver, state }) => [
    driver,
    state,
  ]);
  expect(drivers).toEqual([
    ['file', 'retired'],
    ['file', 'retired'],
    ['transit', 'active'],
    ['transit', 'active'],
  ]);
  expect(await verify(services, operator, old.issuance.credential)).toEqual(bothValid);
  const kept = await issue(services, operator, promised);
  expect(kept.outcomes).toEqual(bothValid);
  expect(kept.issuance.keys).toEqual(old.issuance.keys);
  await cairn[Symbol.asyncDispose]();

  const back = await compose(parseSettings(environment()), { log: silentLog });
  await expect(back.services.signingKeys.selfTest()).rejects.toMatchObject({
    code: 'key.driver_missing',
    message: expect.stringContaining('CAIRN_TRANSIT_URL') as unknown,
  });
  await back[Symbol.asyncDispose]();
});
