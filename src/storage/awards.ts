import type { Connection } from 'mongoose';
import type { Award, IssuanceState } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import { newId } from '../shared/ids.ts';
import {
  awardModel,
  presentAward,
  withoutMarkers,
  type AwardDocument,
  type AwardMarkers,
} from './award-model.ts';
import {
  fromStored,
  insertEach,
  isDuplicate,
  listNewest,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';
import { createHeldAwards } from './held-awards.ts';

/** Which award a learner holds an achievement by, and where it came from. */
export type LiveAward = Pick<Award, 'id' | 'learner' | 'achievement' | 'source' | 'awardedBy'>;

export type AwardStore = ReturnType<typeof createAwardStore>;

export function createAwardStore(connection: Connection) {
  const model = awardModel(connection);

  return {
    add,
    addMany,
    find,
    findLive,
    listLive,
    list,
    markRevoked,
    removeOf,
    ...createHeldAwards(model),
  };

  /** False when the learner holds this achievement already, or this very award was added before. */
  async function add(award: Award, unsigned: string): Promise<boolean> {
    try {
      await model.create(toDocument(award, unsigned));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** The same for many in one command; answers the ids of those that were added. */
  async function addMany(
    drafts: readonly { readonly award: Award; readonly unsigned: string }[],
  ): Promise<ReadonlySet<string>> {
    const refused = await insertEach(
      connection.collection<AwardDocument>('awards'),
      drafts.map(({ award, unsigned }) => toDocument(award, unsigned)),
    );
    return new Set(drafts.flatMap(({ award }, place) => (refused.has(place) ? [] : [award.id])));
  }

  async function find({ organization }: Scope, id: string): Promise<Award | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<AwardDocument>();
    return found === null ? undefined : presentAward(found);
  }

  async function findLive({ organization }: Scope, learner: string, achievement: string) {
    const found = await model
      .findOne({ organization, learner, achievement, state: 'live' })
      .lean<AwardDocument>();
    return found === null ? undefined : presentAward(found);
  }

  /** Live awards of these learners for these achievements. */
  async function listLive(
    { organization }: Scope,
    { learners, achievements }: { learners: readonly string[]; achievements: readonly string[] },
  ): Promise<readonly LiveAward[]> {
    const found = await model
      .find({
        organization,
        learner: { $in: [...learners] },
        achievement: { $in: [...achievements] },
        state: 'live',
      })
      .select({ learner: 1, achievement: 1, source: 1, awardedBy: 1 })
      .lean<Stored<LiveAward>[]>();
    return found.map((stored) => fromStored<LiveAward>(stored));
  }

  /** The learner may earn the achievement again. The first time stands. */
  async function markRevoked({ organization }: Scope, id: string, at: Date): Promise<void> {
    await model.updateOne(
      { _id: id, organization, state: { $ne: 'revoked' } },
      { $set: { state: 'revoked', revokedAt: at, undecided: newId() } },
    );
  }

  /** Everything that was awarded to this learner, signed or not. */
  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }

  async function list(
    { organization }: Scope,
    filter: { learner?: string | undefined; state?: IssuanceState | undefined },
    page: PageRequest,
  ): Promise<Page<Award>> {
    const learner = filter.learner === undefined ? {} : { learner: filter.learner };
    const state = filter.state === undefined ? {} : { 'issuance.state': filter.state };
    const found = await listNewest<Award & AwardMarkers>(
      model,
      { organization, ...learner, ...state },
      page,
    );
    return { ...found, items: found.items.map(withoutMarkers) };
  }
}

function toDocument(award: Award, unsigned: string): AwardDocument {
  return { ...toStored(award), due: award.issuance.requestedAt, unsigned };
}
