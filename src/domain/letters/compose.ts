import type { LearnerWeek } from '../digests.ts';
import type { Letters, WeekWords } from './types.ts';

const parts = ['submitted', 'inReview', 'earned', 'returned', 'stuck'] as const;

/** The letter about a week as plain text. */
export function composeLetter(
  letters: Letters,
  { school, reader, weeks }: { school: string; reader: string; weeks: readonly LearnerWeek[] },
): string {
  const each = weeks.flatMap(({ name, words }) => [
    '',
    letters.week(name),
    ...lines(letters, words),
  ]);
  return [
    letters.subject(school),
    '',
    letters.greeting(reader),
    ...each,
    '',
    letters.unsubscribe,
  ].join('\n');
}

function lines(letters: Letters, words: WeekWords): readonly string[] {
  const found = parts.flatMap((part) => {
    const items = words[part].map((one) =>
      typeof one === 'string' ? `- ${one}` : `- ${one.name}: ${one.feedback}`,
    );
    return items.length === 0 ? [] : [`${letters.headings[part]}:`, ...items];
  });
  return found.length === 0 ? [letters.quiet] : found;
}
