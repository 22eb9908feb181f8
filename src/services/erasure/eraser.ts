import type { ErasedCredential, Erasure } from '../../domain/erasures.ts';
import { scopeOf, type Scope } from '../../domain/roles.ts';
import type { Fault } from '../../shared/faults.ts';
import type { ApiKeyStore } from '../../storage/api-keys.ts';
import type { ArtStore } from '../../storage/art.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { BlobStore } from '../../storage/blobs.ts';
import type { CalibrationStore } from '../../storage/calibrations.ts';
import type { ClassStore } from '../../storage/classes.ts';
import type { ConsentStore } from '../../storage/consents.ts';
import type { CredentialStore } from '../../storage/credentials.ts';
import type { EstimateOverrideStore } from '../../storage/estimate-overrides.ts';
import type { DigestStore } from '../../storage/digests.ts';
import type { FileStore } from '../../storage/files.ts';
import type { LetterLinkStore } from '../../storage/letter-links.ts';
import type { MentorOfferStore } from '../../storage/mentor-offers.ts';
import type { MentorshipStore } from '../../storage/mentorships.ts';
import type { NormingStore } from '../../storage/norming.ts';
import type { LevelWaitStore } from '../../storage/level-waits.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { ProposalStore } from '../../storage/proposals.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';
import type { CredentialStatusService } from '../credentials/credential-status.ts';

export interface EraserDependencies {
  readonly people: PersonStore;
  readonly apiKeys: Pick<ApiKeyStore, 'removeOf'>;
  readonly awards: AwardStore;
  readonly credentials: Pick<CredentialStore, 'removeOf'>;
  readonly credentialStatus: Pick<CredentialStatusService, 'revokePlace'>;
  readonly submissions: Pick<SubmissionStore, 'removeOf'>;
  readonly proposals: Pick<ProposalStore, 'removeOf'>;
  readonly art: Pick<ArtStore, 'listOf' | 'removeOf'>;
  readonly supportFlags: Pick<SupportFlagStore, 'removeOf' | 'forgetOwner'>;
  readonly classes: Pick<ClassStore, 'removePerson'>;
  readonly estimateOverrides: Pick<EstimateOverrideStore, 'removeOf'>;
  readonly digests: Pick<DigestStore, 'removeOf'>;
  readonly letterLinks: Pick<LetterLinkStore, 'removeOf'>;
  readonly calibrations: Pick<CalibrationStore, 'removeOf'>;
  readonly norming: Pick<NormingStore, 'removeOf'>;
  readonly mentorOffers: Pick<MentorOfferStore, 'removeOf'>;
  readonly mentorships: Pick<MentorshipStore, 'removeOf'>;
  readonly consents: Pick<ConsentStore, 'forgetTexts'>;
  readonly levelWaits: Pick<LevelWaitStore, 'removeOf'>;
  readonly files: FileStore;
  readonly blobs: Pick<BlobStore, 'remove'>;
  /** Overwrites what the store holds back of deleted records. */
  readonly scrub: () => Promise<void>;
  readonly fault: Fault;
}

const pageSize = 200;

/** The steps of an erasure: each may be repeated, and what they find by comes last. */
export function createEraser(dependencies: EraserDependencies) {
  const { people, apiKeys, awards, credentials, credentialStatus, submissions } = dependencies;
  const { classes, estimateOverrides, levelWaits, files, blobs, scrub, fault } = dependencies;

  return { listCredentials, erase };

  /** Of everything that was awarded to them, signed or not: a signer may be at work. */
  async function listCredentials(
    scope: Scope,
    learner: string,
  ): Promise<readonly ErasedCredential[]> {
    const found: ErasedCredential[] = [];
    let cursor: string | undefined;
    do {
      const page = await awards.list(scope, { learner }, { limit: pageSize, cursor });
      found.push(
        ...page.items.map(
          ({ issuance: { credential: id, status, keys, issuedAt, requestedAt } }) => {
            return { id, status, keys, at: issuedAt ?? requestedAt };
          },
        ),
      );
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  }

  /** First the person, so that nothing new is made for them; then what was said about them; the awards last. */
  async function erase(erasure: Erasure): Promise<void> {
    const scope = scopeOf(erasure);
    const { id } = erasure;
    await people.remove(scope, id);
    fault('erasure.person');
    await people.forgetLearner(scope, id);
    await apiKeys.removeOf(scope, id);
    await classes.removePerson(scope, id);
    await estimateOverrides.removeOf(scope, id);
    await revokeAll(erasure);
    fault('erasure.revoked');
    await credentials.removeOf(scope, id);
    await submissions.removeOf(scope, id);
    await dependencies.proposals.removeOf(scope, id);
    await removeHelp(scope, id);
    fault('erasure.submissions');
    await removeFiles(scope, id);
    await removeArt(scope, id);
    fault('erasure.files');
    await awards.removeOf(scope, id);
    // After the awards: a level that is being decided just now is decided from them.
    await levelWaits.removeOf(scope, id);
    fault('erasure.awards');
    await scrub();
  }

  /** What was written about helping them; who agreed to what stays, in ids. */
  async function removeHelp(scope: Scope, person: string): Promise<void> {
    const { supportFlags, mentorOffers, mentorships, consents, calibrations, norming } =
      dependencies;
    await supportFlags.removeOf(scope, person);
    await supportFlags.forgetOwner(scope, person);
    await mentorOffers.removeOf(scope, person);
    await mentorships.removeOf(scope, person);
    await consents.forgetTexts(scope, person);
    await calibrations.removeOf(scope, person);
    await dependencies.digests.removeOf(scope, person);
    await dependencies.letterLinks.removeOf(scope, person);
    await norming.removeOf(scope, person);
  }

  async function revokeAll({ organization, by, credentials: all }: Erasure): Promise<void> {
    const actor = { ...by, organization, roles: [] };
    for (const { id: credential, status } of all) {
      const { list, index } = status;
      const entry = { list, index, purpose: 'revocation', credential, organization } as const;
      await credentialStatus.revokePlace(actor, entry, 'erased');
    }
  }

  async function removeArt(scope: Scope, learner: string): Promise<void> {
    const { art } = dependencies;
    for (const { blob } of await art.listOf(scope, learner)) {
      if (blob !== undefined) await blobs.remove(blob);
    }
    await art.removeOf(scope, learner);
  }

  /** The bytes before the record that says where they are. */
  async function removeFiles(scope: Scope, person: string): Promise<void> {
    const own = await files.listOf(scope, person);
    for (const { id } of own) await blobs.remove(id);
    await files.removeMany(
      scope,
      own.map(({ id }) => id),
    );
  }
}
