import { tellHistory, type HistoryEntry, type HistoryStep } from '../../domain/history.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import { getLearner } from '../school/learner-visibility.ts';
import { loadFacts, type ProgressDependencies } from './facts.ts';
import type { RosterDependencies } from './roster.ts';

export type HistoryService = ReturnType<typeof createHistoryService>;

/** Over time: what was earned, handed in and sent back. */
export function createHistoryService(
  dependencies: Pick<ProgressDependencies, 'learning'> & RosterDependencies,
) {
  const { classes } = dependencies;

  return { ofLearner, ofClass };

  async function ofLearner(
    actor: Actor,
    id: string,
    step: HistoryStep,
  ): Promise<readonly HistoryEntry[]> {
    await getLearner(dependencies, actor, id);
    return tellHistory((await loadFacts(dependencies, scopeOf(actor), [id])).values(), step);
  }

  async function ofClass(
    actor: Actor,
    id: string,
    step: HistoryStep,
  ): Promise<readonly HistoryEntry[]> {
    assertCan(actor, 'classes.read');
    const found = await classes.find(scopeOf(actor), id);
    if (found === undefined) throw notFound('class');
    return tellHistory(
      (await loadFacts(dependencies, scopeOf(actor), found.learners)).values(),
      step,
    );
  }
}
