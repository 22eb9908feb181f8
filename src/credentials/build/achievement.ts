import type {
  AchievementKind,
  AchievementVersion,
  StandardAlignment,
} from '../../domain/achievements.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Criterion, CriterionLevel } from '../../domain/rubrics.ts';
import type { Urls } from '../../shared/urls.ts';
import { contextUrls } from '../documents.ts';
import type {
  AchievementObject,
  Alignment,
  ResultDescription,
  RubricResultDescription,
  RubricCriterionLevel,
} from '../types.ts';
import { buildLevelResultDescriptions } from './level-results.ts';
import { tidy } from './tidy.ts';
import { urn } from './urn.ts';

/**
 * Terms of OB 3.0 §B.1.2 nearest to what each kind says about its holder. A microcredential attests standards that
 * it names; a boss is one integrative assessment; a level certifies a part of a programme; a credit takes the place
 * of a course without being one, for which there is no narrower term than Achievement.
 */
const achievementTypes: Readonly<Record<AchievementKind, string>> = {
  microcredential: 'Competency',
  boss: 'Assessment',
  level: 'Certificate',
  credit: 'Achievement',
};

/** CASE items are pointed at, by GUID and address (implementation guide, "Alignment with CASE items"). */
function buildAlignment(alignment: StandardAlignment): Alignment {
  return {
    id: urn(alignment.id),
    type: ['Alignment'],
    targetType: 'CFItem',
    targetName: alignment.statement,
    targetUrl: alignment.uri,
    targetCode: alignment.identifier,
    targetFramework: alignment.framework.title,
  };
}

function buildLevel(level: CriterionLevel, index: number): RubricCriterionLevel {
  return {
    id: urn(level.id),
    type: ['RubricCriterionLevel'],
    name: level.name,
    level: String(index + 1),
    ...(level.description !== undefined && { description: level.description }),
    ...(level.points !== undefined && { points: String(level.points) }),
  };
}

function buildResultDescription(criterion: Criterion): RubricResultDescription {
  return {
    id: urn(criterion.id),
    type: ['ResultDescription'],
    name: criterion.name,
    ...(criterion.description !== undefined && { description: criterion.description }),
    resultType: 'RubricCriterionLevel',
    requiredLevel: urn(criterion.requiredLevel),
    rubricCriterionLevel: criterion.levels.map(buildLevel),
  };
}

function describeResults(version: AchievementVersion): readonly ResultDescription[] {
  const ofRubric = version.rubric.map(buildResultDescription);
  return version.kind === 'level'
    ? [...ofRubric, ...buildLevelResultDescriptions(version.achievement)]
    : ofRubric;
}

function codesOf({ alignments }: AchievementVersion): string {
  const codes = alignments.map(({ code }) => code).filter((code) => code !== undefined);
  return [...new Set(codes)].join(', ');
}

/** An Achievement as credentials quote it: one published version. */
export function buildAchievement(
  urls: Urls,
  organization: Organization,
  version: AchievementVersion,
): AchievementObject {
  const { achievement, number, name, levelName } = version;
  return tidy<AchievementObject>({
    id: urls.achievement(achievement),
    type: ['Achievement'],
    achievementType: achievementTypes[version.kind],
    version: String(number),
    name,
    description: version.description,
    criteria: { id: urls.achievementVersion(achievement, number), narrative: version.criteria },
    creator: { id: urls.issuerDid(organization.id), type: ['Profile'], name: organization.name },
    image: { id: urls.achievementImage(achievement, number, 'png'), type: 'Image', caption: name },
    humanCode: codesOf(version),
    ...(version.language !== undefined && { inLanguage: version.language }),
    // OB 3.0 has no term for the level of an achievement: it travels as a tag.
    tag: [...new Set([...version.tags, ...(levelName === undefined ? [] : [levelName])])],
    alignment: version.alignments.map(buildAlignment),
    resultDescription: describeResults(version),
  });
}

/** What `/achievements/{id}` answers to machines. */
export function buildAchievementDocument(
  urls: Urls,
  organization: Organization,
  version: AchievementVersion,
): AchievementObject & { readonly '@context': readonly string[] } {
  return {
    '@context': [contextUrls.credentialsV2, contextUrls.openBadges],
    ...buildAchievement(urls, organization, version),
  };
}
