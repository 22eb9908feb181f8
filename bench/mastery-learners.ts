import { newId, newRandomId } from '../src/shared/ids.ts';
import type { BenchAchievement, Curriculum, Document, Insert } from './mastery-curriculum.ts';

const perLearner = 30;
const perClass = 30;

/** Each with 30 awards, half of them by review of work that was sent back once, in classes of 30. */
export async function addLearners(
  insert: Insert,
  organization: string,
  { achievements }: Curriculum,
  count: number,
) {
  const skills = achievements.filter(({ kind }) => kind !== 'level');
  const learners: string[] = [];
  const classes: Document[] = [];
  for (let start = 0; start < count; start += perClass) {
    const size = Math.min(perClass, count - start);
    const ids = Array.from({ length: size }, () => newId());
    await insert(
      'people',
      ids.map((_id, n) => buildPerson(organization, _id, start + n)),
    );
    const work = ids.flatMap((learner, n) =>
      Array.from({ length: perLearner }, (_, k) => {
        const achievement = skills[((start + n) * 7 + k * 13) % skills.length];
        return achievement === undefined ? [] : [buildWork(organization, learner, achievement, k)];
      }).flat(),
    );
    await insert(
      'awards',
      work.map(({ award }) => award),
    );
    await insert(
      'submissions',
      work.flatMap(({ submission }) => submission ?? []),
    );
    const createdAt = new Date();
    classes.push({
      ...{ _id: newId(), organization, name: `Class ${start}`, teachers: [], learners: ids },
      ...{ createdAt, updatedAt: createdAt },
    });
    learners.push(...ids);
  }
  await insert('classes', classes);
  return { learners, classes: classes.map(({ _id }) => _id) };
}

function buildPerson(organization: string, _id: string, n: number): Document {
  return {
    ...{ _id, organization, name: `Learner ${n} Example`, roles: ['learner'] },
    ...{ guardianOf: [], adult: false, createdAt: new Date('2024-09-01T08:00:00Z') },
  };
}

const day = 86_400_000;

function buildWork(
  organization: string,
  learner: string,
  achievement: BenchAchievement,
  k: number,
) {
  const at = new Date(Date.parse('2025-01-01T09:00:00Z') + k * 12 * day);
  const [award, review, submission] = [newId(), newId(), newId()];
  const judge = (rank: number) =>
    achievement.rubric.map(({ id, levels }) => ({
      ...{ id: newRandomId(), criterion: id, level: levels[rank]?.id },
    }));
  const evidence = [{ id: newRandomId(), name: 'Report', narrative: 'What I did. '.repeat(40) }];
  const results = judge(2 + (k % 2));
  const isReviewed = k % 2 === 0;
  const credential = newRandomId();
  const target = { achievement: achievement.id, version: 1 };
  const status = { list: newRandomId(), index: k };
  return {
    award: {
      ...{ _id: award, organization, learner, ...target, results, evidence, state: 'live' },
      source: isReviewed ? { kind: 'review', submission, review } : { kind: 'direct' },
      ...{ awardedBy: 'bench', awardedAt: at },
      issuance: {
        ...{ state: 'issued', attempts: 1, credential, status, requestedAt: at, issuedAt: at },
        keys: { dataIntegrity: newRandomId(), jwt: newRandomId() },
      },
    } as Document,
    submission: isReviewed
      ? ({
          ...{ _id: submission, organization, learner, state: 'decided', round: 2, evidence },
          decisions: [
            { ...target, state: 'approved', review, award, credential, settled: 'requested' },
          ],
          earlierEvidence: [{ round: 1, evidence }],
          reviews: [1, 2].map((round) => ({
            ...{ id: round === 2 ? review : newId(), ...target, round, reviewer: 'bench' },
            ...{ reviewerKind: 'person', decision: round === 2 ? 'approve' : 'revise' },
            ...{ results: round === 2 ? results : judge(1), feedback: 'Say why.' },
            at: new Date(at.getTime() - (2 - round) * 3 * day),
          })),
          ...{ audited: 2, revision: 6, due: false, submittedAt: new Date(at.getTime() - day) },
          handedIn: [5, 1].map((days) => new Date(at.getTime() - days * day)),
          ...{ createdAt: new Date(at.getTime() - 6 * day), updatedAt: at },
        } as Document)
      : undefined,
  };
}
