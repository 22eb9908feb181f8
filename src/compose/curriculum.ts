import type { AchievementService } from '../services/achievements.ts';
import { createArtService } from '../services/art.ts';
import type { AuditService } from '../services/audit.ts';
import { createCourseService } from '../services/courses.ts';
import { createCreditService } from '../services/credits.ts';
import { createGraduateProfileService } from '../services/graduate-profiles.ts';
import { createLearnerPathwayService } from '../services/learner-pathways.ts';
import { createPathwayService } from '../services/pathways.ts';
import { createProposalService } from '../services/proposals.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/open.ts';

type Base = Storage['stores'] & {
  readonly blobs: Storage['blobs'];
  readonly versions: AchievementService;
  readonly audit: AuditService;
  readonly now: Clock;
};

/** What schools make of achievements, and what learners propose. */
export function composeCurriculum(base: Base) {
  return {
    courses: createCourseService(base),
    pathways: createPathwayService(base),
    learnerPathways: createLearnerPathwayService(base),
    credits: createCreditService(base),
    graduateProfiles: createGraduateProfileService(base),
    proposals: createProposalService({ ...base, writing: base.versions }),
    art: createArtService(base),
  };
}
