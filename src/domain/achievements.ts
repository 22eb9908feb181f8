import type { Criterion } from './rubrics.ts';

export const achievementKinds = ['microcredential', 'boss', 'level', 'credit'] as const;
export type AchievementKind = (typeof achievementKinds)[number];

/** Where an achievement points into a standards framework: what an OB 3.0 Alignment says, frozen when published. */
export interface StandardAlignment {
  /** Identifies the Alignment node inside credentials (`urn:uuid:{id}`). */
  readonly id: string;
  /** Our id of the standard. */
  readonly standard: string;
  /** CASE CFItem identifier and uri, verbatim. */
  readonly identifier: string;
  readonly uri: string;
  readonly statement: string;
  readonly code?: string;
  readonly framework: { readonly id: string; readonly title: string };
}

/** A picture made from our own template. */
export interface TemplateImage {
  readonly kind: 'template';
  readonly shape: 'circle' | 'hexagon' | 'shield' | 'stone' | 'square';
  /** `#rrggbb` */
  readonly color: string;
  /** Name of an icon of the template's own set. */
  readonly icon: string;
}

/** An uploaded picture, re-encoded to PNG; `blob` names its bytes. */
export interface UploadedImage {
  readonly kind: 'upload';
  readonly blob: string;
  readonly width: number;
  readonly height: number;
}

export type AchievementImage = TemplateImage | UploadedImage;

/** What a learner has to hand in. */
export interface EvidencePolicy {
  readonly minItems: number;
  readonly instructions?: string;
  /** Whether learners say first how they see their own work, criterion by criterion. */
  readonly selfAssessment?: boolean;
  /** Kinds of evidence that are welcome, in words; others are not refused. */
  readonly accepted?: readonly string[];
}

/** What teachers write; becomes a version when published. */
export interface AchievementContent {
  readonly kind: AchievementKind;
  readonly name: string;
  readonly description: string;
  /** Markdown: what a learner must show. */
  readonly criteria: string;
  /** Ids of standards (ours). */
  readonly standards: readonly string[];
  /** A level of the framework that the first standard belongs to. Credits have none. */
  readonly level?: number;
  readonly rubric: readonly Criterion[];
  readonly evidencePolicy: EvidencePolicy;
  readonly image: AchievementImage;
  /** BCP 47 as OB 3.0 writes it, for example `en` or `en-US`. */
  readonly language?: string;
  readonly tags: readonly string[];
}

/** Immutable once made: credentials quote it. */
export interface AchievementVersion extends AchievementContent {
  readonly achievement: string;
  readonly organization: string;
  /** 1, 2, 3 … */
  readonly number: number;
  readonly alignments: readonly StandardAlignment[];
  /** Name of the level at the time, so that pages need no second look-up. */
  readonly levelName?: string;
  /** How many levels the framework had at the time: the picture shows one of so many. */
  readonly levelCount?: number;
  readonly publishedAt: Date;
}

export interface Achievement {
  readonly id: string;
  readonly organization: string;
  readonly state: 'draft' | 'published' | 'retired';
  /** What is being edited; equal to the last version when nothing was changed since. */
  readonly draft: AchievementContent;
  /** Number of the newest published version; 0 when there is none. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** `level` achievements are only ever awarded by a level rule; all others are a person's decision. */
export function isAwardedByHand(kind: AchievementKind): boolean {
  return kind !== 'level';
}
