import type { Composition } from './compositions.ts';
import { findShortage, type RuleFault } from './level-rule-faults.ts';
import { findPrerequisites, requirementOf, type Pathway } from './pathways.ts';
import { ruleOf, type Requirement } from './requirements.ts';

type Composed = Pick<Composition, 'id' | 'all' | 'any'>;
type Way = Pick<Pathway, 'kind' | 'steps' | 'award' | 'state'>;

/** Every achievement that can keep a composition or a pathway from being reached, itself or its award among them. */
export function namedByComposition({ id, all, any }: Composed): readonly string[] {
  return [id, ...all, ...(any?.achievements ?? [])];
}

export function namedByPathway({ steps, award }: Pick<Way, 'steps' | 'award'>): readonly string[] {
  const names = steps.map(({ achievement }) => achievement);
  return award === undefined ? names : [...names, award.achievement];
}

/** Why nobody else can reach a credit; a credit that is retired itself has ended, and asks for nothing any more. */
export function findCompositionFaults(
  composition: Composed,
  retired: ReadonlySet<string>,
): readonly RuleFault[] {
  if (retired.has(composition.id)) return [];
  const short = findShortageOf(composition, retired);
  return [
    ...composition.all.flatMap((one, index) => {
      if (!retired.has(one)) return [];
      const sentence =
        'The credit asks for an achievement that is retired: nobody who does not hold that one already can reach the credit any more.';
      return [{ code: 'credit.retired', path: `all.${index}`, message: 'is retired', sentence }];
    }),
    ...(short === undefined
      ? []
      : [
          {
            code: 'credit.count_above_parts',
            path: 'any.count',
            message: `must be at most ${short.left}`,
            sentence: `The credit asks for ${short.asked} of its achievements, and ${short.left} of them can still be earned.`,
          },
        ]),
  ];
}

/** Why nobody else can go a pathway to its end, or be given its award. */
export function findPathwayFaults(
  pathway: Way,
  retired: ReadonlySet<string>,
): readonly RuleFault[] {
  if (pathway.state === 'retired') return [];
  return [...findStepFaults(pathway, retired), ...findAwardFaults(pathway, retired)];
}

/** A step that is retired may be left out where the award asks for no more than the others, and none waits for it. */
function findStepFaults(pathway: Way, retired: ReadonlySet<string>): readonly RuleFault[] {
  const waitedFor = new Set([...findPrerequisites(pathway).values()].flat());
  return pathway.steps.flatMap(({ achievement }, index) => {
    const isWaitedFor = waitedFor.has(achievement);
    if (!retired.has(achievement) || (pathway.award !== undefined && !isWaitedFor)) return [];
    const sentence = isWaitedFor
      ? 'This step is retired: nobody else can earn it, and what waits for it stays closed.'
      : 'This step is retired: nobody else can earn it.';
    const path = `steps.${index}.achievement`;
    return [{ code: 'pathway.retired_step', path, message: 'is retired', sentence }];
  });
}

function findAwardFaults(
  { steps, award }: Way,
  retired: ReadonlySet<string>,
): readonly RuleFault[] {
  if (award === undefined) return [];
  if (retired.has(award.achievement)) {
    const sentence = 'What the pathway awards is retired, so that nobody is given it any more.';
    const path = 'award.achievement';
    return [{ code: 'pathway.retired_award', path, message: 'is retired', sentence }];
  }
  const short = findShortageOf(requirementOf({ steps }, award.need), retired);
  if (short === undefined) return [];
  return [
    {
      code: 'pathway.need_above_steps',
      path: 'award.need',
      message: `must be at most ${short.left}`,
      sentence: `The award asks for ${short.asked} steps, and ${short.left} of them can still be earned.`,
    },
  ];
}

function findShortageOf(requirement: Requirement, retired: ReadonlySet<string>) {
  return findShortage(ruleOf(requirement, { achievement: '', certify: 'by-rule' }, retired));
}
