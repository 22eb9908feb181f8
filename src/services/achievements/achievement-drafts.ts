import type {
  Achievement,
  AchievementContent,
  AchievementKind,
  EvidencePolicy,
} from '../../domain/achievements.ts';
import type { KnownStandards } from '../../domain/publishing.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import { buildRubric, type CriterionInput } from '../../domain/rubrics.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, invalid, notFound } from '../../shared/errors.ts';
import { newId, newRandomId } from '../../shared/ids.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { AchievementImageService, ImageInput } from './achievement-images.ts';
import { assertOpen, buildListed, lookUp, type StandardSource } from './achievement-publishing.ts';

export interface NewAchievement {
  readonly kind: AchievementKind;
  readonly name: string;
  readonly description: string;
  readonly criteria: string;
  readonly standards: readonly string[];
  readonly level?: number | undefined;
  readonly rubric: readonly CriterionInput[];
  readonly evidencePolicy?: EvidencePolicyInput | undefined;
  readonly image?: ImageInput | undefined;
  readonly language?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

export interface EvidencePolicyInput {
  readonly minItems?: number | undefined;
  readonly instructions?: string | undefined;
  readonly selfAssessment?: boolean | undefined;
  readonly accepted?: readonly string[] | undefined;
}

/** What is left out stays; `null` takes away, and gives the picture back to the template. */
export type AchievementChanges = {
  readonly [K in keyof NewAchievement]?:
    NewAchievement[K] | (K extends 'level' | 'language' | 'image' ? null : never) | undefined;
};

interface Dependencies extends StandardSource {
  readonly achievements: AchievementStore;
  readonly images: AchievementImageService;
  readonly now: Clock;
}

export async function createDraft(
  dependencies: Dependencies,
  actor: Actor,
  { image, evidencePolicy, level, language, ...input }: NewAchievement,
  id = newId(),
): Promise<Achievement> {
  assertCan(actor, 'achievements.manage');
  const { achievements, images, now } = dependencies;
  const rubric = buildRubric(input.rubric, [], newRandomId);
  const known = await lookUpKnown(dependencies, actor, input.standards);
  const at = now();
  const achievement: Achievement = {
    id,
    organization: actor.organization,
    state: 'draft',
    draft: {
      ...input,
      ...(level === undefined ? {} : { level }),
      rubric,
      evidencePolicy: buildEvidencePolicy(evidencePolicy),
      image: image === undefined ? images.pick(input) : await images.choose(actor, image),
      ...(language === undefined ? {} : { language }),
      tags: input.tags ?? [],
    },
    version: 0,
    createdAt: at,
    updatedAt: at,
  };
  await achievements.add(achievement, buildListed(achievement.draft, known));
  return achievement;
}

const maxAttempts = 5;

/** Writes the changes over the draft that is there; when somebody else was quicker, over theirs. */
export async function updateDraft(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
  { image, ...changes }: AchievementChanges,
): Promise<Achievement> {
  assertCan(actor, 'achievements.manage');
  const { achievements, images, now } = dependencies;
  const scope = scopeOf(actor);
  const chosen = image ? await images.choose(actor, image) : image;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const before = await achievements.find(scope, id);
    if (before === undefined) throw notFound('achievement');
    assertOpen(before);
    assertSameKind(before, changes.kind);
    const content = applyChanges(before.draft, changes);
    const draft = {
      ...content,
      image: chosen === null ? images.pick(content) : (chosen ?? content.image),
    };
    const known = await lookUpKnown(dependencies, actor, draft.standards);
    const after = await achievements.replaceDraft(scope, before, {
      draft,
      // Always later than before: it tells one state of the draft from the next.
      updatedAt: new Date(Math.max(now().getTime(), before.updatedAt.getTime() + 1)),
      ...(before.version === 0 ? { listed: buildListed(draft, known) } : {}),
    });
    if (after !== undefined) return after;
  }
  throw conflict(
    'achievement.changed_meanwhile',
    'Somebody else is changing this achievement. Please try again.',
  );
}

function assertSameKind(before: Achievement, kind: AchievementKind | undefined): void {
  if (kind === undefined || kind === before.draft.kind || before.version === 0) return;
  throw conflict(
    'achievement.kind_fixed',
    'A published achievement keeps its kind. Make a new achievement instead.',
  );
}

function applyChanges(
  { level: levelBefore, language: languageBefore, ...before }: AchievementContent,
  { rubric, evidencePolicy, level, language, ...changes }: Omit<AchievementChanges, 'image'>,
): AchievementContent {
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  const levelAfter = level === undefined ? levelBefore : level;
  const languageAfter = language === undefined ? languageBefore : language;
  return {
    ...before,
    ...given,
    ...(levelAfter === undefined || levelAfter === null ? {} : { level: levelAfter }),
    ...(languageAfter === undefined || languageAfter === null ? {} : { language: languageAfter }),
    rubric: rubric === undefined ? before.rubric : buildRubric(rubric, before.rubric, newRandomId),
    evidencePolicy:
      evidencePolicy === undefined ? before.evidencePolicy : buildEvidencePolicy(evidencePolicy),
  };
}

function buildEvidencePolicy({
  minItems = 1,
  instructions,
  selfAssessment,
  accepted = [],
}: EvidencePolicyInput = {}): EvidencePolicy {
  return {
    minItems,
    ...(instructions === undefined ? {} : { instructions }),
    ...(selfAssessment === true ? { selfAssessment } : {}),
    ...(accepted.length === 0 ? {} : { accepted }),
  };
}

/** @throws ServiceError `achievement.unknown_standard` when a standard is not of this school */
async function lookUpKnown(
  source: StandardSource,
  actor: Actor,
  standards: readonly string[],
): Promise<KnownStandards> {
  const known = await lookUp(source, scopeOf(actor), standards);
  const issues = standards.flatMap((standard, index) =>
    known.standards.some(({ id }) => id === standard)
      ? []
      : [{ path: `standards.${index}`, message: 'is no standard of your school' }],
  );
  if (issues.length === 0) return known;
  throw invalid('achievement.unknown_standard', 'Your school has no such standard.', issues);
}
