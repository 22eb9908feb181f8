import { findWeekStart, type LearnerWeek, type Week } from '../../domain/digests.ts';
import { summarizeFlag } from '../../domain/letters/letters.ts';
import type { Letters, WeekWords } from '../../domain/letters/types.ts';
import { sharesNames } from '../../domain/mentoring.ts';
import type { Person } from '../../domain/people.ts';
import type { Scope } from '../../domain/roles.ts';
import { groupBy } from '../../shared/group.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { MentorshipStore } from '../../storage/mentorships.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';

export interface WeekSource {
  readonly people: Pick<PersonStore, 'findMany'>;
  readonly submissions: Pick<SubmissionStore, 'listUnfinished'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly supportFlags: Pick<SupportFlagStore, 'listOf'>;
  readonly mentorships: Pick<MentorshipStore, 'listOpenOf'>;
  readonly achievements: Pick<AchievementStore, 'findMany'>;
}

type DescribeWeek = (learner: Person, letters: Letters) => LearnerWeek;

/** Everything about these learners' week, in as many queries as for one of them. */
export async function loadWeeks(
  source: WeekSource,
  scope: Scope,
  learners: readonly Person[],
  week: Week,
): Promise<DescribeWeek> {
  const ids = learners.map(({ id }) => id);
  const describeCare = week.isOver ? () => [] : await loadCare(source, scope, learners);
  const [work, held] = await Promise.all([
    source.submissions.listUnfinished(scope, ids),
    source.awards.listHeld(scope, ids),
  ]);
  const named = [...work.flatMap(({ decisions }) => decisions), ...[...held.values()].flat()].map(
    ({ achievement }) => achievement,
  );
  const nameOf = await loadNames(source, scope, named);
  const workOf = groupBy(work, ({ learner }) => learner);
  const start = findWeekStart(week.end);
  const isInWeek = (at: Date | undefined) => at !== undefined && at >= start && at < week.end;
  const namesOf = (all: readonly { readonly achievement: string }[]) => [
    ...new Set(all.flatMap(({ achievement }) => nameOf(achievement) ?? [])),
  ];

  function describeWork(id: string): Omit<WeekWords, 'stuck'> {
    const own = (workOf.get(id) ?? []).filter(({ state }) => state !== 'withdrawn');
    const read = week.isOver ? [] : own.filter(({ state }) => state === 'submitted');
    const earned = (held.get(id) ?? []).filter(({ awardedAt }) => isInWeek(awardedAt));
    const isEarned = (wanted: string) => earned.some(({ achievement }) => achievement === wanted);
    return {
      submitted: namesOf(
        own.filter(({ submittedAt }) => isInWeek(submittedAt)).flatMap((one) => one.decisions),
      ),
      inReview: namesOf(
        read.flatMap((one) => one.decisions.filter(({ state }) => state === 'pending')),
      ),
      earned: namesOf(earned),
      // What came back and was approved in the same week waits for nobody any more.
      returned: own
        .flatMap(({ reviews }) => reviews)
        .filter(({ decision, at }) => decision === 'revise' && isInWeek(at))
        .filter(({ achievement }) => !isEarned(achievement))
        .map((one) => ({ name: nameOf(one.achievement) ?? '', feedback: one.feedback ?? '' })),
    };
  }

  return (learner, letters) => ({
    learner: learner.id,
    name: learner.name,
    words: { ...describeWork(learner.id), stuck: describeCare(learner, letters) },
  });
}

/** Where these learners need help, and who helps. */
async function loadCare(
  source: WeekSource,
  scope: Scope,
  learners: readonly Person[],
): Promise<(learner: Person, letters: Letters) => readonly string[]> {
  const ids = learners.map(({ id }) => id);
  const [all, asked] = await Promise.all([
    source.supportFlags.listOf(scope, ids),
    source.mentorships.listOpenOf(scope, ids, 'learner'),
  ]);
  const flags = all.filter(({ state }) => state !== 'resolved');
  const helped = asked.filter(({ state }) => state === 'accepted');
  const helpers = [...flags.map(({ owner }) => owner), ...helped.map(({ mentor }) => mentor)];
  const [people, nameOf] = await Promise.all([
    source.people.findMany(scope, [...new Set(helpers.flatMap((id) => id ?? []))]),
    loadNames(source, scope, [
      ...flags.flatMap(({ achievement, previous }) => [achievement ?? [], previous ?? []].flat()),
      ...helped.map(({ achievement }) => achievement),
    ]),
  ]);
  const find = (id: string | undefined) => people.find((one) => one.id === id);

  return (learner, letters) => [
    ...flags
      .filter((flag) => flag.learner === learner.id)
      .map((flag) =>
        summarizeFlag(letters, flag, {
          achievement: nameOf(flag.achievement),
          previous: nameOf(flag.previous),
          owner: find(flag.owner)?.name,
        }),
      ),
    ...helped
      .filter((one) => one.learner === learner.id)
      .flatMap((one) => {
        const mentor = find(one.mentor);
        const isNamed = sharesNames(one, learner.adult && mentor?.adult === true);
        if (mentor === undefined || !isNamed) return [];
        const what = nameOf(one.achievement);
        return [
          what === undefined ? letters.helper(mentor.name) : letters.mentor(mentor.name, what),
        ];
      }),
  ];
}

async function loadNames(
  { achievements }: Pick<WeekSource, 'achievements'>,
  scope: Scope,
  ids: readonly string[],
): Promise<(id: string | undefined) => string | undefined> {
  const found = await achievements.findMany(scope, [...new Set(ids)]);
  const names = new Map(found.map(({ id, draft }) => [id, draft.name]));
  return (id) => names.get(id ?? '');
}
