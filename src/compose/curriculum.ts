import type { AchievementService } from '../services/achievements/achievements.ts';
import { createArtService } from '../services/curriculum/art.ts';
import type { AuditService } from '../services/audit.ts';
import { createCourseService } from '../services/curriculum/courses.ts';
import { createCreditService } from '../services/curriculum/credits.ts';
import { createGraduateProfileService } from '../services/curriculum/graduate-profiles.ts';
import { createLearnerPathwayService } from '../services/curriculum/learner-pathways.ts';
import { createPathwayService } from '../services/curriculum/pathways.ts';
import { createProposalService } from '../services/curriculum/proposals.ts';
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
