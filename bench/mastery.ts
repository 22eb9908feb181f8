import mongoose from 'mongoose';
import { createApp } from '../src/app.ts';
import { compose } from '../src/compose/compose.ts';
import { parseSettings } from '../src/config/settings.ts';
import { createHealth } from '../src/observability/health.ts';
import { newId, newRandomId } from '../src/shared/ids.ts';
import { makeDataDir } from '../test/support/process.ts';

/** Straight into the collections: what a school of years has is not handed in one by one. */
type Document = { _id: string } & Record<string, unknown>;
type Insert = (collection: string, documents: readonly Document[]) => Promise<void>;

export const masterySize = {
  frameworks: 3,
  levels: 3,
  perLevel: 66,
  awards: 30,
  class: 30,
} as const;

export type Mastery = Awaited<ReturnType<typeof openMastery>>;

/** Cairn on the embedded store in a folder of its own, in this process, with a school that can be made to grow. */
export async function openMastery() {
  const dataDir = await makeDataDir();
  const settings = parseSettings({ CAIRN_DATA_DIR: dataDir.path, CAIRN_LOG_LEVEL: 'silent' });
  const before = new Set(mongoose.connections);
  const cairn = await compose(settings);
  const connection = mongoose.connections.find((one) => !before.has(one));
  const founded = await cairn.services.organizations.found('Bench School');
  if (founded === undefined || connection === undefined) throw new Error('the store was not empty');
  const { organization } = founded;
  const insert: Insert = async (collection, documents) => {
    for (let start = 0; start < documents.length; start += 500) {
      await connection
        .collection<Document>(collection)
        .insertMany(documents.slice(start, start + 500), { ordered: false });
    }
  };
  const curriculum = await addCurriculum(insert, organization.id);
  const server = createApp(cairn, createHealth({ store: cairn.storage.ping })).listen(0);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const learners: string[] = [];
  const classes: string[] = [];

  return {
    cairn,
    organization: organization.id,
    curriculum,
    learners,
    classes,
    addLearners: async (count: number) => {
      const added = await addLearners(insert, organization.id, curriculum, count);
      learners.push(...added.learners);
      classes.push(...added.classes);
    },
    get: async (path: string): Promise<string> => {
      const answer = await fetch(`http://localhost:${port}/api/v1${path}`, {
        headers: { authorization: `Bearer ${founded.secret}` },
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.text();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await cairn[Symbol.asyncDispose]();
      await dataDir.remove();
    },
  };
}

interface BenchAchievement {
  readonly id: string;
  readonly kind: 'microcredential' | 'boss' | 'level';
  readonly rubric: readonly {
    readonly id: string;
    readonly levels: readonly { readonly id: string }[];
  }[];
}
type Curriculum = Awaited<ReturnType<typeof addCurriculum>>;

/** 3 frameworks of 3 levels, each with 66 skills, a boss and a level: 612 achievements. */
async function addCurriculum(insert: Insert, organization: string) {
  const createdAt = new Date('2024-09-01T08:00:00Z');
  const frameworks: string[] = [];
  const achievements: BenchAchievement[] = [];
  for (let f = 1; f <= masterySize.frameworks; f += 1) {
    const made = buildFramework(organization, f, createdAt);
    frameworks.push(made.id);
    achievements.push(...made.achievements);
    await insert('frameworks', [made.framework]);
    await insert('standards', made.standards);
    await insert('achievements', made.heads);
    await insert('achievementVersions', made.versions);
    await insert('levelRules', made.rules);
  }
  return { frameworks, achievements };
}

function buildFramework(organization: string, f: number, createdAt: Date) {
  const id = newId();
  const levels = Array.from({ length: masterySize.levels }, (_, n) => ({
    ordinal: n + 1,
    name: `Level ${n + 1}`,
    description: 'What stands on this level.',
  }));
  const identifier = newRandomId();
  const uri = `https://bench.example/frameworks/${identifier}`;
  const title = `Framework ${f}`;
  const framework: Document = {
    ...{ _id: id, organization, identifier, uri, title, levels },
    ...{ imports: 0, createdAt, updatedAt: createdAt },
  };
  const head = buildStandard(organization, id, `F${f}`, []);
  const below = Array.from({ length: 99 }, (_, n) =>
    buildStandard(organization, id, `F${f}.${n + 1}`, [String(head.identifier)]),
  );
  const made = levels.flatMap(({ ordinal }) => {
    const build = (kind: BenchAchievement['kind'], n: number, standards: readonly Document[]) =>
      buildAchievement({ organization, kind, ordinal, n, standards, title, framework: id });
    const pick = (n: number) => below[(ordinal * 33 + n) % below.length] ?? head;
    const skills = Array.from({ length: masterySize.perLevel }, (_, n) =>
      build('microcredential', n, [pick(n)]),
    );
    return [
      {
        ordinal,
        skills,
        boss: build('boss', 0, [pick(0), pick(1)]),
        level: build('level', 0, [head]),
      },
    ];
  });
  const all = made.flatMap(({ skills, boss, level }) => [...skills, boss, level]);
  return {
    id,
    framework,
    standards: [head, ...below],
    achievements: all.map(({ achievement }) => achievement),
    heads: all.map(({ document }) => document),
    versions: all.map(({ version }) => version),
    rules: made.map(({ ordinal, boss, level }): Document => {
      return {
        ...{ _id: newId(), organization, framework: id, head: '', ordinal, state: 'on' },
        pool: { standards: [head._id], kinds: ['microcredential'] },
        preponderance: { minShare: 0.8 },
        mustHave: [],
        boss: { achievements: [boss.achievement.id], require: 'all' },
        requirePreviousLevel: ordinal > 1,
        achievement: level.achievement.id,
        certify: 'by-person',
        ...{ createdAt, updatedAt: createdAt },
      };
    }),
  };
}

function buildStandard(
  organization: string,
  framework: string,
  code: string,
  parents: readonly string[],
): Document {
  const identifier = newRandomId();
  return {
    ...{ _id: newId(), organization, framework, identifier, code, parents, sequence: 1 },
    uri: `https://bench.example/standards/${identifier}`,
    statement: `${code}: explains the idea, uses it in a new setting and says where it ends.`,
    educationLevel: [],
    state: 'current',
    words: [code.toLowerCase()],
    under: parents.length === 0 ? [''] : parents,
    order: `${code} ${identifier}`,
  };
}

function buildAchievement(given: {
  organization: string;
  kind: BenchAchievement['kind'];
  ordinal: number;
  n: number;
  standards: readonly Document[];
  title: string;
  framework: string;
}) {
  const { organization, kind, ordinal, n, standards, title, framework } = given;
  const id = newId();
  const at = new Date('2024-09-01T08:00:00Z');
  const rubric = ['Reasoning', 'Evidence', 'Craft'].map((name) => {
    const levels = ['Not yet', 'Nearly', 'Met', 'Beyond'].map((level) => ({
      id: newRandomId(),
      name: level,
      description: `What ${level} looks like in the work of a learner, in a sentence.`,
    }));
    return { id: newRandomId(), name, levels, requiredLevel: levels[2]?.id };
  });
  const content = {
    ...{ kind, level: ordinal, rubric, tags: [] },
    name: `${title} ${kind} ${ordinal}.${n + 1}`,
    description: 'Shows the idea in a work of the learner’s own.',
    criteria: 'Explain it, use it, say where it ends.'.repeat(4),
    standards: standards.map(({ _id }) => _id),
    evidencePolicy: { minItems: 1 },
    image: { kind: 'template', shape: 'circle', color: '#225588', icon: 'star' },
  };
  const alignments = standards.map(({ _id, identifier, uri, statement, code }) => ({
    ...{ id: newRandomId(), standard: _id, identifier, uri, statement, code },
    framework: { id: framework, title },
  }));
  const document: Document = {
    ...{ _id: id, organization, state: 'published', draft: content, version: 1 },
    listed: { kind, framework, level: ordinal },
    ...{ createdAt: at, updatedAt: at },
  };
  const version: Document = {
    ...{ ...content, _id: `${id}/1`, achievement: id, organization, number: 1, alignments },
    ...{ levelName: `Level ${ordinal}`, levelCount: masterySize.levels, publishedAt: at },
  };
  return { achievement: { id, kind, rubric }, document, version };
}

/** Each with 30 awards, half of them by review of work that was sent back once, in classes of 30. */
async function addLearners(
  insert: Insert,
  organization: string,
  { achievements }: Curriculum,
  count: number,
) {
  const skills = achievements.filter(({ kind }) => kind !== 'level');
  const learners: string[] = [];
  const classes: Document[] = [];
  for (let start = 0; start < count; start += masterySize.class) {
    const size = Math.min(masterySize.class, count - start);
    const ids = Array.from({ length: size }, () => newId());
    await insert(
      'people',
      ids.map((_id, n) => buildPerson(organization, _id, start + n)),
    );
    const work = ids.flatMap((learner, n) =>
      Array.from({ length: masterySize.awards }, (_, k) => {
        const achievement = skills[((start + n) * 7 + k * 13) % skills.length];
        return achievement === undefined ? [] : [buildWork(organization, learner, achievement, k)];
      }).flat(),
    );
    await insert(
      'awards',
      work.map(({ award }) => award),
    );
    await insert(
      'submissions',
      work.flatMap(({ submission }) => submission ?? []),
    );
    const createdAt = new Date();
    classes.push({
      ...{ _id: newId(), organization, name: `Class ${start}`, teachers: [], learners: ids },
      ...{ createdAt, updatedAt: createdAt },
    });
    learners.push(...ids);
  }
  await insert('classes', classes);
  return { learners, classes: classes.map(({ _id }) => _id) };
}

function buildPerson(organization: string, _id: string, n: number): Document {
  return {
    ...{ _id, organization, name: `Learner ${n} Example`, roles: ['learner'] },
    ...{ guardianOf: [], adult: false, createdAt: new Date('2024-09-01T08:00:00Z') },
  };
}

const day = 86_400_000;

function buildWork(
  organization: string,
  learner: string,
  achievement: BenchAchievement,
  k: number,
) {
  const at = new Date(Date.parse('2025-01-01T09:00:00Z') + k * 12 * day);
  const [award, review, submission] = [newId(), newId(), newId()];
  const judge = (rank: number) =>
    achievement.rubric.map(({ id, levels }) => ({
      ...{ id: newRandomId(), criterion: id, level: levels[rank]?.id },
    }));
  const evidence = [{ id: newRandomId(), name: 'Report', narrative: 'What I did. '.repeat(40) }];
  const results = judge(2 + (k % 2));
  const isReviewed = k % 2 === 0;
  const credential = newRandomId();
  const target = { achievement: achievement.id, version: 1 };
  const status = { list: newRandomId(), index: k };
  return {
    award: {
      ...{ _id: award, organization, learner, ...target, results, evidence, state: 'live' },
      source: isReviewed ? { kind: 'review', submission, review } : { kind: 'direct' },
      ...{ awardedBy: 'bench', awardedAt: at },
      issuance: {
        ...{ state: 'issued', attempts: 1, credential, status, requestedAt: at, issuedAt: at },
        keys: { dataIntegrity: newRandomId(), jwt: newRandomId() },
      },
    } as Document,
    submission: isReviewed
      ? ({
          ...{ _id: submission, organization, learner, state: 'decided', round: 2, evidence },
          decisions: [
            { ...target, state: 'approved', review, award, credential, settled: 'requested' },
          ],
          earlierEvidence: [{ round: 1, evidence }],
          reviews: [1, 2].map((round) => ({
            ...{ id: round === 2 ? review : newId(), ...target, round, reviewer: 'bench' },
            ...{ reviewerKind: 'person', decision: round === 2 ? 'approve' : 'revise' },
            ...{ results: round === 2 ? results : judge(1), feedback: 'Say why.' },
            at: new Date(at.getTime() - (2 - round) * 3 * day),
          })),
          ...{ audited: 2, revision: 6, due: false, submittedAt: new Date(at.getTime() - day) },
          handedIn: [5, 1].map((days) => new Date(at.getTime() - days * day)),
          ...{ createdAt: new Date(at.getTime() - 6 * day), updatedAt: at },
        } as Document)
      : undefined,
  };
}
