import type { ArtService } from '../services/curriculum/art.ts';
import type { AuditService } from '../services/audit.ts';
import { createClassService } from '../services/school/classes.ts';
import { createCatalogueService } from '../services/progress/catalogue.ts';
import { createChartPictures } from '../services/progress/chart-pictures.ts';
import { createChartService } from '../services/progress/charts.ts';
import { createHistoryService } from '../services/progress/history.ts';
import { createLadder } from '../services/progress/ladder.ts';
import { createLearnerPlanService } from '../services/progress/estimate-overrides.ts';
import { createMatrixService } from '../services/progress/matrix.ts';
import { createProgressService } from '../services/progress/progress.ts';
import { createReportService } from '../services/progress/reports.ts';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/open.ts';

type Base = Omit<Storage['stores'], 'art'> & {
  readonly blobs: Storage['blobs'];
  readonly art: ArtService;
  readonly audit: AuditService;
  readonly now: Clock;
};

/** Who is where, and how it came about. */
export function composeProgress(base: Base) {
  const catalogue = createCatalogueService(base);
  const parts = { ...base, catalogue, ladder: createLadder(base) };
  const progress = createProgressService(parts);
  return {
    classes: createClassService(base),
    progress,
    charts: createChartService({ progress, pictures: createChartPictures(base) }),
    matrices: createMatrixService(parts),
    history: createHistoryService(parts),
    reports: createReportService({ ...parts, reports: base.reports }),
    learnerPlans: createLearnerPlanService(parts),
  };
}
