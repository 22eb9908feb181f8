import { Schema, type Connection } from 'mongoose';
import type { LevelRule } from '../domain/level-rules.ts';
import type { Scope } from '../domain/roles.ts';
import { conflict } from '../shared/errors.ts';
import { fromStored, isDuplicate, orConflict, schemaOptions, toStored } from './document.ts';
import type { Stored } from './document.ts';
import {
  createRedecisions,
  indexRedecisions,
  redecisionFields,
  startWork,
  type Redecided,
} from './redecisions.ts';

/** What a rule is found by. */
export interface RulePlace {
  readonly framework: string;
  readonly strand?: string | undefined;
  readonly ordinal: number;
}

/** `head`: the strand, or nothing for the whole framework, as a unique index needs a value. */
type Document = Stored<LevelRule> & Redecided & { head: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    framework: { type: String, required: true },
    strand: String,
    head: { type: String, default: '' },
    ordinal: { type: Number, required: true },
    pool: { type: Object, required: true },
    preponderance: { type: Object, required: true },
    mustHave: { type: [String], required: true },
    boss: {
      achievements: { type: [String], required: true },
      require: { type: String, required: true },
    },
    requirePreviousLevel: { type: Boolean, required: true },
    achievement: { type: String, required: true },
    certify: { type: String, required: true },
    state: { type: String, required: true },
    ...redecisionFields,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, framework: 1, head: 1, ordinal: 1 }, { unique: true });
schema.index({ organization: 1, achievement: 1 }, { unique: true });
schema.index({ organization: 1, 'boss.achievements': 1 });
indexRedecisions(schema);

export type LevelRuleStore = ReturnType<typeof createLevelRuleStore>;

export function createLevelRuleStore(connection: Connection) {
  const model = connection.model<Document>('LevelRule', schema, 'levelRules');

  return {
    put,
    find,
    findByPlace,
    list,
    listByBosses,
    remove,
    ...createRedecisions(connection, 'levelRules'),
  };

  /** Adds the rule, or replaces the one that stands in its place and keeps its id. */
  async function put(rule: LevelRule): Promise<LevelRule> {
    const { organization, framework, ordinal, strand, id: _id, createdAt: _at, ...rest } = rule;
    const head = strand ?? '';
    const place = { organization, framework, head, ordinal };
    const work = startWork(rule.redecision);
    const gone = {
      ...('work' in work ? {} : { work: 1 as const }),
      ...(rule.redecision === undefined ? { redecision: 1 as const } : {}),
    };
    const found = await orConflict(
      model
        .findOneAndUpdate(
          place,
          { $set: { ...rest, ...work }, $unset: gone },
          { returnDocument: 'after' },
        )
        .lean<Document>()
        .exec(),
      achievementTaken(),
    );
    if (found !== null) return present(found);
    try {
      await model.create({ ...toStored(rule), head, ...work });
      return rule;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const other = await model.findOne(place).lean<Document>();
      throw other === null ? achievementTaken() : changedMeanwhile();
    }
  }

  async function find({ organization }: Scope, id: string): Promise<LevelRule | undefined> {
    return maybe(await model.findOne({ _id: id, organization }).lean<Document>());
  }

  async function findByPlace(
    { organization }: Scope,
    { framework, strand, ordinal }: RulePlace,
  ): Promise<LevelRule | undefined> {
    const place = { organization, framework, head: strand ?? '', ordinal };
    return maybe(await model.findOne(place).lean<Document>());
  }

  /** By framework, strand and level; of these frameworks or of all. A school has some hundreds at most. */
  async function list(
    { organization }: Scope,
    { frameworks }: { frameworks?: readonly string[] | undefined } = {},
  ): Promise<readonly LevelRule[]> {
    const within = frameworks === undefined ? {} : { framework: { $in: [...frameworks] } };
    const found = await model
      .find({ organization, ...within })
      .sort({ framework: 1, head: 1, ordinal: 1 })
      .lean<Document[]>();
    return found.map(present);
  }

  /** Rules that name one of these as a boss. */
  async function listByBosses(
    { organization }: Scope,
    achievements: readonly string[],
  ): Promise<readonly LevelRule[]> {
    const named = { $in: [...achievements] };
    const found = await model.find({ organization, 'boss.achievements': named }).lean<Document[]>();
    return found.map(present);
  }

  async function remove({ organization }: Scope, id: string): Promise<boolean> {
    const { deletedCount } = await model.deleteOne({ _id: id, organization });
    return deletedCount === 1;
  }
}

function maybe(found: Document | null): LevelRule | undefined {
  return found === null ? undefined : present(found);
}

function present({ head: _head, work: _work, ...stored }: Document): LevelRule {
  return fromStored<LevelRule>(stored);
}

function achievementTaken() {
  return conflict(
    'level_rule.achievement_taken',
    'Another rule awards this level achievement already. Make one for each level.',
  );
}

function changedMeanwhile() {
  return conflict(
    'level_rule.changed_meanwhile',
    'Somebody else made this rule at the same time. Look at it, and save yours again.',
  );
}
