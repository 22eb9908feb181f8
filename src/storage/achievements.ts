import { Schema, type Connection, type Model } from 'mongoose';
import type { Achievement, AchievementContent, AchievementKind } from '../domain/achievements.ts';
import type { PoolCandidate } from '../domain/level-pools.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** What lists select by: the published version's, or the draft's as long as there is none. */
export interface Listed {
  readonly kind: AchievementKind;
  readonly framework?: string;
  readonly level?: number;
  /** Unknown of what was published by the first versions of Cairn, whose draft says it. */
  readonly standards?: readonly string[];
}

/** What a level rule has to know of an achievement. */
export interface Leveled extends PoolCandidate {
  readonly name: string;
}

export interface AchievementFilter {
  readonly state?: Achievement['state'] | undefined;
  readonly kind?: AchievementKind | undefined;
  readonly framework?: string | undefined;
  readonly level?: number | undefined;
  /** Only what has a published version. */
  readonly everPublished?: boolean | undefined;
}

interface Beside {
  listed: Listed;
  /** Of a retired one: the levels that count it are still to be decided anew. */
  undecided?: boolean;
}

type Document = Stored<Achievement> & Beside;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    state: { type: String, required: true },
    draft: { type: Object, required: true },
    version: { type: Number, required: true },
    listed: {
      kind: { type: String, required: true },
      framework: String,
      level: Number,
      standards: { type: [String], default: undefined },
    },
    undecided: Boolean,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });
schema.index({ organization: 1, 'listed.kind': 1, _id: -1 });
schema.index({ organization: 1, 'listed.framework': 1, _id: -1 });
schema.index({ undecided: 1 }, { sparse: true });

export type AchievementStore = ReturnType<typeof createAchievementStore>;

export function createAchievementStore(connection: Connection) {
  const model = connection.model<Document>('Achievement', schema, 'achievements');

  return {
    add,
    find,
    findMany,
    findPublic,
    replaceDraft,
    setVersion,
    retire,
    list,
    ...createLeveled(model),
  };

  async function add(achievement: Achievement, listed: Listed): Promise<void> {
    await model.create({ ...toStored(achievement), listed });
  }

  async function find({ organization }: Scope, id: string): Promise<Achievement | undefined> {
    return present(await model.findOne({ _id: id, organization }).lean<Document>());
  }

  async function findMany(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly Achievement[]> {
    const found = await model.find({ _id: { $in: [...ids] }, organization }).lean<Document[]>();
    return found.flatMap((document) => present(document) ?? []);
  }

  /** For public addresses, which know no organization: only what has a published version. */
  async function findPublic(id: string): Promise<Achievement | undefined> {
    return present(await model.findOne({ _id: id, version: { $gte: 1 } }).lean<Document>());
  }

  /** Replaces the draft of `before`; undefined when somebody changed, published or retired it meanwhile. */
  async function replaceDraft(
    { organization }: Scope,
    { id: _id, version, updatedAt: seen }: Achievement,
    changes: { draft: AchievementContent; updatedAt: Date; listed?: Listed },
  ): Promise<Achievement | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id, organization, version, updatedAt: seen, state: { $ne: 'retired' } },
        { $set: changes },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return present(found);
  }

  /** Makes `number` the newest version; undefined when it is not the next one or the achievement is retired. */
  async function setVersion(
    { organization }: Scope,
    id: string,
    { number, ...changes }: { number: number; listed: Listed; updatedAt: Date },
  ): Promise<Achievement | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, version: number - 1, state: { $ne: 'retired' } },
        { $set: { ...changes, version: number, state: 'published' } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return present(found);
  }

  async function retire(
    { organization }: Scope,
    id: string,
    updatedAt: Date,
  ): Promise<Achievement | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, state: { $ne: 'retired' } },
        { $set: { state: 'retired', undecided: true, updatedAt } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return present(found);
  }

  async function list(
    { organization }: Scope,
    { state, kind, framework, level, everPublished }: AchievementFilter,
    page: PageRequest,
  ): Promise<Page<Achievement>> {
    const filter = {
      organization,
      ...(state === undefined ? {} : { state }),
      ...(kind === undefined ? {} : { 'listed.kind': kind }),
      ...(framework === undefined ? {} : { 'listed.framework': framework }),
      ...(level === undefined ? {} : { 'listed.level': level }),
      ...(everPublished === true ? { version: { $gte: 1 } } : {}),
    };
    const { items, ...rest } = await listNewest<Achievement & Beside>(model, filter, page);
    return { ...rest, items: items.map(withoutBeside) };
  }
}

/** What level rules are made of, and what of it was retired. */
function createLeveled(model: Model<Document>) {
  return { findLeveled, listLeveled, listLevels, listUndecided, clearUndecided };

  async function findLeveled(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly Leveled[]> {
    const found = await model
      .find({ _id: { $in: [...ids] }, organization })
      .select(leveledFields)
      .lean<LeveledDocument[]>();
    return found.map(presentLeveled);
  }

  /** Everything on these frameworks, drafts and retired ones too. */
  async function listLeveled(
    { organization }: Scope,
    frameworks: readonly string[],
  ): Promise<readonly Leveled[]> {
    const found = await model
      .find({ organization, 'listed.framework': { $in: [...frameworks] } })
      .select(leveledFields)
      .lean<LeveledDocument[]>();
    return found.map(presentLeveled);
  }

  /** Ordinals of the framework's levels that an achievement stands on, whatever its state. */
  async function listLevels(
    { organization }: Scope,
    framework: string,
  ): Promise<readonly number[]> {
    const found = await model.distinct('listed.level', {
      organization,
      'listed.framework': framework,
    });
    return found.filter((level) => typeof level === 'number');
  }

  /** Of any school: retired ones after which levels are still to be decided anew. */
  async function listUndecided(
    limit: number,
  ): Promise<readonly Pick<Achievement, 'id' | 'organization'>[]> {
    const found = await model
      .find({ undecided: true })
      .limit(limit)
      .select({ organization: 1 })
      .lean<Pick<Document, '_id' | 'organization'>[]>();
    return found.map(({ _id: id, organization }) => ({ id, organization }));
  }

  async function clearUndecided({ organization }: Scope, id: string): Promise<void> {
    await model.updateOne({ _id: id, organization }, { $unset: { undecided: 1 } });
  }
}

function present(found: Document | null): Achievement | undefined {
  return found === null ? undefined : withoutBeside(fromStored<Achievement & Beside>(found));
}

function withoutBeside({
  listed: _listed,
  undecided: _undecided,
  ...achievement
}: Achievement & Beside): Achievement {
  return achievement;
}

const leveledFields = {
  state: 1,
  version: 1,
  listed: 1,
  'draft.name': 1,
  'draft.standards': 1,
} as const;

type LeveledDocument = Pick<Document, '_id' | 'state' | 'version' | 'listed'> & {
  readonly draft: Pick<AchievementContent, 'name' | 'standards'>;
};

function presentLeveled({ _id, state, version, listed, draft }: LeveledDocument): Leveled {
  const { standards, ...rest } = listed;
  return {
    id: _id,
    state,
    version,
    name: draft.name,
    ...rest,
    standards: standards ?? draft.standards,
  };
}
