import { invalid, ServiceError, type Issue } from '../shared/errors.ts';
import type { AchievementVersion } from './achievements.ts';
import { checkResults, decideRubric } from './rubrics.ts';

/** What a learner says about their own work for one achievement, before anybody else does. Never in a credential. */
export interface SelfAssessment {
  readonly achievement: string;
  readonly version: number;
  /** The round that it was handed in with. */
  readonly round: number;
  readonly results: readonly SelfResult[];
}

export interface SelfResult {
  readonly criterion: string;
  readonly level: string;
  readonly comment?: string;
}

export interface SelfAssessmentInput {
  readonly achievement: string;
  readonly results: readonly {
    readonly criterion: string;
    readonly level: string;
    readonly comment?: string | undefined;
  }[];
}

type Judged = Pick<
  AchievementVersion,
  'achievement' | 'number' | 'name' | 'rubric' | 'evidencePolicy'
>;

/**
 * What was written, held against the rubrics that the work is judged by.
 * @throws ServiceError `submission.bad_self_assessment`
 */
export function buildSelfAssessments(
  input: readonly SelfAssessmentInput[],
  versions: readonly Judged[],
  round: number,
): readonly SelfAssessment[] {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const built = input.flatMap(({ achievement, results }, index): readonly SelfAssessment[] => {
    const path = `selfAssessment.${index}`;
    const version = versions.find((one) => one.achievement === achievement);
    if (version === undefined || seen.has(achievement)) {
      const message = seen.has(achievement)
        ? 'is named twice'
        : 'is not what this is handed in for';
      issues.push({ path: `${path}.achievement`, message });
      return [];
    }
    seen.add(achievement);
    for (const issue of checkResults(version.rubric, results)) {
      issues.push({ path: `${path}.${issue.path}`, message: issue.message });
    }
    return [{ achievement, version: version.number, round, results: results.map(toResult) }];
  });
  if (issues.length === 0) return built;
  const message = 'The self-assessment does not fit what is handed in.';
  throw invalid('submission.bad_self_assessment', message, issues);
}

function toResult({ criterion, level, comment }: SelfAssessmentInput['results'][number]) {
  return { criterion, level, ...(comment === undefined ? {} : { comment }) };
}

/**
 * Where an achievement asks for it, every criterion has to be assessed before the work is handed in.
 * @throws ServiceError `submission.self_assessment_missing`
 */
export function assertAssessed(
  assessments: readonly SelfAssessment[],
  versions: readonly Judged[],
  round: number,
): void {
  const issues = versions
    .filter(({ evidencePolicy }) => evidencePolicy.selfAssessment === true)
    .filter(({ achievement, rubric }) => {
      const own = assessments.find((one) => one.achievement === achievement && one.round === round);
      return own === undefined || decideRubric(rubric, own.results).missing.length > 0;
    })
    .map(({ name }) => ({
      path: 'selfAssessment',
      message: `must judge every criterion of ${name}`,
    }));
  if (issues.length === 0) return;
  const message = 'Say first how you see your own work.';
  throw new ServiceError('unprocessable', 'submission.self_assessment_missing', message, {
    issues,
  });
}
