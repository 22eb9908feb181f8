import type { LearnerWeek } from '../digests.ts';
import type { Letters, WeekWords } from './types.ts';

interface Letter {
  readonly school: string;
  readonly reader: string;
  readonly weeks: readonly LearnerWeek[];
  /** In a mail: where its reader stops such letters. */
  readonly stop?: string;
}

const parts = ['submitted', 'inReview', 'earned', 'returned', 'stuck'] as const;

/** The letter about a week as plain text. */
export function composeLetter(letters: Letters, { school, reader, weeks, stop }: Letter): string {
  const each = weeks.flatMap(({ name, words }) => [
    '',
    letters.week(name),
    ...lines(letters, words),
  ]);
  const end = stop === undefined ? letters.unsubscribe : `${letters.stop}\n${stop}`;
  return [letters.subject(school), '', letters.greeting(reader), ...each, '', end].join('\n');
}

function lines(letters: Letters, words: WeekWords): readonly string[] {
  const found = describeWeek(letters, words).flatMap(({ heading, items }) => [
    `${heading}:`,
    ...items.map((item) => `- ${item}`),
  ]);
  return found.length === 0 ? [letters.quiet] : found;
}

/** The same letter for programs that show HTML. It fetches nothing, so nobody learns when it is read. */
export function composeHtmlLetter(
  letters: Letters,
  { school, reader, weeks, stop = '' }: Letter,
): string {
  const subject = escapeHtml(letters.subject(school));
  const each = weeks.map(({ name, words }) => {
    const found = describeWeek(letters, words).map(({ heading, items }) => {
      const list = items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n');
      return `<h3>${escapeHtml(heading)}</h3>\n<ul>\n${list}\n</ul>`;
    });
    const week = found.length === 0 ? `<p>${escapeHtml(letters.quiet)}</p>` : found.join('\n');
    return `<h2>${escapeHtml(letters.week(name))}</h2>\n${week}`;
  });
  const link = `<a href="${escapeHtml(stop)}">${escapeHtml(stop)}</a>`;
  return `<!doctype html>
<html lang="${escapeHtml(letters.language)}">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body>
<h1>${subject}</h1>
<p>${escapeHtml(letters.greeting(reader))}</p>
${each.join('\n')}
<p><small>${escapeHtml(letters.stop)}<br>${link}</small></p>
</body>
</html>
`;
}

/** What there is to say of a week, part by part. */
function describeWeek(letters: Letters, words: WeekWords) {
  return parts
    .map((part) => ({
      heading: letters.headings[part],
      items: words[part].map((one) =>
        typeof one === 'string' ? one : `${one.name}: ${one.feedback}`,
      ),
    }))
    .filter(({ items }) => items.length > 0);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
