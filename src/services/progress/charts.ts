import type { ChartWords } from '../../domain/letters/types.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import { renderChartPdf } from '../../images/chart-pdf.ts';
import {
  colorOf,
  renderChart,
  type Chart,
  type ChartPicture,
  type ChartPlace,
} from '../../images/charts.ts';
import type { ChartMedium, ChartPictures } from './chart-pictures.ts';
import type { ProgressEntry, ProgressService } from './progress.ts';

export const chartKinds = ['competency', 'stickers'] as const;

export interface ChartQuery {
  readonly framework: string;
  readonly kind: (typeof chartKinds)[number];
}

export type ChartService = ReturnType<typeof createChartService>;

/** What can be printed: badges by level, and a hole for each that is not earned yet. */
export function createChartService({
  progress,
  pictures,
}: {
  progress: Pick<ProgressService, 'get'>;
  pictures: Pick<ChartPictures, 'load'>;
}) {
  return {
    svg: async (actor: Actor, id: string, query: ChartQuery) =>
      renderChart(await build(actor, { id, ...query }, 'screen')),
    pdf: async (actor: Actor, id: string, query: ChartQuery) =>
      renderChartPdf(await build(actor, { id, ...query }, 'paper')),
  };

  async function build(
    actor: Actor,
    { id, framework, kind }: ChartQuery & { readonly id: string },
    medium: ChartMedium,
  ): Promise<Chart> {
    const { learner, frameworks, at, letters } = await progress.get(actor, id, { framework });
    const [shown] = frameworks;
    const entries = shown?.entries ?? [];
    const held = entries.filter(({ standing }) => standing.state === 'held');
    const wanted = held.map(({ achievement }) => achievement.current);
    const found = await pictures.load(
      { scope: scopeOf(actor), learner: learner.id },
      wanted,
      medium,
    );
    const words = letters.chart;
    const placesAt = (level: number | undefined) =>
      entries
        .filter(({ achievement }) => achievement.listed.level === level)
        .map((entry) => toPlace(entry, kind, { words, pictures: found }));
    const rows = [
      ...(shown?.framework.levels ?? []).map(({ ordinal, name }) => ({
        // Some names say it themselves: `Level 2: Explorer`.
        title: name.includes(String(ordinal)) ? name : words.level(ordinal, name),
        places: placesAt(ordinal),
      })),
      { title: words.others, places: placesAt(undefined) },
    ];
    const facts = {
      held: held.length,
      all: entries.length,
      day: at.toISOString().slice(0, 10),
    };
    return {
      language: letters.language,
      title: words[kind](learner.name),
      summary: words.summary(shown?.framework.title ?? '', facts),
      rows: rows.filter(({ places }) => places.length > 0),
    };
  }
}

function toPlace(
  { achievement, standing }: ProgressEntry,
  kind: ChartQuery['kind'],
  { words, pictures }: { words: ChartWords; pictures: ReadonlyMap<string, ChartPicture> },
): ChartPlace {
  const { id, current } = achievement;
  const isHeld = standing.state === 'held';
  const day = standing.at?.toISOString().slice(0, 10) ?? '';
  const { states } = words;
  const note = isHeld
    ? `${states.held} ${day}`
    : states[kind === 'stickers' ? 'open' : standing.state];
  const place = { name: current.name, isHeld, note, color: colorOf(current.image) };
  const picture = pictures.get(id);
  return picture === undefined ? place : { ...place, picture };
}
