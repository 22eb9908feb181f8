import type { Model } from 'mongoose';
import type { HeldAward, Issuance } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import type { AwardDocument } from './award-model.ts';

const heldFields = {
  learner: 1,
  achievement: 1,
  version: 1,
  awardedAt: 1,
  'issuance.credential': 1,
  'issuance.state': 1,
} as const;

type HeldByLearner = ReadonlyMap<string, readonly HeldAward[]>;

type HeldDocument = Pick<
  AwardDocument,
  '_id' | 'learner' | 'achievement' | 'version' | 'awardedAt'
> & { readonly issuance: Pick<Issuance, 'credential' | 'state'> };

/** What learners hold, for many at once: few fields of live awards. */
export function createHeldAwards(model: Model<AwardDocument>) {
  return { listHeld, listHeldOf };

  /** What each of these learners holds. Who holds nothing is left out. */
  async function listHeld(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<HeldByLearner> {
    const found = await model
      .find({ organization, learner: { $in: [...learners] }, state: 'live' })
      .select(heldFields)
      .lean<HeldDocument[]>();
    return groupHeld(found);
  }

  /** What they hold of these: of learners who follow each other by id, so that nothing else is read. */
  async function listHeldOf(
    { organization }: Scope,
    learners: readonly string[],
    achievements: ReadonlySet<string>,
  ): Promise<HeldByLearner> {
    const [first, last] = [learners.at(0), learners.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const found = await model
      .find({
        organization,
        achievement: { $in: [...achievements] },
        learner: { $gte: first, $lte: last },
        state: 'live',
      })
      .select(heldFields)
      .lean<HeldDocument[]>();
    return groupHeld(found);
  }
}

function groupHeld(found: readonly HeldDocument[]): HeldByLearner {
  const held = new Map<string, HeldAward[]>();
  for (const document of found) {
    const own = held.get(document.learner);
    if (own === undefined) held.set(document.learner, [presentHeld(document)]);
    else own.push(presentHeld(document));
  }
  return held;
}

function presentHeld({ _id, achievement, version, awardedAt, issuance }: HeldDocument): HeldAward {
  return {
    achievement,
    version,
    awardedAt,
    award: _id,
    credential: issuance.credential,
    issued: issuance.state === 'issued',
  };
}
