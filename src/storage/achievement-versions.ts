import { Schema, type Connection } from 'mongoose';
import type { Achievement, AchievementVersion } from '../domain/achievements.ts';
import type { Scope } from '../domain/roles.ts';
import { isDuplicate, schemaOptions } from './document.ts';

/** Achievement and number make the `_id`: there is one version of each number, ever. */
type Document = AchievementVersion & { _id: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    achievement: { type: String, required: true },
    organization: { type: String, required: true },
    number: { type: Number, required: true },
    kind: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, required: true },
    criteria: { type: String, required: true },
    standards: { type: [String], required: true },
    level: Number,
    levelName: String,
    levelCount: Number,
    rubric: { type: [Object], required: true },
    evidencePolicy: { type: Object, required: true },
    image: { type: Object, required: true },
    language: String,
    tags: { type: [String], required: true },
    alignments: { type: [Object], required: true },
    publishedAt: { type: Date, required: true },
  },
  schemaOptions,
);

schema.index({ organization: 1, name: 1 });

export type AchievementVersionStore = ReturnType<typeof createAchievementVersionStore>;

export function createAchievementVersionStore(connection: Connection) {
  const model = connection.model<Document>('AchievementVersion', schema, 'achievementVersions');

  return { add, find, findNewest, findByNames, findPublic };

  /** False when there is a version of this number already: the first one stays. */
  async function add(version: AchievementVersion): Promise<boolean> {
    try {
      await model.create({ ...version, _id: keyOf(version.achievement, version.number) });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find(
    { organization }: Scope,
    achievement: string,
    number: number,
  ): Promise<AchievementVersion | undefined> {
    const _id = keyOf(achievement, number);
    return present(await model.findOne({ _id, organization }).lean<Document>());
  }

  /** The version of each of these achievements that they name (the newest of what a list answers), in no order. */
  async function findNewest(
    { organization }: Scope,
    achievements: readonly Pick<Achievement, 'id' | 'version'>[],
  ): Promise<readonly AchievementVersion[]> {
    const keys = achievements.map(({ id, version }) => keyOf(id, version));
    const found = await model.find({ _id: { $in: keys }, organization }).lean<Document[]>();
    return found.flatMap((document) => present(document) ?? []);
  }

  /** Every version, old ones too, that has one of these names. */
  async function findByNames(
    { organization }: Scope,
    names: readonly string[],
  ): Promise<readonly AchievementVersion[]> {
    const found = await model.find({ organization, name: { $in: [...names] } }).lean<Document[]>();
    return found.flatMap((document) => present(document) ?? []);
  }

  /** For public addresses, which know no organization. */
  async function findPublic(
    achievement: string,
    number: number,
  ): Promise<AchievementVersion | undefined> {
    return present(await model.findById(keyOf(achievement, number)).lean<Document>());
  }
}

function keyOf(achievement: string, number: number): string {
  return `${achievement}/${number}`;
}

function present(found: Document | null): AchievementVersion | undefined {
  return found === null ? undefined : withoutKey(found);
}

function withoutKey({ _id: _key, ...version }: Document): AchievementVersion {
  return version;
}
