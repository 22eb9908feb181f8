import { noCalibration, type CalibrationPolicy } from './calibration.ts';
import type { ConsentScope } from './consents.ts';
import { noDigests, type DigestPolicy } from './digests.ts';
import { noSupport, type SupportPolicy } from './support.ts';
import type { Wording } from './vocabulary.ts';
import { defaultRollUp, type RollUpPolicy } from './roll-ups.ts';

/** A school or district: the issuer of its credentials. */
export interface Organization extends Wording {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly url?: string;
  readonly email?: string;
  readonly policy: OrganizationPolicy;
  readonly createdAt: Date;
}

export interface OrganizationPolicy {
  /** Whether the learner's name stands in the credential beside the hashed e-mail: signed once, it cannot be taken back. */
  readonly nameInCredential: boolean;
  /** What a new credential is until its learner says otherwise. Adult learners only; others start private. */
  readonly adultCredentialVisibility: 'private' | 'public';
  readonly secondReader: 'never' | 'boss' | 'always';
  /** When somebody looks after a learner. */
  readonly support: SupportPolicy;
  /** For what a guardian of a minor has to agree first. */
  readonly guardianConsent: readonly ConsentScope[];
  readonly calibration: CalibrationPolicy;
  /** Who gets a letter about the week. */
  readonly digest: DigestPolicy;
  /** How what was judged over time becomes one estimate. */
  readonly rollUp: RollUpPolicy;
}

export const defaultPolicy: OrganizationPolicy = {
  nameInCredential: false,
  adultCredentialVisibility: 'private',
  secondReader: 'boss',
  support: noSupport,
  guardianConsent: ['mentoring'],
  calibration: noCalibration,
  digest: noDigests,
  rollUp: defaultRollUp,
};
