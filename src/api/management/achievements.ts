import { z } from 'zod';
import {
  achievementKinds,
  type Achievement,
  type AchievementContent,
  type AchievementVersion,
} from '../../domain/achievements.ts';
import type { Criterion } from '../../domain/rubrics.ts';
import type {
  AchievementService,
  SeenAchievement,
} from '../../services/achievements/achievements.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery } from '../schemas.ts';
import {
  achievementChangesSchema,
  achievementSchema,
  achievementVersionSchema,
  newAchievementSchema,
} from './achievement-schemas.ts';
import {
  presentUnreachable,
  presentUnreachableCredit,
  unreachableCreditSchema,
  unreachableSchema,
} from './level-rule-schemas.ts';

export function achievementRoutes(achievements: AchievementService): readonly Route[] {
  return [...writingRoutes(achievements), ...readingRoutes(achievements)];
}

function writingRoutes(achievements: AchievementService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/achievements',
      tag: 'achievements',
      summary: 'Draft an achievement',
      body: newAchievementSchema,
      response: achievementSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const achievement = presentDraft(await achievements.create(actor, body));
        return {
          body: achievement,
          headers: { Location: `/api/v1/achievements/${achievement.id}` },
        };
      },
    }),
    route({
      method: 'patch',
      path: '/achievements/:id',
      tag: 'achievements',
      summary: 'Change the draft of an achievement; published versions stay as they are',
      params: idParams,
      body: achievementChangesSchema,
      response: achievementSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: presentDraft(await achievements.update(actor, params.id, body)),
      }),
    }),
    route({
      method: 'post',
      path: '/achievements/:id/publish',
      tag: 'achievements',
      summary: 'Make the draft the newest version, for ever',
      params: idParams,
      response: achievementSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentDraft(await achievements.publish(actor, params.id)),
      }),
    }),
    route({
      method: 'post',
      path: '/achievements/:id/retire',
      tag: 'achievements',
      summary:
        'End new awards; what was awarded stays. `unreachable…`: levels, credits and pathways that ask for it',
      params: idParams,
      response: achievementSchema.extend({
        unreachable: z.array(unreachableSchema),
        unreachableCredits: z.array(unreachableCreditSchema),
      }),
      status: 200,
      handle: async ({ actor, params }) => {
        const { achievement, unreachable, unreachableCredits } = await achievements.retire(
          actor,
          params.id,
        );
        return {
          body: {
            ...presentDraft(achievement),
            unreachable: unreachable.map(presentUnreachable),
            unreachableCredits: unreachableCredits.map(presentUnreachableCredit),
          },
        };
      },
    }),
  ];
}

function readingRoutes(achievements: AchievementService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/achievements',
      tag: 'achievements',
      summary: 'List achievements, newest first',
      query: z.strictObject({
        ...pageQuery,
        state: z.enum(['draft', 'published', 'retired']).optional(),
        kind: z.enum(achievementKinds).optional(),
        framework: idSchema.optional(),
        level: z.coerce.number().int().min(1).max(99).optional(),
      }),
      response: pageOf(achievementSchema),
      status: 200,
      handle: async ({ actor, query: { limit, cursor, ...filter } }) => {
        const { items, ...page } = await achievements.list(actor, filter, { limit, cursor });
        return { body: { items: items.map(presentSeen), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/achievements/:id',
      tag: 'achievements',
      summary: 'One achievement: its draft for those who write it, else its newest version',
      params: idParams,
      response: achievementSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentSeen(await achievements.get(actor, params.id)),
      }),
    }),
    route({
      method: 'get',
      path: '/achievements/:id/versions/:number',
      tag: 'achievements',
      summary: 'One published version, as credentials quote it',
      params: idParams.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }),
      response: achievementVersionSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentVersion(await achievements.getVersion(actor, params.id, params.number)),
      }),
    }),
  ];
}

function presentDraft({ draft, ...achievement }: Achievement) {
  return presentSeen({ ...achievement, content: draft });
}

function presentSeen({ id, state, version, content, createdAt, updatedAt }: SeenAchievement) {
  return { id, state, version, ...presentContent(content), createdAt, updatedAt };
}

function presentVersion(version: AchievementVersion) {
  const { achievement, number, alignments, levelName, levelCount, publishedAt } = version;
  return {
    achievement,
    number,
    ...presentContent(version),
    levelName,
    levelCount,
    alignments,
    publishedAt,
  };
}

function presentContent(content: AchievementContent) {
  const { kind, name, description, criteria, standards, level, rubric, image } = content;
  return {
    kind,
    name,
    description,
    criteria,
    standards,
    level,
    rubric: presentRubric(rubric),
    evidencePolicy: content.evidencePolicy,
    image: image.kind === 'upload' ? presentUpload(image) : image,
    language: content.language,
    tags: content.tags,
  };
}

export function presentRubric(rubric: readonly Criterion[]) {
  return rubric.map((criterion) => ({
    ...criterion,
    requiredLevelName:
      criterion.levels.find(({ id }) => id === criterion.requiredLevel)?.name ?? '',
  }));
}

/** Where its bytes lie is nobody's business. */
function presentUpload({ kind, width, height }: { kind: 'upload'; width: number; height: number }) {
  return { kind, width, height };
}
