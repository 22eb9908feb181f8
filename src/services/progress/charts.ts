import type { Actor } from '../../domain/roles.ts';
import { renderChartPdf } from '../../images/chart-pdf.ts';
import { colorOf, renderChart, type Chart, type ChartPlace } from '../../images/charts.ts';
import { renderBadge } from '../../images/template.ts';
import type { ProgressEntry, ProgressService } from './progress.ts';

export const chartKinds = ['competency', 'stickers'] as const;

export interface ChartQuery {
  readonly framework: string;
  readonly kind: (typeof chartKinds)[number];
}

/** A picture of the learner's own for an achievement, as a data URL. */
export type FindArt = (learner: string) => Promise<ReadonlyMap<string, string>>;

export type ChartService = ReturnType<typeof createChartService>;

/** What can be printed: badges by level, and a hole for each that is not earned yet. */
export function createChartService({
  progress,
  findArt,
}: {
  progress: Pick<ProgressService, 'get'>;
  findArt?: FindArt;
}) {
  return {
    svg: async (actor: Actor, id: string, query: ChartQuery) =>
      renderChart(await build(actor, id, query)),
    pdf: async (actor: Actor, id: string, query: ChartQuery) =>
      renderChartPdf(await build(actor, id, query)),
  };

  async function build(actor: Actor, id: string, { framework, kind }: ChartQuery): Promise<Chart> {
    const { learner, frameworks, at } = await progress.get(actor, id, { framework });
    const art = (await findArt?.(learner.id)) ?? new Map<string, string>();
    const [shown] = frameworks;
    const entries = shown?.entries ?? [];
    const rows = (shown?.framework.levels ?? []).map(({ ordinal, name }) => ({
      title: `Level ${ordinal}: ${name}`,
      places: entries
        .filter(({ achievement }) => achievement.listed.level === ordinal)
        .map((entry) => toPlace(entry, kind, art)),
    }));
    const held = entries.filter(({ standing }) => standing.state === 'held').length;
    const title = shown?.framework.title ?? '';
    return {
      title: `${kind === 'stickers' ? 'Stickers' : 'Competency chart'}: ${learner.name}`,
      summary: `${title}: ${held} of ${entries.length} earned by ${at.toISOString().slice(0, 10)}.`,
      rows: rows.filter(({ places }) => places.length > 0),
    };
  }
}

const words = {
  held: 'earned',
  in_review: 'in review',
  returned: 'not yet: try again',
  started: 'started',
  open: 'not yet',
  locked: 'comes later',
} as const;

function toPlace(
  { achievement, standing }: ProgressEntry,
  kind: ChartQuery['kind'],
  art: ReadonlyMap<string, string>,
): ChartPlace {
  const { id, current } = achievement;
  const isHeld = standing.state === 'held';
  const day = standing.at?.toISOString().slice(0, 10) ?? '';
  const note = isHeld
    ? `${words.held} ${day}`
    : kind === 'stickers'
      ? 'not yet'
      : words[standing.state];
  const place = { name: current.name, isHeld, note, color: colorOf(current.image) };
  const picture = art.get(id) ?? drawnPicture(current);
  return isHeld && picture !== undefined ? { ...place, picture } : place;
}

function drawnPicture({ image, name, level, levelCount }: ProgressEntry['achievement']['current']) {
  if (image.kind !== 'template') return undefined;
  const svg = renderBadge(image, {
    title: name,
    ...(level === undefined ? {} : { level }),
    ...(levelCount === undefined ? {} : { levels: levelCount }),
  });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
