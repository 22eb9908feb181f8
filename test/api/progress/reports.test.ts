import { startCairn, type TestCairn } from '../../support/cairn.ts';
import {
  openMasterySchool,
  type MasterySchool,
  type Member,
} from '../../support/mastery-school.ts';
import type { PublishedAchievement } from '../../support/school.ts';
import { resultsAt } from '../../support/submissions.ts';

// Every figure is worked out by hand from this table. T and U are the readers; times are UTC, 2 November is a Monday.
//
//   achievement  learner  handed in   decided            takes
//   Tests        Ada      2nd  8:00   T 2nd 10:00 revise   2 h
//                         3rd  8:00   T 3rd 12:00 approve  4 h
//   Tests        Ben      2nd  8:00   U 3rd  8:00 approve 24 h
//   Tests        Cem      2nd  8:00   T 2nd 18:00 decline 10 h
//   Maps         Ada      4th  8:00   U 4th  9:30 approve  1.5 h
//   Graphs is earned by nobody; “Draft” was never published, “Old” was retired.
//   Ada's Maps is revoked on Tuesday the 10th.

let time = Date.parse('2026-11-01T12:00:00Z');
let cairn: TestCairn;
let school: MasterySchool;
let ada: Member;
let readers: Readonly<Record<'t' | 'u', Member>>;
let achievements: Readonly<Record<'tests' | 'maps' | 'graphs', PublishedAchievement>>;
let schoolClass: string;

const on = (day: number, clock: string) => {
  time = Date.parse(`2026-11-${String(day).padStart(2, '0')}T${clock}:00Z`);
};

beforeAll(async () => {
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openMasterySchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  const [standard, other] = school.standards;
  const publish = (name: string) => school.publish({ name, standards: [standard] });
  achievements = {
    tests: await publish('Tests'),
    maps: await publish('Maps'),
    graphs: await publish('Graphs'),
  };
  await school.draft({ name: 'Draft', standards: [other] });
  const old = await school.publish({ name: 'Old', standards: [other] });
  await school.call('post', `/achievements/${old.id}/retire`);
  readers = { t: await cairn.as('teacher'), u: await cairn.as('teacher') };
  ada = await cairn.as('learner');
  await judge(ada, await cairn.as('learner'), await cairn.as('learner'));
});
afterAll(async () => {
  await cairn.close();
});

async function judge(ada: Member, ben: Member, cem: Member): Promise<void> {
  const { tests, maps } = achievements;
  const { t, u } = readers;
  on(2, '08:00');
  const [first, second, third] = [
    await school.handIn(ada, [tests]),
    await school.handIn(ben, [tests]),
    await school.handIn(cem, [tests]),
  ];
  on(2, '10:00');
  await school.review(first, tests, 0, t.key);
  on(2, '18:00');
  await decline(third, tests, t);
  on(3, '08:00');
  await school.call('post', `/submissions/${first}/submit`, ada.key);
  await school.review(second, tests, 1, u.key);
  on(3, '12:00');
  await school.review(first, tests, 1, t.key);
  on(4, '08:00');
  const last = await school.handIn(ada, [maps]);
  on(4, '09:30');
  await school.review(last, maps, 1, u.key);
  await cairn.cairn.dispatcher.sweep();
  await cairn.cairn.queue.drained();
  on(10, '09:00');
  await revoke(ada, maps);
  schoolClass = await makeClass([ada.id, ben.id]);
  on(12, '09:00');
}

async function decline(submission: string, achievement: PublishedAchievement, reader: Member) {
  const answer = await school.call('post', `/submissions/${submission}/reviews`, reader.key).send({
    ...{ achievement: achievement.id, decision: 'decline', feedback: 'Not this.' },
    results: resultsAt(achievement, 0),
  });
  if (answer.status !== 201) throw new Error(answer.text);
}

async function revoke(learner: Member, achievement: PublishedAchievement) {
  const path = `/credentials?learner=${learner.id}&achievement=${achievement.id}`;
  const { items } = await school.bodyOf<{ items: { id: string }[] }>(path);
  const [credential] = items;
  const answer = await school
    .call('post', `/credentials/${credential?.id}/revoke`)
    .send({ reason: 'Copied' });
  if (answer.status !== 204) throw new Error(answer.text);
}

async function makeClass(learners: readonly string[]): Promise<string> {
  const made = await school.call('post', '/classes').send({ name: '4b', learners });
  return (made.body as { id: string }).id;
}

interface Report {
  readonly standards?: number;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}
const november = (from: string, to: string) => `from=2026-11-${from}:00Z&to=2026-11-${to}:00Z`;
const report = (name: string, query = '') => school.bodyOf<Report>(`/reports/${name}?${query}`);

describe('review times', () => {
  it('are the median and the ninth tenth, the slowest first', async () => {
    // Tests: 2, 4, 10, 24. Of four values the 2nd is the median, and the 4th (3.6 rounded up) the ninth tenth.
    expect((await report('review-times')).items).toEqual([
      { id: achievements.tests.id, name: 'Tests', reviews: 4, medianHours: 4, p90Hours: 24 },
      { id: achievements.maps.id, name: 'Maps', reviews: 1, medianHours: 1.5, p90Hours: 1.5 },
    ]);
    // T: 2, 4, 10. U: 1.5, 24, of which the 1st is the median.
    expect((await report('review-times', 'by=reviewer')).items).toEqual([
      { id: readers.t.id, reviews: 3, medianHours: 4, p90Hours: 10 },
      { id: readers.u.id, reviews: 2, medianHours: 1.5, p90Hours: 24 },
    ]);
  });

  it.each([
    // The first moment belongs to the period, the last one does not.
    ['02T08:00', '02T10:00', []],
    ['02T10:00', '02T18:00', [[1, 2, 2]]],
    ['02T10:00', '02T18:01', [[2, 2, 10]]],
    ['03T00:00', '04T00:00', [[2, 4, 24]]],
  ])('of a period, %s to %s, are of the reviews in it', async (from, to, expected) => {
    const { items } = await report('review-times', november(from, to));
    expect(items.map((one) => [one.reviews, one.medianHours, one.p90Hours])).toEqual(expected);
  });
});

describe('what comes back', () => {
  it('is counted by decision and round', async () => {
    const [tests, maps] = [achievements.tests.id, achievements.maps.id];
    const none = { returned: 0, again: 0, metAtOnce: 0, metLater: 0, declined: 0 };
    expect((await report('resubmissions')).items).toEqual([
      // Of four decisions one sent work back: 0.25. Ben met it at once, Ada in her second round; Cem's was declined.
      {
        ...{ id: tests, name: 'Tests', decided: 4, returnedShare: 0.25 },
        ...{ returned: 1, again: 1, metAtOnce: 1, metLater: 1, declined: 1 },
      },
      { ...none, id: maps, name: 'Maps', decided: 1, returnedShare: 0, metAtOnce: 1 },
    ]);
    const third = await report('resubmissions', november('03T00:00', '04T00:00'));
    expect(third.items).toEqual([
      {
        ...{ ...none, id: tests, name: 'Tests', decided: 2, returnedShare: 0 },
        ...{ again: 1, metAtOnce: 1, metLater: 1 },
      },
    ]);
  });
});

describe('what nobody earns', () => {
  it.each([
    ['02T00:00', '03T08:00', ['Graphs', 'Maps', 'Tests']],
    ['02T00:00', '04T09:30', ['Graphs', 'Maps']],
    ['02T00:00', '12T00:00', ['Graphs']],
    ['04T00:00', '12T00:00', ['Graphs', 'Tests']],
  ])('is what could be earned, %s to %s', async (from, to, expected) => {
    const { items } = await report('achievements-nobody-earns', november(from, to));
    expect(items.map(({ name }) => name).sort()).toEqual(expected);
  });
});

describe('standards without achievements', () => {
  it('are those that nothing published points at', async () => {
    // S.1 has three achievements. For S.2 there is a draft, and one that was retired.
    const query = `framework=${school.framework}`;
    expect(await report('standards-without-achievements', query)).toMatchObject({
      standards: 2,
      items: [{ code: 'S.2' }],
    });
  });
});

describe('history', () => {
  // Ada handed in Tests twice and Maps once, got Tests back once and earned both; then Maps was revoked.
  const first = { earned: 2, revoked: 0, submitted: 3, returned: 1 };
  const second = { earned: 0, revoked: 1, submitted: 0, returned: 0 };

  it('of a learner is told by week, from Monday on, and by month', async () => {
    expect(await school.bodyOf(`/learners/${ada.id}/history`)).toEqual({
      items: [
        { start: '2026-11-02', ...first },
        { start: '2026-11-09', ...second },
      ],
    });
    expect(await school.bodyOf(`/learners/${ada.id}/history?by=month`)).toEqual({
      items: [{ start: '2026-11-01', ...first, revoked: 1 }],
    });
  });

  it('of a class is that of its learners together', async () => {
    // With Ben, who handed in once and earned Tests.
    expect(await school.bodyOf(`/classes/${schoolClass}/history`)).toEqual({
      items: [
        { start: '2026-11-02', ...first, earned: 3, submitted: 4 },
        { start: '2026-11-09', ...second },
      ],
    });
  });

  it.each([
    ['03T11:59', 'in_review', 'open'],
    ['03T12:00', 'held', 'open'],
    ['04T09:29', 'held', 'in_review'],
    ['04T09:30', 'held', 'held'],
    ['10T08:59', 'held', 'held'],
    ['10T09:00', 'held', 'open'],
  ])('is what the map of a past moment is made of: %s', async (moment, tests, maps) => {
    interface Map {
      readonly frameworks: readonly {
        readonly levels: readonly {
          readonly achievements: readonly { readonly id: string; readonly state: string }[];
        }[];
      }[];
    }
    const path = `/learners/${ada.id}/progress?asOf=2026-11-${moment}:00Z`;
    const { frameworks } = await school.bodyOf<Map>(path);
    const cells = frameworks.flatMap(({ levels }) => levels.flatMap((one) => one.achievements));
    const stateOf = ({ id }: PublishedAchievement) => cells.find((one) => one.id === id)?.state;
    expect([stateOf(achievements.tests), stateOf(achievements.maps)]).toEqual([tests, maps]);
  });
});
