import { groupBy } from '../../shared/group.ts';
import type { EstimateOverride, ShownEstimate } from '../../domain/estimates.ts';
import type { Letters } from '../../domain/letters/types.ts';
import type { NextStep } from '../../domain/level-rules.ts';
import type { Estimate } from '../../domain/roll-ups.ts';
import type {
  FrameworkProgress,
  LevelProgress,
  Progress,
  ProgressEntry,
} from '../../services/progress/progress.ts';

export function presentProgress({ learner, at, frameworks, others, pace, letters }: Progress) {
  return {
    learner: { id: learner.id, name: learner.name },
    asOf: at,
    frameworks: frameworks.map((one) => presentFramework(one, letters)),
    others: others.map(presentEntry),
    pace: { ...pace, words: letters.pace(pace) },
  };
}

function presentFramework(progress: FrameworkProgress, letters: Letters) {
  const { framework, rollUp, levels, entries, standards } = progress;
  const byLevel = groupBy(entries, ({ achievement }) => achievement.listed.level);
  const unleveled = byLevel.get(undefined) ?? [];
  return {
    id: framework.id,
    title: framework.title,
    rollUp,
    decisions: levels.map((level) => ({
      ...presentDecision(level),
      nextSteps: level.decision.nextSteps.map((step, place) =>
        presentStep(step, level.words[place] ?? ''),
      ),
    })),
    levels: [
      ...framework.levels.map(({ ordinal, name }) => ({
        ordinal,
        name,
        achievements: (byLevel.get(ordinal) ?? []).map(presentEntry),
      })),
      ...(unleveled.length === 0 ? [] : [{ achievements: unleveled.map(presentEntry) }]),
    ],
    standards: standards.map(({ standard: id, framework: _framework, estimate, ...rest }) =>
      estimate === undefined
        ? { id, ...rest }
        : { id, ...rest, estimate: presentEstimate(estimate, letters) },
    ),
  };
}

export function presentDecision({ rule, decision }: Pick<LevelProgress, 'rule' | 'decision'>) {
  const { state, share, earned, missing, lacking, bossReady } = decision;
  return {
    rule: rule.id,
    ordinal: rule.ordinal,
    ...(rule.strand === undefined ? {} : { strand: rule.strand }),
    achievement: rule.achievement,
    state,
    share,
    earned: earned.length,
    missing: missing.length,
    lacking,
    bossReady,
  };
}

function presentStep(step: NextStep, words: string) {
  const { kind, achievements } = step;
  return { kind, achievements, ...('count' in step ? { count: step.count } : {}), words };
}

function presentEntry({ achievement, standing }: ProgressEntry) {
  const { id, current, listed } = achievement;
  const level = listed.level === undefined ? {} : { level: listed.level };
  return { id, name: current.name, kind: listed.kind, ...level, ...standing };
}

function presentEstimate({ computed, override, ...shown }: ShownEstimate, letters: Letters) {
  return {
    ...shown,
    ...(computed === undefined ? {} : { computed: presentComputed(computed, letters) }),
    ...(override === undefined ? {} : { override: presentOverride(override) }),
  };
}

function presentComputed({ evidence, reason, ...computed }: Estimate, letters: Letters) {
  const why = letters.estimate(reason);
  return { ...computed, why, evidence: evidence.map(({ scale: _scale, ...one }) => one) };
}

export function presentOverride({ organization: _organization, ...override }: EstimateOverride) {
  return override;
}
