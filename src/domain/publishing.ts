import type { Issue } from '../shared/errors.ts';
import type {
  Achievement,
  AchievementContent,
  AchievementVersion,
  StandardAlignment,
} from './achievements.ts';
import { findRubricIssues, type Criterion } from './rubrics.ts';
import type { Framework, Level, Standard } from './standards.ts';
import { findTextFault } from './texts.ts';

/** The school's standards that a draft names, as far as they exist, with their frameworks. */
export interface KnownStandards {
  readonly standards: readonly Standard[];
  readonly frameworks: readonly Framework[];
}

/** OB 3.0, type LanguageCode. */
export const languagePattern = /^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/;

/** Everything that keeps a draft from being published; empty when it may be. */
export function findPublishIssues(
  draft: AchievementContent,
  known: KnownStandards,
): readonly Issue[] {
  return [
    ...findTextIssues(draft),
    ...findStandardIssues(draft, known.standards),
    ...findLevelIssues(draft, known),
    ...findCriterionIssues(draft),
    ...findRubricIssues(draft.rubric),
    ...findTagIssues(draft),
  ];
}

/** Every text that ends up in a credential, and where it stands. */
function* textsOf(draft: AchievementContent): Generator<readonly [path: string, text: string]> {
  yield ['name', draft.name];
  yield ['description', draft.description];
  yield ['criteria', draft.criteria];
  for (const [index, tag] of draft.tags.entries()) yield [`tags.${index}`, tag];
  for (const [index, criterion] of draft.rubric.entries()) {
    yield* textsOfCriterion(`rubric.${index}`, criterion);
  }
  const { instructions } = draft.evidencePolicy;
  if (instructions !== undefined) yield ['evidencePolicy.instructions', instructions];
  for (const [index, kind] of (draft.evidencePolicy.accepted ?? []).entries()) {
    yield [`evidencePolicy.accepted.${index}`, kind];
  }
}

function* textsOfCriterion(path: string, { name, description, levels }: Criterion) {
  yield [`${path}.name`, name] as const;
  if (description !== undefined) yield [`${path}.description`, description] as const;
  for (const [index, level] of levels.entries()) {
    yield [`${path}.levels.${index}.name`, level.name] as const;
    if (level.description !== undefined) {
      yield [`${path}.levels.${index}.description`, level.description] as const;
    }
  }
}

function findTextIssues(draft: AchievementContent): readonly Issue[] {
  return [...textsOf(draft)].flatMap(([path, text]) => {
    const message = findTextFault(text);
    return message === undefined ? [] : [{ path, message }];
  });
}

function findStandardIssues(
  { kind, standards: ids }: AchievementContent,
  standards: readonly Standard[],
): readonly Issue[] {
  const issues: Issue[] = ids.flatMap((id, index) => {
    const message = findStandardFault(id, index, ids, standards);
    return message === undefined ? [] : [{ path: `standards.${index}`, message }];
  });
  const distinct = new Set(ids).size;
  if (kind === 'boss' && distinct < 2) {
    issues.push({ path: 'standards', message: 'must name at least two standards for a boss' });
  } else if (kind !== 'credit' && distinct < 1) {
    issues.push({ path: 'standards', message: 'must name at least one standard' });
  }
  return issues;
}

function findStandardFault(
  id: string,
  index: number,
  ids: readonly string[],
  standards: readonly Standard[],
): string | undefined {
  const standard = standards.find((candidate) => candidate.id === id);
  if (standard === undefined) return 'is no standard of your school';
  if (standard.organization !== standards[0]?.organization) return 'is no standard of your school';
  if (standard.state === 'retired') return 'is retired: choose the standard that took its place';
  if (ids.indexOf(id) < index) return 'is named twice';
  return undefined;
}

function findLevelIssues(draft: AchievementContent, known: KnownStandards): readonly Issue[] {
  const { kind, level } = draft;
  if (kind === 'credit') {
    return level === undefined ? [] : [{ path: 'level', message: 'must be left out of a credit' }];
  }
  if (level === undefined) return [{ path: 'level', message: 'must be one of the levels' }];
  // Without a known first standard there is nothing to look the level up in, and that is an issue already.
  if (!known.standards.some(({ id }) => id === draft.standards[0])) return [];
  return findLevel(draft, known) === undefined
    ? [{ path: 'level', message: 'is no level of the framework of the first standard' }]
    : [];
}

function findLevel(draft: AchievementContent, known: KnownStandards): Level | undefined {
  return findFramework(draft, known)?.levels.find(({ ordinal }) => ordinal === draft.level);
}

/** The framework that an achievement belongs to: that of its first standard. */
export function findFramework(
  { standards }: Pick<AchievementContent, 'standards'>,
  known: KnownStandards,
): Framework | undefined {
  const first = known.standards.find(({ id }) => id === standards[0]);
  return known.frameworks.find(({ id }) => id === first?.framework);
}

function findCriterionIssues({ kind, rubric }: AchievementContent): readonly Issue[] {
  const judged = kind === 'microcredential' || kind === 'boss';
  return judged && rubric.length === 0
    ? [{ path: 'rubric', message: 'must have at least one criterion' }]
    : [];
}

function findTagIssues({ language, tags }: AchievementContent): readonly Issue[] {
  const issues: Issue[] = tags.flatMap((tag, index) =>
    tags.indexOf(tag) < index ? [{ path: `tags.${index}`, message: 'is named twice' }] : [],
  );
  if (language !== undefined && !languagePattern.test(language)) {
    issues.push({ path: 'language', message: 'must be a language code such as en or pt-BR' });
  }
  return issues;
}

/**
 * The version that publishing makes of a draft without issues: its standards as they read today, for ever.
 * A standard that the version before pointed at keeps its alignment's id.
 */
export function buildVersion(
  { id, organization, draft, version }: Achievement,
  known: KnownStandards,
  made: { previous: AchievementVersion | undefined; publishedAt: Date; makeId: () => string },
): AchievementVersion {
  const level = findLevel(draft, known);
  return {
    ...draft,
    achievement: id,
    organization,
    number: version + 1,
    alignments: draft.standards.flatMap((standard) => {
      const found = known.standards.find((candidate) => candidate.id === standard);
      const before = made.previous?.alignments.find((alignment) => alignment.standard === standard);
      return found === undefined
        ? []
        : [buildAlignment(before?.id ?? made.makeId(), found, known.frameworks)];
    }),
    ...(level === undefined
      ? {}
      : { levelName: level.name, levelCount: findFramework(draft, known)?.levels.length ?? 0 }),
    publishedAt: made.publishedAt,
  };
}

function buildAlignment(
  id: string,
  { id: standard, identifier, uri, statement, code, framework: home }: Standard,
  frameworks: readonly Framework[],
): StandardAlignment {
  const title = frameworks.find((framework) => framework.id === home)?.title ?? '';
  return {
    id,
    standard,
    identifier,
    uri,
    statement,
    ...(code === undefined ? {} : { code }),
    framework: { id: home, title },
  };
}
