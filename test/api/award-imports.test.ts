import type { AwardImportReport } from '../../src/services/awards/award-imports.ts';
import { createAwardImportService } from '../../src/services/awards/award-imports.ts';
import { newId } from '../../src/shared/ids.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { silentLog } from '../support/log.ts';
import { startAchievements, type ShownCriterion } from '../support/achievements.ts';

type School = Awaited<ReturnType<typeof startAchievements>>;

let school: School;
let achievement: { id: string; name: string; rubric: readonly ShownCriterion[] };
let teacher: { id: string; key: string };

beforeAll(async () => {
  school = await startAchievements();
  achievement = await school.published();
  teacher = await school.as('teacher');
});
afterAll(async () => {
  await school.close();
});

const header = 'learner,achievement,narrative,criterion: Reasoning';

async function addLearner(details: object = {}) {
  const answer = await school
    .call('post', '/people')
    .send({ name: 'Ada', roles: ['learner'], ...details });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

const send = (sheet: string, query = '', key = teacher.key) =>
  school.call('post', `/awards/import${query}`, key).type('text/csv').send(sheet);

async function reportOf(sheet: string, query = ''): Promise<AwardImportReport> {
  const answer = await send(sheet, query);
  expect([answer.status, answer.text.slice(0, 500)]).toEqual([200, expect.anything()]);
  return answer.body as AwardImportReport;
}

/** What the audit log says was awarded: `award:{id}`. */
async function listMade(): Promise<readonly string[]> {
  const events = (await school.bodyOf('/audit-events?limit=200')).items as unknown as {
    action: string;
    subject: string;
  }[];
  return events.filter(({ action }) => action === 'award.made').map(({ subject }) => subject);
}

const newestAward = async () => (await school.bodyOf('/issuances?limit=1')).items[0]?.id;

describe('a sheet of awards', () => {
  it('has no more columns than a person can look after', async () => {
    const columns = (count: number) =>
      Array.from({ length: count }, (_, index) => `criterion: ${index}`).join(',');
    const wide = `learner,achievement,${columns(199)}\nAda,Adding${','.repeat(199)}`;
    const refused = await send(wide);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'sheet.too_many_columns' });
    const full = `learner,achievement,${columns(198)}\nAda,Adding${','.repeat(198)}`;
    expect((await reportOf(full, '?dryRun=true')).rows).toHaveLength(1);
  });

  it('awards each row, whoever and whatever it names, in a way that can be signed', async () => {
    const byId = await addLearner();
    await addLearner({ email: 'Grace@School.example' });
    await addLearner({ sourcedId: 'sis-77' });
    const report = await reportOf(
      [
        `${header},evidence url,evidence name,remark`,
        `${byId},${achievement.id},"In class, twice",met,,,x`,
        ` grace@school.EXAMPLE ,${achievement.name},,Beyond,https://work.example/a b,Her film,`,
        'sis-77,Adding,"He said ""why""\nand how",,,,',
        ',,,,,,',
        '',
      ].join('\r\n'),
    );

    expect(report).toMatchObject({ dryRun: false, total: 3, awarded: 3, failed: 0 });
    expect(report.notUsed).toEqual(['remark']);
    expect(report.rows.map(({ line }) => line)).toEqual([2, 3, 4]);
    for (const { issuance = '' } of report.rows) await school.services.issuances.process(issuance);
    const [, grace] = report.rows;
    const issued = await school.bodyOf(`/issuances/${grace?.issuance ?? ''}`);
    const { credential } = issued as unknown as { credential: string };
    const { document } = (await school.call('get', `/credentials/${credential}`)).body as {
      document: string;
    };
    expect(JSON.stringify(document)).toContain('https://work.example/a%20b');
    const award = await school.stores.awards.find(
      { organization: school.organization } as never,
      grace?.issuance ?? '',
    );
    expect(award).toMatchObject({
      source: { kind: 'import' },
      awardedBy: teacher.id,
      evidence: [{ name: 'Her film' }],
    });
    expect(award?.results).toMatchObject([{ level: achievement.rubric[0]?.levels[2]?.id }]);
  });

  it.each([
    ['semicolons', ';', '\n', ''],
    ['tabs', '\t', '\r\n', ''],
    ['a byte order mark', ',', '\r\n', '\uFEFF'],
  ])('may come with %s', async (_what, separator, end, mark) => {
    const id = await addLearner();
    const rows = [
      ['E-Mail', 'Badge', 'Why'],
      [id, achievement.name, 'Seen, twice; really'].map((cell) => `"${cell}"`),
    ];
    const sheet = mark + rows.map((row) => row.join(separator)).join(end);
    expect(await reportOf(sheet)).toMatchObject({ awarded: 1, notUsed: [] });
  });

  it('again awards nothing twice, and a longer one only what is new', async () => {
    const first = await addLearner();
    const second = await addLearner();
    const sheet = `${header}\n${first},Adding,Seen,\n`;
    const [{ issuance } = { issuance: '' }] = (await reportOf(sheet)).rows;
    expect(await reportOf(sheet)).toMatchObject({
      awarded: 0,
      alreadyAwarded: 1,
      rows: [{ line: 2, outcome: 'alreadyAwarded', issuance }],
    });
    expect(await reportOf(`${sheet}${second},Adding,Seen,\n`)).toMatchObject({
      awarded: 1,
      alreadyAwarded: 1,
    });
  });

  it('tried ten times at once makes one award of each row, and one line in the audit log', async () => {
    const learners = await Promise.all(Array.from({ length: 12 }, () => addLearner()));
    const sheet = [header, ...learners.map((id) => `${id},Adding,Seen,`)].join('\n');
    const reports = await Promise.all(Array.from({ length: 10 }, () => reportOf(sheet)));
    expect(reports.reduce((sum, { awarded }) => sum + awarded, 0)).toBe(12);
    const ids = new Set(reports.flatMap(({ rows }) => rows.map(({ issuance }) => issuance)));
    expect(ids.size).toBe(12);
    expect(
      (await listMade()).filter((subject) => ids.has(subject.slice('award:'.length))),
    ).toHaveLength(12);
    expect((await school.services.audit.verify()).map(({ fault }) => fault)).toEqual([undefined]);
  });

  it('with the same Idempotency-Key answers the same', async () => {
    const id = await addLearner();
    const ask = () => send(`${header}\n${id},Adding,Seen,\n`).set('Idempotency-Key', 'sheet-1');
    const first = await ask();
    const second = await ask();
    expect(first.body).toMatchObject({ awarded: 1 });
    expect(second.body).toEqual(first.body);
  });

  it.each(['import.judged', 'import.written', 'import.audited'] as const)(
    'that was cut short at %s is completed by the same sheet',
    async (point) => {
      const id = await addLearner();
      const sheet = `${header}\n${id},Adding,Seen,\n`;
      const cut = createAwardImportService({
        ...school.stores,
        achievements: school.services.achievements,
        keys: school.services.signingKeys,
        statusLists: school.services.statusLists,
        audit: school.services.audit,
        bossGate: { findClosed: () => Promise.resolve(new Map()) },
        wakeMany: () => Promise.resolve(),
        urls: createUrls('http://localhost:3000'),
        log: silentLog,
        fault: (reached) => {
          if (reached === point) throw new Error('the process died here');
        },
        now: () => new Date(),
      });
      const { organization } = school;
      const actor = { kind: 'person', id: teacher.id, organization, roles: ['teacher'] } as const;
      await expect(cut.importSheet(actor, sheet)).rejects.toThrow('died');

      const { rows } = await reportOf(sheet);
      const subjects = rows.map(({ issuance }) => `award:${issuance ?? ''}`);
      expect((await listMade()).filter((subject) => subjects.includes(subject))).toEqual(subjects);
    },
  );
});

describe('a sheet with rows that are not right', () => {
  it('awards nothing, and says of each row what is wrong', async () => {
    const good = await addLearner();
    const boss = await school.published({
      name: 'Boss',
      kind: 'boss',
      standards: school.standards.slice(0, 2),
    });
    await school.published({ name: 'Twins' });
    await school.published({ name: 'Twins' });
    const other = await addLearner({ sourcedId: good });
    const [third, fourth, fifth, sixth, seventh] = await Promise.all(
      Array.from({ length: 5 }, () => addLearner()),
    );
    const bad = [
      [`nobody@school.example,Adding,Seen,`, 'learner', 'learner.not_found'],
      [`${teacher.id},Adding,Seen,`, 'learner', 'learner.not_found'],
      [`${good},Adding,Seen,`, 'learner', 'learner.ambiguous'],
      [`${other},Nothing,Seen,`, 'achievement', 'achievement.not_found'],
      [`${other},adding,Seen,`, 'achievement', 'achievement.not_found'],
      [`${other},Twins,Seen,`, 'achievement', 'achievement.ambiguous'],
      [`${other},${boss.id},Seen,Met`, 'achievement', 'award.second_reader_needed'],
      [`${third ?? ''},Adding,,Met`, 'narrative', 'award.no_grounds'],
      [`${fourth ?? ''},Adding,Hello {{ name }},`, 'narrative', 'text.unusable'],
      [`${fifth ?? ''},Adding,${'x'.repeat(16_001)},`, 'narrative', 'text.too_long'],
      [`${sixth ?? ''},Adding,Seen,Great`, 'criterion: Reasoning', 'result.unknown_level'],
      [`${seventh ?? ''},Adding,Seen,Not yet`, 'criterion: Reasoning', 'award.below_required'],
      [`${other},Adding,Seen`, undefined, 'row.cells'],
      [`,Adding,Seen,`, 'learner', 'learner.missing'],
      [`${other},,Seen,`, 'achievement', 'achievement.missing'],
    ] as const;
    const sheet = [header, ...bad.map(([row]) => row), `${await addLearner()},Adding,Seen,`];
    const before = await newestAward();
    const answer = await send(sheet.join('\n'));

    expect([answer.status, answer.type]).toEqual([422, 'application/problem+json']);
    const report = answer.body as AwardImportReport & { code: string; detail: string };
    expect(report).toMatchObject({ code: 'award_import.bad_rows', awarded: 0, failed: bad.length });
    const told = report.rows.flatMap(({ line, issues = [] }) =>
      issues.map(({ column, code }) => [line, column, code]),
    );
    expect(told).toEqual(bad.map(([_row, column, code], index) => [index + 2, column, code]));
    for (const { message } of report.rows.flatMap(({ issues = [] }) => issues))
      expect(message.length).toBeGreaterThan(10);
    expect(report.rows.at(-1)?.outcome).toBe('ready');
    expect(await newestAward()).toBe(before);
  });

  it('awards the good ones when told to skip the others', async () => {
    const good = await addLearner();
    const sheet = `${header}\n${good},Adding,Seen,\nnobody,Adding,Seen,\n${good},Adding,Again,\n`;
    const before = await newestAward();
    const dry = await reportOf(sheet, '?dryRun=true');
    expect(dry).toMatchObject({ dryRun: true, total: 3, awarded: 1, failed: 2 });
    expect(dry.rows[2]?.issues).toMatchObject([{ code: 'row.repeated' }]);
    expect(await newestAward()).toBe(before);

    const report = await reportOf(sheet, '?skipBad=true');
    expect(report).toMatchObject({ total: 3, awarded: 1, failed: 2 });
    expect(await newestAward()).toBe(report.rows[0]?.issuance);
  });

  it.each([
    ['without learners', 'name,achievement\nA,B\n', 'sheet.no_learners'],
    ['without achievements', 'learner\nA\n', 'sheet.no_achievements'],
    ['with a column twice', 'learner,student,achievement\nA,B,C\n', 'sheet.column_twice'],
    ['without rows', 'learner,achievement\n', 'sheet.empty'],
    ['that is empty', '', 'sheet.no_learners'],
    ['with a broken quotation', 'learner,achievement\n"A,B\n', 'sheet.malformed'],
    ['that is not UTF-8', 'learner,achievement\n\uFFFD,B\n', 'sheet.not_utf8'],
    ['with too many rows', `learner,achievement\n${'a,b\n'.repeat(10_001)}`, 'sheet.too_many_rows'],
  ])('%s is refused', async (_what, sheet, code) => {
    expect((await send(sheet)).body).toMatchObject({ status: 400, code });
  });

  it('is refused when it is too large, or no sheet at all', async () => {
    const huge = await send(`learner,achievement\n${'x'.repeat(10 * 1_048_576)}`);
    expect(huge.body).toMatchObject({ status: 413, code: 'request.too_large' });
    const json = await school.call('post', '/awards/import', teacher.key).send({});
    expect(json.body).toMatchObject({ status: 400, code: 'request.wrong_type' });
  });

  it('of another school names nobody and nothing here', async () => {
    const learner = await addLearner();
    const { services } = school;
    const other = { kind: 'system', id: 'cairn', organization: newId(), roles: [] } as const;
    await expect(
      services.awardImports.importSheet(other, `${header}\n${learner},Adding,Seen,\n`),
    ).rejects.toMatchObject({ code: 'organization.not_found' });
  });

  it('is refused to learners', async () => {
    const learner = await school.as('learner');
    const answer = await send(`${header}\n${learner.id},Adding,Seen,\n`, '', learner.key);
    expect(answer.body).toMatchObject({ status: 403, code: 'role.not_allowed' });
  });
});

it('a sheet of hundreds of rows is awarded once each', async () => {
  const count = 600;
  const { organization, stores } = school;
  for (let n = 0; n < count; n += 1) {
    await stores.people.add({
      ...{ id: newId(), organization, name: `Learner ${n}`, email: `l${n}@school.example` },
      ...{ roles: ['learner'], guardianOf: [], adult: false, createdAt: new Date() },
    });
  }
  const rows = Array.from({ length: count }, (_, n) => `l${n}@school.example,Adding,Seen,Met`);
  const report = await reportOf([header, ...rows].join('\n'));
  expect(report).toMatchObject({ total: count, awarded: count });
  expect(new Set(report.rows.map(({ issuance }) => issuance)).size).toBe(count);
  expect((await school.services.audit.verify()).map(({ fault }) => fault)).toEqual([undefined]);
}, 60_000);
