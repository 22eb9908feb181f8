import type { Connection } from 'mongoose';
import type { Award, LostSupport } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import {
  awardModel,
  withoutMarkers,
  type AwardDocument,
  type AwardMarkers,
} from './award-model.ts';
import { fromStored, listNewest, type Page, type PageRequest } from './document.ts';

/** An award after whose issuance or revocation the learner's levels are to be decided anew. */
export interface UndecidedAward extends Pick<
  Award,
  'id' | 'organization' | 'learner' | 'achievement' | 'state' | 'source' | 'awardedBy'
> {
  readonly undecided: string;
}

const undecidedFields = {
  organization: 1,
  learner: 1,
  achievement: 1,
  state: 1,
  source: 1,
  awardedBy: 1,
  undecided: 1,
} as const;

export type LevelAwardStore = ReturnType<typeof createLevelAwardStore>;

/** What levels need of the awards: which ones call for a decision, and which lost their support. */
export function createLevelAwardStore(connection: Connection) {
  const model = awardModel(connection);

  return {
    listUndecided,
    clearUndecided,
    listRevokedPairs,
    findOf,
    markLost,
    endLost,
    listOpenLost,
    listLost,
  };

  /** Of all schools, those that wait longest first. */
  async function listUndecided(limit: number, after = ''): Promise<readonly UndecidedAward[]> {
    const found = await model
      .find({ undecided: { $exists: true, $gt: after } })
      .sort({ undecided: 1 })
      .limit(limit)
      .select(undecidedFields)
      .lean<(Omit<UndecidedAward, 'id'> & { _id: string })[]>();
    return found.map((stored) => fromStored<UndecidedAward>(stored));
  }

  /** But for those that were issued or revoked since they were read. */
  async function clearUndecided(markers: readonly string[]): Promise<void> {
    if (markers.length === 0) return;
    await model.updateMany({ undecided: { $in: [...markers] } }, { $unset: { undecided: 1 } });
  }

  /** Which of these learners had one of these achievements and lost it by a revocation. */
  async function listRevokedPairs(
    { organization }: Scope,
    { learners, achievements }: { learners: readonly string[]; achievements: readonly string[] },
  ): Promise<readonly Pick<Award, 'learner' | 'achievement'>[]> {
    if (learners.length === 0) return [];
    return model
      .find({
        organization,
        learner: { $in: [...learners] },
        achievement: { $in: [...achievements] },
        state: 'revoked',
      })
      .select({ learner: 1, achievement: 1 })
      .lean<Pick<Award, 'learner' | 'achievement'>[]>();
  }

  async function findOf(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly Award[]> {
    const found = await model
      .find({ _id: { $in: [...ids] }, organization })
      .lean<AwardDocument[]>();
    return found.map((stored) => withoutMarkers(fromStored<Award & AwardMarkers>(stored)));
  }

  /** False when it was said of this very revocation before, or the level is no longer held. */
  async function markLost(
    { organization }: Scope,
    id: string,
    lost: LostSupport,
  ): Promise<boolean> {
    const { modifiedCount } = await model.updateOne(
      { _id: id, organization, state: 'live', 'lostSupport.award': { $ne: lost.award } },
      { $set: { lostSupport: lost } },
    );
    return modifiedCount === 1;
  }

  async function endLost(
    { organization }: Scope,
    id: string,
    end: NonNullable<LostSupport['end']>,
  ): Promise<boolean> {
    const { modifiedCount } = await model.updateOne(
      { _id: id, organization, 'lostSupport.open': true },
      { $set: { 'lostSupport.open': false, 'lostSupport.end': end } },
    );
    return modifiedCount === 1;
  }

  /** Which of these level awards wait for a decision about lost support. */
  async function listOpenLost(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const found = await model
      .find({ _id: { $in: [...ids] }, organization, 'lostSupport.open': true, state: 'live' })
      .select({ _id: 1 })
      .lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  async function listLost({ organization }: Scope, page: PageRequest): Promise<Page<Award>> {
    const found = await listNewest<Award & AwardMarkers>(
      model,
      { organization, 'lostSupport.open': true, state: 'live' },
      page,
    );
    return { ...found, items: found.items.map(withoutMarkers) };
  }
}
