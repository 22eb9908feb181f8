import type { AuditService } from '../services/audit.ts';
import { createCourseService } from '../services/courses.ts';
import type { VersionLists } from '../services/known-achievements.ts';
import { createPathwayService } from '../services/pathways.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/open.ts';

type Base = Storage['stores'] & {
  readonly versions: VersionLists;
  readonly audit: AuditService;
  readonly now: Clock;
};

/** What schools make of achievements. */
export function composeCurriculum(base: Base) {
  return {
    courses: createCourseService(base),
    pathways: createPathwayService(base),
  };
}
