import type { AchievementImage } from '../domain/achievements.ts';
import { escapeXml } from './template.ts';
import { fitText, widthOf } from './text.ts';

/** One place on a chart: a badge that is held, or the hole for one that is not yet. */
export interface ChartPlace {
  readonly name: string;
  readonly isHeld: boolean;
  /** What is said of it, such as a date. */
  readonly note: string;
  readonly color: string;
  /** In the place of the drawn one. */
  readonly picture?: ChartPicture;
}

export interface ChartPicture {
  readonly type: 'image/svg+xml' | 'image/jpeg';
  readonly bytes: Uint8Array;
}

export interface ChartRow {
  readonly title: string;
  readonly places: readonly ChartPlace[];
}

export interface Chart {
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  /** The text alternative of the whole. */
  readonly summary: string;
  readonly rows: readonly ChartRow[];
}

/** An A4 page in points, which is what the PDF has, too. */
const page = { width: 595, margin: 40, columns: 5 } as const;
const cell = {
  width: (page.width - 2 * page.margin) / page.columns,
  height: 138,
  radius: 40,
} as const;
export const sizes = { title: [22, 16], row: [13, 11] } as const;
const ink = '#1f2430';
const quiet = '#5a6170';

export const colorOf = (image: AchievementImage): string =>
  image.kind === 'template' ? image.color : '#225588';

/** What stands below a badge, line by line. */
export const labelOf = ({ name }: ChartPlace): readonly string[] =>
  fitText(name, cell.width - 12, [9]).lines;

/** As large as it fits into one line of the page; what is too long for that ends in an ellipsis. */
export function fitLine(
  words: string,
  [largest, smaller]: readonly [number, number],
): { readonly words: string; readonly size: number } {
  const width = page.width - 2 * page.margin;
  if (widthOf(words, largest) <= width) return { words, size: largest };
  let shown = words;
  while (widthOf(shown, smaller) > width) shown = `${Array.from(shown).slice(0, -2).join('')}…`;
  return { words: shown, size: smaller };
}

/** One line, or some small ones. */
export function fitSummary({ summary }: Chart) {
  const width = page.width - 2 * page.margin;
  const size = widthOf(summary, 11) <= width ? 11 : 9;
  return { lines: fitText(summary, width, [size]).lines, size };
}

/** Where everything stands: the SVG and the PDF draw the same. */
export function layOut({ rows }: Chart) {
  let y = 104;
  const laid = rows.map(({ title, places }) => {
    const top = y;
    const cells = places.map((place, n) => ({
      place,
      x: page.margin + (n % page.columns) * cell.width + cell.width / 2,
      y: top + 22 + Math.floor(n / page.columns) * cell.height + cell.radius,
    }));
    y = top + 34 + Math.ceil(places.length / page.columns) * cell.height;
    return { title, top, cells };
  });
  return { width: page.width, height: y + page.margin, margin: page.margin, rows: laid };
}

/** The chart as one picture, which says in words what it shows. */
export function renderChart(chart: Chart): string {
  const { width, height, margin, rows } = layOut(chart);
  const summary = fitSummary(chart);
  const font = `font-family="Inter, 'Helvetica Neue', Arial, sans-serif"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" lang="${chart.language}" role="img">`,
    `<title>${escapeXml(chart.title)}</title><desc>${escapeXml(chart.summary)}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/><g ${font} fill="${ink}">`,
    drawLine([margin, 56], fitLine(chart.title, sizes.title), 'font-weight="700"'),
    ...summary.lines.map((words, n) =>
      drawText([margin, 76 + n * 11, summary.size], words, `fill="${quiet}"`),
    ),
    ...rows.flatMap(({ title, top, cells }) => [
      drawLine([margin, top + 12], fitLine(title, sizes.row), 'font-weight="700"'),
      ...cells.map(({ place, x, y }) => drawPlace(place, x, y)),
    ]),
    '</g></svg>',
  ].join('');
}

function drawLine(
  [x, y]: readonly [number, number],
  { words, size }: ReturnType<typeof fitLine>,
  more: string,
): string {
  return drawText([x, y, size], words, more);
}

/** At x and y, in a size. */
function drawText(
  [x, y, size]: readonly [number, number, number],
  words: string,
  more: string,
): string {
  return `<text x="${x}" y="${y}" font-size="${size}" ${more}>${escapeXml(words)}</text>`;
}

function drawPlace(place: ChartPlace, x: number, y: number): string {
  const { radius: r } = cell;
  const lines = labelOf(place);
  const middle = 'text-anchor="middle"';
  const shape = place.isHeld
    ? place.picture === undefined
      ? `<circle cx="${x}" cy="${y}" r="${r - 4}" fill="${place.color}"/>` +
        `<path d="M${x - 14} ${y}l10 11l19 -22" fill="none" stroke="#ffffff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>`
      : `<image href="${toDataUrl(place.picture)}" x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`
    : `<circle cx="${x}" cy="${y}" r="${r - 4}" fill="#f4f5f7" stroke="#8a91a0" stroke-width="1.5" stroke-dasharray="5 4"/>`;
  return [
    `<g><title>${escapeXml(`${place.name}: ${place.note}`)}</title>${shape}`,
    ...lines.map((line, n) => drawText([x, y + r + 12 + n * 11, 9], line, middle)),
    drawText([x, y + r + 12 + lines.length * 11, 8], place.note, `${middle} fill="${quiet}"`),
    '</g>',
  ].join('');
}

function toDataUrl({ type, bytes }: ChartPicture): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}
