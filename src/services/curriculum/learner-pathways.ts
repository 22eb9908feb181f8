import { decidePathway, type Pathway, type PathwayDecision } from '../../domain/pathways.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import type { PathwayStore } from '../../storage/pathways.ts';
import { readNames, type VersionLists } from '../achievements/known-achievements.ts';
import { readLearner, type LearnerSource } from '../school/learner-visibility.ts';

export interface LearnerPathways {
  readonly pathways: readonly { readonly pathway: Pathway; readonly decision: PathwayDecision }[];
  readonly names: ReadonlyMap<string, string>;
}

export type LearnerPathwayService = ReturnType<typeof createLearnerPathwayService>;

export function createLearnerPathwayService(
  dependencies: LearnerSource & {
    readonly pathways: Pick<PathwayStore, 'listActive'>;
    readonly versions: VersionLists;
  },
) {
  return { listOf };

  /** Where the learner stands on each pathway of the school. */
  async function listOf(actor: Actor, learner: string): Promise<LearnerPathways> {
    const { held } = await readLearner(dependencies, actor, learner);
    const scope = scopeOf(actor);
    const all = await dependencies.pathways.listActive(scope);
    const ids = new Set(held.keys());
    const named = all.flatMap(({ steps, award }) => [
      ...steps.map(({ achievement }) => achievement),
      ...(award ? [award.achievement] : []),
    ]);
    return {
      pathways: all.map((pathway) => ({ pathway, decision: decidePathway(pathway, ids) })),
      names: await readNames(dependencies.versions, scope, named),
    };
  }
}
