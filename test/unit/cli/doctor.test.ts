import { checkClock, checkOutbox } from '../../../src/cli/doctor/examine.ts';
import { look } from '../../../src/cli/doctor/finding.ts';
import { checkEnvironment, checkNode, describeRoom } from '../../../src/cli/doctor/surroundings.ts';
import { parseSettings } from '../../../src/config/settings.ts';

const judge = async (check: Parameters<typeof look>[1]) => {
  const { ok, note, detail } = await look('it', check);
  return { state: ok ? (note === true ? 'note' : 'ok') : 'wrong', detail };
};

describe('what doctor makes of', () => {
  it.each([
    ['18.20.0', 'wrong'],
    ['20.18.3', 'wrong'],
    ['20.19.0', 'note'],
    ['22.12.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('Node.js %s: %s', async (version, state) => {
    expect((await judge(() => checkNode(version))).state).toBe(state);
  });

  it.each([
    [100, 1_000_000, 'wrong'],
    [60_000, 1_000_000, 'wrong'],
    [90_000, 1_000_000, 'note'],
    [500_000, 1_000_000, 'ok'],
    [0, 0, 'wrong'],
  ])('%s blocks of %s: %s', async (bavail, blocks, state) => {
    expect((await judge(() => describeRoom({ bavail, blocks, bsize: 4_096 }))).state).toBe(state);
  });

  const now = new Date('2026-11-22T12:00:00Z');
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);

  it.each([
    [0, -5, 'ok'],
    [59, 59, 'ok'],
    [61, -5, 'wrong'],
    [-61, -5, 'wrong'],
    [0, 61, 'wrong'],
  ])("a store's clock %s s and a last decision %s s ahead: %s", async (store, last, state) => {
    const check = () => checkClock(after(store), [{}, { last: after(last) }], now);
    expect((await judge(check)).state).toBe(state);
  });

  it.each([
    [{ size: 0 }, 'ok'],
    [{ size: 3, oldest: after(-60) }, 'ok'],
    [{ size: 3, oldest: after(-61) }, 'wrong'],
  ])('an outbox of %j: %s', async (outbox, state) => {
    expect((await judge(() => checkOutbox(outbox, now))).state).toBe(state);
  });

  it.each([
    [{}, 'ok'],
    [{ CAIRN_URL: 'http://badges.school.example' }, 'note'],
    [
      {
        NODE_ENV: 'production',
        CAIRN_URL: 'https://badges.school.example',
        CAIRN_KEY_ENCRYPTION_KEY: 'ab'.repeat(32),
      },
      'ok',
    ],
  ])('the settings %j: %s', async (env, state) => {
    expect((await judge(() => checkEnvironment(parseSettings(env)))).state).toBe(state);
  });

  it('says what a worker has to do with it', async () => {
    const { detail } = await judge(() => checkOutbox({ size: 2, oldest: after(-90) }, now));
    expect(detail).toBe(
      '2 approvals wait for their signature, the first for 90 s: is a worker running (CAIRN_ROLES), and what does its log say?',
    );
  });
});
