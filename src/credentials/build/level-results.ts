import type { LevelGrounds } from '../../domain/awards.ts';
import { namedId } from '../../shared/ids.ts';
import type { LevelResultDescription, ResultObject } from '../types.ts';
import { urn } from './urn.ts';

/**
 * A level achievement has no rubric: its results are the share of its pool, and its boss. Their ids follow from that of
 * the achievement, so that every version has them, whatever Cairn published it.
 */
const idOf = (achievement: string, result: 'share' | 'boss'): string =>
  urn(namedId(`level-result:${achievement}:${result}`));

export function buildLevelResultDescriptions(
  achievement: string,
): readonly LevelResultDescription[] {
  return [
    {
      id: idOf(achievement, 'share'),
      type: ['ResultDescription'],
      name: 'Share of the achievements of this level',
      resultType: 'Percent',
    },
    {
      id: idOf(achievement, 'boss'),
      type: ['ResultDescription'],
      name: 'Integrative assessment of this level',
      resultType: 'Status',
    },
  ];
}

export function buildLevelResults(
  achievement: string,
  credential: string,
  { share, boss }: LevelGrounds,
): readonly ResultObject[] {
  // Fixed by the credential, so that building it again gives the same document.
  const resultId = (result: string) => urn(namedId(`result:${credential}:${result}`));
  return [
    {
      id: resultId('share'),
      type: ['Result'],
      resultDescription: idOf(achievement, 'share'),
      value: String(Math.floor(share * 100 + 1e-9)),
      status: 'Completed',
    },
    ...(boss
      ? [
          {
            id: resultId('boss'),
            type: ['Result'] as const,
            resultDescription: idOf(achievement, 'boss'),
            status: 'Completed' as const,
          },
        ]
      : []),
  ];
}
