import type { NextStep } from './level-rules.ts';

/** More names than this are counted, not read. */
const shown = 5;

/** One step in plain words. */
export function describeStep(step: NextStep, nameOf: (achievement: string) => string): string {
  const names = listNames(step.achievements.map(nameOf));
  switch (step.kind) {
    case 'previous-level':
      return `First comes the level before: ${names}.`;
    case 'must-have':
      return `Nobody gets around ${step.achievements.length === 1 ? 'this one' : 'these'}: ${names}.`;
    case 'pool':
      return step.count === step.achievements.length
        ? `Earn ${names}.`
        : `Earn ${step.count} more of these: ${names}.`;
    case 'boss':
      return step.count === step.achievements.length
        ? `Then take on ${names}.`
        : `Then take on ${step.count} of these: ${names}.`;
  }
}

function listNames(names: readonly string[]): string {
  const first = names.slice(0, shown);
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}
