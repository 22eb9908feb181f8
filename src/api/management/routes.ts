import type { AchievementService } from '../../services/achievements/achievements.ts';
import type { ApiKeyService } from '../../services/school/api-keys.ts';
import type { ArtService } from '../../services/curriculum/art.ts';
import type { AuditService } from '../../services/audit.ts';
import type { AwardImportService } from '../../services/awards/award-imports.ts';
import type { AwardService } from '../../services/awards/awards.ts';
import type { CalibrationService } from '../../services/calibration/calibration.ts';
import type { ClassService } from '../../services/school/classes.ts';
import type { ConsentService } from '../../services/school/consents.ts';
import type { ContextService } from '../../services/verification/contexts.ts';
import type { CourseService } from '../../services/curriculum/courses.ts';
import type { CreditService } from '../../services/curriculum/credits.ts';
import type { CredentialService } from '../../services/credentials/credentials.ts';
import type { CredentialStatusService } from '../../services/credentials/credential-status.ts';
import type { DigestService } from '../../services/letters/digests.ts';
import type { ErasureService } from '../../services/erasure/erasures.ts';
import type { GraduateProfileService } from '../../services/curriculum/graduate-profiles.ts';
import type { IssuanceService } from '../../services/awards/issuances.ts';
import type { MentorOfferService } from '../../services/help/mentor-offers.ts';
import type { MentorshipService } from '../../services/help/mentorships.ts';
import type { NormingService } from '../../services/calibration/norming.ts';
import type { OrganizationService } from '../../services/school/organizations.ts';
import type { LearnerPathwayService } from '../../services/curriculum/learner-pathways.ts';
import type { PathwayService } from '../../services/curriculum/pathways.ts';
import type { PersonService } from '../../services/school/people.ts';
import type { ProposalService } from '../../services/curriculum/proposals.ts';
import type { ReviewQueue } from '../../services/submissions/review-queue.ts';
import type { ReviewService } from '../../services/submissions/reviews.ts';
import type { SubmissionService } from '../../services/submissions/submissions.ts';
import type { SupportFlagService } from '../../services/help/support-flags.ts';
import type { Urls } from '../../shared/urls.ts';
import type { Route } from '../route.ts';
import { achievementRoutes } from './achievements.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { artRoutes } from './art.ts';
import { awardImportRoutes } from './award-imports.ts';
import { awardRoutes } from './awards.ts';
import { calibrationRoutes } from './calibration.ts';
import { classRoutes } from './classes.ts';
import { consentRoutes } from './consents.ts';
import { contextRoutes } from './contexts.ts';
import { courseRoutes } from './courses.ts';
import { credentialRoutes } from './credentials.ts';
import { digestRoutes } from './digests.ts';
import { frameworkRoutes, type FrameworkServices } from './frameworks.ts';
import { graduateProfileRoutes } from './graduate-profile.ts';
import { mentoringRoutes } from './mentoring.ts';
import { levelRuleRoutes, type LevelServices } from './level-rules.ts';
import { organizationRoutes } from './organization.ts';
import { creditRoutes } from './credits.ts';
import { learnerPathwayRoutes, pathwayRoutes } from './pathways.ts';
import { personRoutes } from './people.ts';
import { progressRoutes, type ProgressServices } from './progress.ts';
import { proposalRoutes } from './proposals.ts';
import { reviewRoutes } from './reviews.ts';
import { submissionRoutes } from './submissions.ts';
import { supportFlagRoutes } from './support-flags.ts';

export interface ManagementServices extends FrameworkServices, LevelServices, ProgressServices {
  readonly classes: ClassService;
  readonly organizations: OrganizationService;
  readonly audit: AuditService;
  readonly apiKeys: ApiKeyService;
  readonly contexts: ContextService;
  readonly people: PersonService;
  readonly erasures: ErasureService;
  readonly achievements: AchievementService;
  readonly courses: CourseService;
  readonly pathways: PathwayService;
  readonly learnerPathways: LearnerPathwayService;
  readonly credits: CreditService;
  readonly graduateProfiles: GraduateProfileService;
  readonly proposals: ProposalService;
  readonly art: ArtService;
  readonly submissions: SubmissionService;
  readonly reviews: ReviewService;
  readonly reviewQueue: ReviewQueue;
  readonly awards: AwardService;
  readonly awardImports: AwardImportService;
  readonly issuances: IssuanceService;
  readonly credentials: CredentialService;
  readonly credentialStatus: CredentialStatusService;
  readonly supportFlags: SupportFlagService;
  readonly mentorOffers: MentorOfferService;
  readonly mentorships: MentorshipService;
  readonly consents: ConsentService;
  readonly calibration: CalibrationService;
  readonly digests: DigestService;
  readonly norming: NormingService;
}

/** Every call of `/api/v1`, in the order of the reference page. */
export function managementRoutes(services: ManagementServices, urls: Urls): readonly Route[] {
  return [
    ...organizationRoutes(services),
    ...apiKeyRoutes(services.apiKeys),
    ...contextRoutes(services.contexts),
    ...personRoutes(services),
    ...frameworkRoutes(services),
    ...levelRuleRoutes(services),
    ...achievementRoutes(services.achievements),
    ...courseRoutes(services.courses),
    ...pathwayRoutes(services.pathways),
    ...learnerPathwayRoutes(services.learnerPathways),
    ...creditRoutes(services.credits),
    ...graduateProfileRoutes(services.graduateProfiles),
    ...proposalRoutes(services.proposals),
    ...artRoutes(services.art),
    ...submissionRoutes(services.submissions),
    ...reviewRoutes(services),
    ...awardRoutes(services),
    ...awardImportRoutes(services.awardImports),
    ...credentialRoutes({ ...services, urls }),
    ...supportFlagRoutes(services.supportFlags),
    ...classRoutes(services.classes),
    ...progressRoutes(services),
    ...mentoringRoutes(services),
    ...consentRoutes(services.consents),
    ...calibrationRoutes(services),
    ...digestRoutes(services.digests),
  ];
}
