import { findGates } from '../domain/support-facts.ts';
import type { Scope } from '../domain/roles.ts';
import type { AuditService } from '../services/audit.ts';
import type { AchievementVersions } from '../services/awards/awards.ts';
import type { ConsentCheck } from '../services/school/consent-check.ts';
import { createCalibrationService } from '../services/calibration/calibration.ts';
import { createConsentService } from '../services/school/consents.ts';
import type { CredentialService } from '../services/credentials/credentials.ts';
import { createDigestJob } from '../services/letters/digest-job.ts';
import { createDigestService } from '../services/letters/digests.ts';
import { createLetterDelivery } from '../services/letters/letter-delivery.ts';
import { createLetterMails } from '../services/letters/letter-mails.ts';
import { createLetterSender, type Outgoing } from '../services/letters/letter-sender.ts';
import { createLetterStopService } from '../services/letters/letter-stops.ts';
import { createJobService } from '../services/jobs.ts';
import type { LevelRuleService } from '../services/levels/level-rules.ts';
import { createMentorOfferService } from '../services/help/mentor-offers.ts';
import { createMentorshipService } from '../services/help/mentorships.ts';
import { createNormingService } from '../services/calibration/norming.ts';
import { createSupportFlagService } from '../services/help/support-flags.ts';
import { createSupportJob } from '../services/help/support-job.ts';
import type { Clock } from '../shared/clock.ts';
import type { Fault } from '../shared/faults.ts';
import type { Log } from '../shared/log.ts';
import type { Urls } from '../shared/urls.ts';
import type { Storage } from '../storage/open.ts';

type Base = Omit<Storage['stores'], 'levelRules' | 'credentials'> & {
  readonly audit: AuditService;
  readonly levelRules: LevelRuleService;
  readonly versions: AchievementVersions;
  readonly credentials: CredentialService;
  readonly consentCheck: ConsentCheck;
  readonly outgoing: Outgoing | undefined;
  readonly urls: Urls;
  readonly fault: Fault;
  readonly log: Log;
  readonly now: Clock;
};

/** Support flags, mentors, what guardians agree to, and what comes back by itself. */
export function composeHelp(base: Base) {
  const support = createSupportJob({
    ...base,
    findGates: (scope) => loadGates(base.levelRules, scope),
  });
  const letters = createDigestJob({ ...base, isMailed: base.outgoing !== undefined });
  const letterMails = createLetterMails(base);
  const letterDelivery = createLetterDelivery({ ...base, letterMails });
  const offers = createMentorOfferService(base);
  return {
    supportFlags: createSupportFlagService({ ...base, isAsked: base.mentorships.isAsked }),
    mentorOffers: offers,
    mentorships: createMentorshipService({ ...base, offers }),
    consents: createConsentService({ ...base, closers: findClosers(base) }),
    calibration: createCalibrationService(base),
    norming: createNormingService(base),
    digests: createDigestService(base),
    letterSender: createLetterSender({ ...base, letterDelivery }),
    letterStops: createLetterStopService(base),
    jobs: createJobService({ ...base, jobs: [support, letters] }),
  };
}

/** What rests on each kind of consent, and ends with it. */
function findClosers({ credentials, mentorOffers, mentorships, now }: Base) {
  return {
    public: [credentials.closeAllOf],
    mentoring: [
      mentorOffers.removeOf,
      (scope: Scope, person: string) => mentorships.closeAllOf(scope, person, now()),
    ],
    share: [],
    digest: [],
  };
}

async function loadGates(levelRules: LevelRuleService, scope: Scope) {
  const rules = await levelRules.listOn(scope);
  return findGates([...(await levelRules.resolve(scope, rules)).values()]);
}
