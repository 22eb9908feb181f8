import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let made: readonly [Made, Made];
let boss: Made;
let level: Made;

/** One of two, and the boss. */
beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  const [one, two] = await school.many(['Fair tests', 'Graphs']);
  if (one === undefined || two === undefined) throw new Error('not made');
  made = [one, two];
  boss = await school.boss('Field study');
  level = await school.levelOf(1);
  await switchTo({});
});
afterAll(async () => {
  await cairn.close();
});

async function switchTo(changes: object) {
  const rule = school.rule(made, level, {
    preponderance: { minCount: 1 },
    boss: { achievements: [boss.id], require: 'all' },
    ...changes,
  });
  const saved = await school.call('put', school.ruleAt(1)).send(rule);
  expect(saved.status).toBe(200);
  await school.settle();
}

const revoke = (id: string) =>
  school.call('post', `/credentials/${id}/revoke`).send({ reason: 'Copied' });

async function revokeOf(learner: string, { id }: Made) {
  for (const one of await school.credentialsOf(learner, id)) {
    if (one.state !== 'revoked') expect((await revoke(one.id)).status).toBeLessThan(300);
  }
  await school.settle();
}

const liveOf = async (learner: string) =>
  (await school.credentialsOf(learner, level.id)).filter(({ state }) => state !== 'revoked');

const flaggedOf = async (learner: string) => {
  const { items } = (await school.call('get', '/level-rules/flagged')).body as {
    items: { id: string; learner: string; open: boolean }[];
  };
  return items.filter((one) => one.learner === learner);
};

const waitingOf = async (learner: string) => {
  const { items } = (await school.call('get', '/level-rules/waiting')).body as {
    items: { learner: string; why: string }[];
  };
  return items.filter((one) => one.learner === learner);
};

describe('a boss', () => {
  it('is open to those who are ready, and says what is missing to the others', async () => {
    const learner = await cairn.as('learner');
    const work = {
      achievements: [boss.id],
      evidence: [{ name: 'Report', narrative: 'What I did.' }],
    };
    const early = await school.call('post', '/submissions', learner.key).send(work);
    expect([early.status, early.body]).toMatchObject([409, { code: 'boss.not_ready' }]);
    expect((early.body as { detail: string }).detail).toContain('1 of Fair tests, Graphs');
    await school.earn(learner.id, [made[0]]);
    const later = await school.call('post', '/submissions', learner.key).send(work);
    expect(later.status).toBe(201);
  });

  it('is awarded out of turn by a lead who says why, and not by a sheet', async () => {
    const learner = await cairn.as('learner');
    expect((await school.award(learner.id, boss)).body).toMatchObject({ code: 'boss.not_ready' });
    const sheet = `learner,achievement,narrative,criterion: Done\n${learner.id},${boss.id},Seen,Met\n`;
    const report = await school.call('post', '/awards/import').type('text/csv').send(sheet);
    expect(JSON.stringify(report.body)).toContain('boss.not_ready');
    const overrideReason = 'Did it at their last school';
    const teacher = await cairn.as('teacher');
    const refused = await school
      .call('post', '/awards', teacher.key)
      .send({ learner: learner.id, achievement: boss.id, narrative: 'Seen.', overrideReason });
    expect(refused.body).toMatchObject({ code: 'award.no_override' });
    expect((await school.award(learner.id, boss, { overrideReason })).status).toBe(202);
    const small = await school.award(learner.id, made[0], { overrideReason });
    expect(small.body).toMatchObject({ code: 'award.nothing_to_override' });
  });
});

describe('a level', () => {
  it('is not awarded by hand, nor by a sheet', async () => {
    const learner = await cairn.as('learner');
    expect((await school.award(learner.id, level)).body).toMatchObject({
      code: 'award.level_by_rule',
    });
    const sheet = `learner,achievement,narrative\n${learner.id},${level.id},Seen\n`;
    const report = await school.call('post', '/awards/import').type('text/csv').send(sheet);
    expect(JSON.stringify(report.body)).toContain('award.level_by_rule');
  });

  it('is flagged when its support is revoked, and the flag ends when it is earned again', async () => {
    const learner = await cairn.as('learner');
    await school.earn(learner.id, [made[0]]);
    await school.earn(learner.id, [boss]);
    expect(await liveOf(learner.id)).toHaveLength(1);
    await revokeOf(learner.id, made[0]);
    expect(await liveOf(learner.id)).toHaveLength(1);
    expect(await flaggedOf(learner.id)).toMatchObject([{ open: true }]);
    await school.earn(learner.id, [made[1]]);
    expect(await flaggedOf(learner.id)).toEqual([]);
  });

  it('is kept or revoked by a person with a reason; once revoked it waits for a person', async () => {
    const learner = await cairn.as('learner');
    await school.earn(learner.id, [made[0]]);
    await school.earn(learner.id, [boss]);
    await revokeOf(learner.id, made[0]);
    const [flag] = await flaggedOf(learner.id);
    const path = `/level-rules/flagged/${flag?.id ?? ''}/resolve`;
    const silent = await school.call('post', path).send({ decision: 'keep' });
    expect(silent.status).toBe(400);
    const kept = await school.call('post', path).send({ decision: 'keep', reason: 'Shown orally' });
    expect(kept.body).toMatchObject({ open: false, decision: 'kept', state: 'live' });
    const again = await school.call('post', path).send({ decision: 'keep', reason: 'Twice' });
    expect([again.status, again.body]).toMatchObject([409, { code: 'flag.resolved' }]);
    await revokeOf(learner.id, boss);
    const [second] = await flaggedOf(learner.id);
    const gone = await school
      .call('post', `/level-rules/flagged/${second?.id ?? ''}/resolve`)
      .send({ decision: 'revoke', reason: 'Both are gone' });
    expect(gone.body).toMatchObject({ open: false, state: 'revoked' });
    await school.settle();
    await school.earn(learner.id, [made[0]]);
    await school.earn(learner.id, [boss]);
    expect(await liveOf(learner.id)).toEqual([]);
    expect(await waitingOf(learner.id)).toMatchObject([{ why: 'revoked' }]);
    const certify = await school
      .call('post', `${school.ruleAt(1)}/certify`)
      .send({ learner: learner.id });
    expect(certify.status).toBe(202);
    await school.settle();
    expect(await liveOf(learner.id)).toHaveLength(1);
    expect(await waitingOf(learner.id)).toEqual([]);
  });

  it('waits for a person where the rule says so, and is certified when it does not any more', async () => {
    await switchTo({ certify: 'by-person' });
    const [one, two] = [await cairn.as('learner'), await cairn.as('learner')];
    for (const { id } of [one, two]) {
      await school.earn(id, [made[0]]);
      await school.earn(id, [boss]);
    }
    expect(await waitingOf(one.id)).toMatchObject([{ why: 'by-person' }]);
    const certify = (learner: string) =>
      school.call('post', `${school.ruleAt(1)}/certify`).send({ learner });
    const both = await Promise.all([certify(one.id), certify(one.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    const stranger = await cairn.as('learner');
    const early = await certify(stranger.id);
    expect([early.status, early.body]).toMatchObject([409, { code: 'level.not_reached' }]);
    await switchTo({ certify: 'by-rule' });
    expect([await liveOf(one.id), await liveOf(two.id)]).toMatchObject([[{}], [{}]]);
    expect(await waitingOf(two.id)).toEqual([]);
  });
});
