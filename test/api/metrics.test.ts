import request from 'supertest';
import { liveBusyDay } from '../support/busy-day.ts';
import { startCairn } from '../support/cairn.ts';
import { readMetrics, type Sample } from '../support/metrics.ts';
import { openSchool } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

let day: Awaited<ReturnType<typeof liveBusyDay>>;
let text: string;
let samples: readonly Sample[];
beforeAll(async () => {
  day = await liveBusyDay();
  text = (await ask(day.cairn.owner)).text;
  samples = readMetrics(text);
}, 60_000);
afterAll(() => day.cairn.close());

function ask(key?: string) {
  const question = request(day.cairn.app).get('/metrics');
  return key === undefined ? question : question.auth(key, { type: 'bearer' });
}

function valueOf(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  return samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

describe('GET /metrics', () => {
  it('is for owners and administrators only', async () => {
    const admin = await day.cairn.as('admin');
    expect((await ask(admin.key)).status).toBe(200);
    expect((await ask()).status).toBe(401);
    expect((await ask(day.learner.key)).status).toBe(403);
    expect((await ask(day.teacher.key)).status).toBe(403);
  });

  it('counts what was issued, signed, verified and decided', () => {
    expect(valueOf('cairn_issuance_duration_seconds_count')).toBe(1);
    expect(valueOf('cairn_signing_duration_seconds_count', { outcome: 'ok' })).toBeGreaterThan(1);
    const verified = (outcome: string) =>
      valueOf('cairn_verification_duration_seconds_count', { outcome });
    expect([verified('valid'), verified('invalid')]).toEqual([2, 2]);
    const events = (event: string) => valueOf('cairn_events_total', { event });
    expect(events('credential.issued')).toBe(1);
    expect(events('credential.revoked')).toBe(1);
    expect(events('key.rotated')).toBe(1);
    expect(events('issuance.failed')).toBe(0);
  });

  it('tells how the store and the requests did', () => {
    const found = valueOf('cairn_store_command_duration_seconds_count', { command: 'find' });
    expect(found).toBeGreaterThan(10);
    const posted = { method: 'POST', route: '/api/v1/submissions', status: '2xx' };
    expect(valueOf('cairn_http_request_duration_seconds_count', posted)).toBe(1);
  });

  it('tells what waits and how much room there is', () => {
    expect(valueOf('cairn_queue_depth')).toBe(0);
    expect(valueOf('cairn_outbox_size')).toBe(0);
    expect(valueOf('cairn_outbox_oldest_seconds')).toBe(0);
    expect(valueOf('cairn_issuances_failed')).toBe(0);
    expect(valueOf('cairn_data_free_bytes')).toBeGreaterThan(0);
  });

  it('names nobody: no name, no e-mail, no id, no key, whatever people and strangers did', () => {
    for (const secret of [...day.ids, ...day.words, ...day.keys])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toContain('@');
  });

  it('has no label that grows with what strangers write', async () => {
    const { app, owner } = day.cairn;
    const count = async () => readMetrics((await ask(owner)).text).length;
    const strange = async (round: number) => {
      const cased = '/api/v1'.replaceAll(/[a-z]/g, (letter, place: number) =>
        (round >> (place % 5)) % 2 === 0 ? letter : letter.toUpperCase(),
      );
      await request(app).get(`${cased}/organization`).auth(owner, { type: 'bearer' });
      await request(app).get(`/credentials/${round}`);
      await request(app).get(`/%2e${round}//x`);
      await request(app).post(`/v${round}`).send('');
    };
    for (let round = 0; round < 4; round += 1) await strange(round);
    await count();
    const before = await count();
    for (let round = 4; round < 24; round += 1) await strange(round);
    expect(await count()).toBe(before);
  });
});

it('the outbox is as old as what has waited longest', async () => {
  let time = Date.now();
  const cairn = await startCairn({ now: () => new Date(time) });
  try {
    const school = await openSchool(cairn);
    const achievement = await school.publish();
    for (let made = 0; made < 2; made += 1) {
      await school.call('post', '/awards').send({
        learner: (await cairn.as('learner')).id,
        achievement: achievement.id,
        narrative: 'In the workshop.',
        results: resultsAt(achievement, 1),
      });
      time += 60_000;
    }
    const answer = await request(cairn.app).get('/metrics').auth(cairn.owner, { type: 'bearer' });
    const waiting = readMetrics(answer.text).filter(({ name }) => name.startsWith('cairn_outbox'));
    expect(waiting).toMatchObject([
      { name: 'cairn_outbox_size', value: 2 },
      { name: 'cairn_outbox_oldest_seconds' },
    ]);
    // Its request is known to the second.
    expect(Math.floor(waiting[1]?.value ?? 0)).toBe(120);
  } finally {
    await cairn.close();
  }
});
