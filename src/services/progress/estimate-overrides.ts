import type { EstimateOverride } from '../../domain/estimates.ts';
import type { Pace, Person } from '../../domain/people.ts';
import { assertCan, can, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { getLearner } from '../school/learner-visibility.ts';
import type { ProgressDependencies } from './facts.ts';

export interface NewOverride {
  readonly standard: string;
  /** Name of a level of a rubric by which the standard is judged. */
  readonly level: string;
  readonly reason: string;
}

type Dependencies = Pick<ProgressDependencies, 'estimateOverrides' | 'catalogue'> & {
  readonly people: Pick<PersonStore, 'findMany' | 'setPace'>;
  readonly audit: AuditService;
  readonly now: Clock;
};

export type LearnerPlanService = ReturnType<typeof createLearnerPlanService>;

/** What people say about a learner's way: an estimate in the place of the computed one, and the pace that was chosen. */
export function createLearnerPlanService(dependencies: Dependencies) {
  const { estimateOverrides, catalogue, people, audit, now } = dependencies;

  return { override, withdraw, list, setPace };

  async function override(
    actor: Actor,
    id: string,
    { standard, level, reason }: NewOverride,
  ): Promise<EstimateOverride> {
    assertCan(actor, 'estimates.override');
    const learner = await getLearner(dependencies, actor, id);
    const scope = scopeOf(actor);
    const { achievements } = await catalogue.load(scope, now());
    const found = findLevel(achievements, standard, level);
    const made: EstimateOverride = {
      id: newId(),
      ...scope,
      learner: learner.id,
      standard,
      ...found,
      reason,
      by: actor.id,
      at: now(),
    };
    if (!(await estimateOverrides.add(made))) {
      throw conflict(
        'estimate.overridden_already',
        'Somebody has decided this estimate already. Take that back first.',
      );
    }
    const details = { override: made.id, standard, value: made.value };
    const subject = `person:${learner.id}`;
    await audit.record(actor, { action: 'estimate.overridden', subject, reason, details });
    return made;
  }

  /** The computed estimate is shown again. */
  async function withdraw(actor: Actor, learner: string, id: string): Promise<EstimateOverride> {
    assertCan(actor, 'estimates.override');
    await getLearner(dependencies, actor, learner);
    const scope = scopeOf(actor);
    const before = await estimateOverrides.find(scope, id);
    if (before?.learner !== learner) throw notFound('estimate_override');
    const found = await estimateOverrides.withdraw(scope, id, { by: actor.id, at: now() });
    if (found === undefined) {
      throw conflict('estimate.withdrawn_already', 'This was taken back already.');
    }
    await audit.record(actor, {
      action: 'estimate.override-withdrawn',
      subject: `person:${found.learner}`,
      details: { override: id, standard: found.standard },
      key: `estimate.override-withdrawn:${id}`,
    });
    return found;
  }

  /** All that were ever made for a learner, newest first. */
  async function list(actor: Actor, learner: string): Promise<readonly EstimateOverride[]> {
    await getLearner(dependencies, actor, learner);
    return estimateOverrides.listOf(scopeOf(actor), [learner]);
  }

  /** Learners choose for themselves; staff may help them to. */
  async function setPace(actor: Actor, id: string, perMonth: number | undefined): Promise<Person> {
    const { pace: _before, ...learner } = await getLearner(dependencies, actor, id);
    if (actor.id !== id && !can(actor, 'estimates.override')) {
      throw forbidden('pace.not_yours', 'A pace is chosen by the learner, or with a teacher.');
    }
    const pace: Pace | undefined =
      perMonth === undefined ? undefined : { perMonth, setBy: actor.id, setAt: now() };
    await people.setPace(scopeOf(actor), id, pace);
    await audit.record(actor, {
      action: 'learner.pace-set',
      subject: `person:${id}`,
      details: { perMonth: perMonth ?? 0 },
    });
    return pace === undefined ? learner : { ...learner, pace };
  }
}

/** A level is named as people name it; the newest achievement with such a level says what it is worth. */
function findLevel(
  achievements: readonly CatalogueEntry[],
  standard: string,
  name: string,
): Pick<EstimateOverride, 'level' | 'value'> {
  const aligned = achievements.filter(({ current }) => current.standards.includes(standard));
  if (aligned.length === 0) throw notFound('standard');
  const scales = aligned.toReversed().flatMap(({ current }) => current.rubric);
  const wanted = name.trim().toLowerCase();
  for (const { levels } of scales) {
    const rank = levels.findIndex((level) => level.name.trim().toLowerCase() === wanted);
    const level = levels[rank];
    if (level !== undefined) return { level: level.name, value: rank / (levels.length - 1) };
  }
  const names = [...new Set(scales.flatMap(({ levels }) => levels.map((level) => level.name)))];
  throw invalid('estimate.unknown_level', 'This standard is not judged by a level of that name.', [
    { path: 'level', message: `must be one of ${names.slice(0, 20).join(', ')}` },
  ]);
}
