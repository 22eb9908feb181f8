import { loadContexts } from '../../src/credentials/documents.ts';
import { maxAttempts, maxClaims } from '../../src/domain/awards.ts';
import { createIssuanceService } from '../../src/services/awards/issuances.ts';
import { ServiceError } from '../../src/shared/errors.ts';
import { noFault } from '../../src/shared/faults.ts';
import { newId, newRandomId } from '../../src/shared/ids.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { startAchievements } from '../support/achievements.ts';
import { silentLog } from '../support/log.ts';

type School = Awaited<ReturnType<typeof startAchievements>>;

describe('issuance', () => {
  let school: School;
  let achievement: string;

  beforeAll(async () => {
    school = await startAchievements();
    ({ id: achievement } = await school.published());
  });
  afterAll(async () => {
    await school.close();
  });

  /** A service as Cairn composes it, but for its keys, its clock and its doorbell. */
  function createService({ broken }: { broken: boolean }) {
    const { services, stores } = school;
    const time = { now: new Date() };
    const rung: string[] = [];
    const keys = {
      ...services.signingKeys,
      signerOf: broken
        ? () =>
            Promise.reject(new ServiceError('not-found', 'key.not_found', 'There is no such key.'))
        : services.signingKeys.signerOf,
    };
    const service = createIssuanceService({
      ...stores,
      keys,
      audit: services.audit,
      issuanceLog: services.issuanceLog,
      documents: loadContexts(),
      urls: createUrls('http://localhost:3000'),
      wake: (award) => Promise.resolve(rung.push(award)).then(() => undefined),
      assertClock: () => Promise.resolve(),
      log: silentLog,
      fault: noFault,
      now: () => time.now,
    });
    return { service, time, rung };
  }

  async function award() {
    const teacher = await school.as('teacher');
    const learner = await school.as('learner');
    const answer = await school
      .call('post', '/awards', teacher.key)
      .send({ learner: learner.id, achievement, narrative: 'Seen in class.' });
    expect(answer.status).toBe(202);
    return { id: (answer.body as { id: string }).id, learner, teacher };
  }

  const stateOf = async (id: string) =>
    (await school.call('get', `/issuances/${id}`)).body as {
      state: string;
      attempts: number;
      error?: { code: string };
      credential?: string;
    };

  it('is asked for with 202 and a place to look', async () => {
    const teacher = await school.as('teacher');
    const learner = await school.as('learner');
    const answer = await school
      .call('post', '/awards', teacher.key)
      .send({ learner: learner.id, achievement, narrative: 'Seen in class.' });

    const { id } = answer.body as { id: string };
    expect(answer.headers.location).toBe(`/api/v1/issuances/${id}`);
    expect((await stateOf(id)).state).toBe('requested');
  });

  it('signs once, however often and however parallel it is processed', async () => {
    const { id } = await award();
    const { service } = createService({ broken: false });

    await Promise.all([service.process(id), service.process(id), service.process(id)]);
    const { state, credential = '' } = await stateOf(id);
    const before = await school.call('get', `/credentials/${credential}`);
    await service.process(id);
    const after = await school.call('get', `/credentials/${credential}`);

    expect(state).toBe('issued');
    expect(after.body).toEqual(before.body);
  });

  it('that fails is tried again later and later, then waits for a person', async () => {
    const { id } = await award();
    const { service, time } = createService({ broken: true });

    await service.process(id);
    expect(await stateOf(id)).toMatchObject({
      state: 'requested',
      attempts: 1,
      error: { code: 'key.not_found' },
    });

    const { issuances } = school.stores;
    const waits: number[] = [];
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      const start = time.now.getTime();
      while (!(await issuances.listDue(time.now, 100)).some((due) => due.id === id)) {
        time.now = new Date(time.now.getTime() + 500);
      }
      waits.push((time.now.getTime() - start) / 1_000);
      await service.process(id);
    }

    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(await stateOf(id)).toMatchObject({ state: 'failed', attempts: maxAttempts });
    const failed = await school.call('get', '/issuances?state=failed');
    expect((failed.body as { items: { id: string }[] }).items.map((item) => item.id)).toContain(id);
    expect(await service.countFailed()).toBeGreaterThan(0);
  });

  it('of an approval that can never be signed ends where staff see it, at once', async () => {
    const learner = await school.as('learner');
    const { organization, services } = school;
    const award = newId();
    await services.awards.request(
      { kind: 'system', id: 'cairn', organization, roles: [] },
      {
        id: award,
        credential: newRandomId(),
        learner: learner.id,
        achievement,
        version: 1,
        source: { kind: 'review', submission: newId(), review: newId() },
        awardedBy: newId(),
        awardedAt: new Date(),
        evidence: [{ id: newRandomId(), name: 'A link', url: 'not an address' }],
        results: [],
      },
    );
    const { service } = createService({ broken: false });
    await service.process(award);

    expect(await stateOf(award)).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: { code: 'credential.not_conformant' },
    });
  });

  it('that failed is taken up again when a person says so', async () => {
    const { id } = await award();
    const broken = createService({ broken: true });
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      await broken.service.process(id);
      broken.time.now = new Date(broken.time.now.getTime() + 64_000);
    }
    expect((await stateOf(id)).state).toBe('failed');

    const retried = await school.call('post', `/issuances/${id}/retry`);
    expect(retried.status).toBe(202);
    expect(retried.body).toMatchObject({ state: 'requested', attempts: 0 });

    await createService({ broken: false }).service.process(id);
    const { state } = await stateOf(id);
    expect(state).toBe('issued');
    const again = await school.call('post', `/issuances/${id}/retry`);
    expect(again.body).toMatchObject({ status: 409, code: 'issuance.not_failed' });
  });

  it('whose signer died is taken over when its lease has run out, not before', async () => {
    const { id } = await award();
    const { issuances } = school.stores;
    const { service, time } = createService({ broken: false });
    await issuances.claim(id, time.now);

    await service.process(id);
    expect((await stateOf(id)).state).toBe('signing');

    time.now = new Date(time.now.getTime() + 4_999);
    await service.process(id);
    expect((await stateOf(id)).state).toBe('signing');

    time.now = new Date(time.now.getTime() + 1);
    expect(await issuances.listDue(time.now, 100)).toContainEqual({ id, priority: 'normal' });
    await service.process(id);
    expect((await stateOf(id)).state).toBe('issued');
  });

  it('that a queue has lost is missed after 2 seconds when the queue is idle, and after 60 anyhow', async () => {
    const { id } = await award();
    const { issuances } = school.stores;
    const { time } = createService({ broken: false });
    const isIn = async (list: typeof issuances.listDue, ms: number) =>
      (await list(new Date(time.now.getTime() + ms), 100)).some((one) => one.id === id);

    expect(await isIn(issuances.listDue, 0)).toBe(true);
    expect(await issuances.markQueued([id], time.now)).toBe(1);

    expect(await isIn(issuances.listLost, 1_999)).toBe(false);
    expect(await isIn(issuances.listLost, 2_000)).toBe(true);
    expect(await isIn(issuances.listDue, 59_999)).toBe(false);
    expect(await isIn(issuances.listDue, 60_000)).toBe(true);
    await issuances.claim(id, time.now);
    expect(await isIn(issuances.listLost, 2_000)).toBe(false);
    expect(await issuances.markQueued([id], time.now)).toBe(0);
  });

  it('at which one signer after the other dies is put aside', async () => {
    const { id } = await award();
    const { issuances } = school.stores;
    const { service, time } = createService({ broken: false });
    for (let death = 1; death <= maxClaims; death += 1) {
      expect(await issuances.claim(id, time.now)).toBeDefined();
      time.now = new Date(time.now.getTime() + 5_000);
    }
    await service.process(id);
    expect(await stateOf(id)).toMatchObject({
      state: 'failed',
      error: { code: 'issuance.signers_died' },
    });
  });

  it('is seen by staff and by its own learner only', async () => {
    const { id, learner } = await award();
    const other = await school.as('learner');

    expect((await school.call('get', `/issuances/${id}`, learner.key)).status).toBe(200);
    expect((await school.call('get', `/issuances/${id}`, other.key)).status).toBe(404);
    expect((await school.call('get', '/issuances', other.key)).status).toBe(403);
    expect((await school.call('post', `/issuances/${id}/retry`, learner.key)).status).toBe(403);
  });
});
