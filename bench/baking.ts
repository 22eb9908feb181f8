import { bakePng, unbakePng } from '../src/credentials/bake/png.ts';
import { renderBadgePng } from '../src/images/raster.ts';
import { renderBadge } from '../src/images/template.ts';
import { makeBadge } from './badge.ts';
import { perSecond, show, sideBySide, type Subject } from './harness.ts';

export const baking: Subject = {
  title: 'Badge picture',
  about:
    'CPU time, as above: the signed badge put into its picture of 600 × 600 pixels and taken out again, beside copying the picture in memory. A picture is drawn once for each version of an achievement.',
  async run(tell) {
    tell('baking pictures');
    const { document } = await makeBadge();
    const draw = () =>
      renderBadgePng(
        renderBadge(
          { shape: 'hexagon', color: '#2a6f97', icon: 'chart' },
          { title: 'Linear or exponential?', level: 2, levels: 4 },
        ),
      );
    const png = await draw();
    const baked = bakePng(png, document);
    const cost = await sideBySide({
      bake: () => bakePng(png, document),
      unbake: () => unbakePng(baked),
      copy: () => Buffer.from(png),
      draw,
    });
    return [
      {
        what: `bake ${show(document.length / 1_024)} kB into ${show(png.length / 1_024)} kB`,
        value: perSecond(cost.bake),
        beside: `${show(cost.bake / cost.copy)} × the time of a copy`,
      },
      { what: 'take it out again', value: perSecond(cost.unbake) },
      { what: 'draw the picture', value: perSecond(cost.draw) },
    ];
  },
};
