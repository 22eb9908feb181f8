import { readFileSync } from 'node:fs';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { counts, foundSchool, type School } from '../support/frameworks.ts';
import { describeWithSharedData, sharedData } from '../support/shared-data.ts';

let cairn: TestCairn;
let school: School;

beforeAll(async () => {
  cairn = await startCairn();
});
beforeEach(async () => {
  school = await foundSchool(cairn);
});
afterAll(async () => {
  await cairn.close();
});

describeWithSharedData('published frameworks', () => {
  it.each([
    ['smarterbalanced-mockMATH.json', 585],
    ['smarterbalanced-mockHSMATH.json', 86],
    ['opensalt-framework-20c5134f.json', 16],
    ['compeito-opencase_round_trip_baseline.json', 36],
  ])(
    '%s comes in, and the second time nothing happens',
    async (file, count) => {
      const text = readFileSync(sharedData(`case/${file}`), 'utf8');
      const first = await school.reportOf(text);
      expect(counts(first)).toEqual([count, 0, 0, 0]);
      expect(first.warnings.length).toBeGreaterThan(0);

      const second = await school.reportOf(text);
      expect(counts(second)).toEqual([0, 0, 0, count]);
      expect(await school.standardsOf(second.framework.id, '?limit=200')).toHaveLength(
        Math.min(count, 200),
      );
    },
    30_000,
  );

  it('a sheet of OpenSALT comes in, too', async () => {
    const text = readFileSync(sharedData('case/opensalt-sample_case.csv'), 'utf8');
    expect(counts(await school.reportOf(text, '?title=OpenSALT'))).toEqual([10, 0, 0, 0]);
    expect(counts(await school.reportOf(text, '?title=OpenSALT'))).toEqual([0, 0, 0, 10]);
  });

  it('are searched in their own script', async () => {
    const text = readFileSync(
      sharedData('case/compeito-opencase_round_trip_baseline.json'),
      'utf8',
    );
    const { framework } = await school.reportOf(text);
    const found = await school.standardsOf(framework.id, `?q=${encodeURIComponent('機科学')}`);
    expect(found.map(({ code }) => code)).toContain('CS');
  });
});
