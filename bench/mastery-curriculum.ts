import { newId, newRandomId } from '../src/shared/ids.ts';

/** Straight into the collections: what a school of years has is not handed in one by one. */
export type Document = { _id: string } & Record<string, unknown>;
export type Insert = (collection: string, documents: readonly Document[]) => Promise<void>;

const size = {
  frameworks: 3,
  levels: 3,
  perLevel: 66,
} as const;

export interface BenchAchievement {
  readonly id: string;
  readonly kind: 'microcredential' | 'boss' | 'level';
  readonly rubric: readonly {
    readonly id: string;
    readonly levels: readonly { readonly id: string }[];
  }[];
}
export type Curriculum = Awaited<ReturnType<typeof addCurriculum>>;

/** 3 frameworks of 3 levels, each with 66 skills, a boss and a level: 612 achievements. */
export async function addCurriculum(insert: Insert, organization: string) {
  const createdAt = new Date('2024-09-01T08:00:00Z');
  const frameworks: string[] = [];
  const achievements: BenchAchievement[] = [];
  for (let f = 1; f <= size.frameworks; f += 1) {
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
  const levels = Array.from({ length: size.levels }, (_, n) => ({
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
    const skills = Array.from({ length: size.perLevel }, (_, n) =>
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
    listed: { kind, framework, level: ordinal, standards: content.standards },
    ...{ createdAt: at, updatedAt: at },
  };
  const version: Document = {
    ...{ ...content, _id: `${id}/1`, achievement: id, organization, number: 1, alignments },
    ...{ levelName: `Level ${ordinal}`, levelCount: size.levels, publishedAt: at },
  };
  return { achievement: { id, kind, rubric }, document, version };
}
