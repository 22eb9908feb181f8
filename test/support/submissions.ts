import type { AchievementVersion } from '../../src/domain/achievements.ts';
import type { Actor, Role } from '../../src/domain/roles.ts';
import type { Criterion } from '../../src/domain/rubrics.ts';
import type { Evidence } from '../../src/domain/evidence.ts';
import { buildSubmission, type Submission } from '../../src/domain/submissions.ts';
import { newId, newRandomId } from '../../src/shared/ids.ts';

export const someTime = new Date('2026-11-22T09:00:00Z');

export const makeIds = { record: () => newId(), random: newRandomId };

export function buildActor(role: Role, changes: Partial<Actor> = {}): Actor {
  return { kind: 'person', id: newId(), organization: 'school', roles: [role], ...changes };
}

/** A criterion with three levels, of which the second is required. */
function buildCriterion(name: string): Criterion {
  const levels = ['Not yet', 'Met', 'Beyond'].map((level) => ({ id: newRandomId(), name: level }));
  return { id: newRandomId(), name, levels, requiredLevel: levels[1]?.id ?? '' };
}

export function buildVersion(changes: Partial<AchievementVersion> = {}): AchievementVersion {
  return {
    achievement: newId(),
    organization: 'school',
    number: 1,
    kind: 'microcredential',
    name: 'Fair tests',
    description: 'Plans and runs a fair test.',
    criteria: 'Show a plan and what came of it.',
    standards: [],
    level: 1,
    rubric: [buildCriterion('Plan'), buildCriterion('Conclusion')],
    evidencePolicy: { minItems: 1 },
    image: { kind: 'template', shape: 'circle', color: '#225588', icon: 'star' },
    tags: [],
    alignments: [],
    publishedAt: someTime,
    ...changes,
  };
}

/** Results that find every criterion of the rubric at the level with this index. */
export function resultsAt({ rubric }: Pick<AchievementVersion, 'rubric'>, level: 0 | 1 | 2) {
  return rubric.map((criterion) => ({
    criterion: criterion.id,
    level: criterion.levels[level]?.id ?? '',
  }));
}

export function buildEvidence(narrative = 'What I did.'): Evidence {
  return { id: newRandomId(), name: 'Report', narrative };
}

export function buildDraft(
  versions: readonly AchievementVersion[],
  changes: Partial<Submission> = {},
): Submission {
  const draft = buildSubmission({
    id: newId(),
    organization: 'school',
    learner: 'learner',
    targets: versions.map(({ achievement, number }) => ({ achievement, version: number })),
    evidence: [buildEvidence()],
    now: someTime,
  });
  return { ...draft, ...changes };
}
