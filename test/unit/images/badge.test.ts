import fc from 'fast-check';
import sharp from 'sharp';
import { xmlTokens } from '../../../src/credentials/bake/xml.ts';
import { contrast, inkOn } from '../../../src/images/color.ts';
import { badgeIcons } from '../../../src/images/icons.ts';
import { renderBadgePng } from '../../../src/images/raster.ts';
import { renderBadge, type BadgeTemplate } from '../../../src/images/template.ts';
import { fitText, widthOf } from '../../../src/images/text.ts';

const shapes = ['circle', 'hexagon', 'shield', 'stone', 'square'] as const;
const blue: BadgeTemplate = { shape: 'circle', color: '#3949ab', icon: 'graph' };

const anyColor = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

/** Paints of the gauge's segments, in their order. */
function segments(svg: string): string[] {
  const gauge = /<g fill="none" stroke-width="15"[^>]*>(.*?)<\/g>/.exec(svg)?.[1] ?? '';
  return [...gauge.matchAll(/stroke="([^"]+)"/g)].map(([, paint = '']) => paint);
}

describe('the picture of an achievement', () => {
  it('is well-formed and calls itself by its title, whatever that is', () => {
    const anyTitle = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(anyTitle, fc.constantFrom(...shapes), anyColor, (title, shape, color) => {
        const svg = renderBadge({ shape, color, icon: 'book' }, { title, level: 1, levels: 3 });
        let depth = 0;
        for (const { kind, selfClosing } of xmlTokens(svg)) {
          if (kind === 'open' && !selfClosing) depth += 1;
          if (kind === 'close') depth -= 1;
        }
        expect(depth).toBe(0);
        expect(svg.replace(/[\t\n\r\u007f-\u009f]/g, '')).not.toMatch(/\p{Cc}/u);
      }),
    );
    expect(renderBadge(blue, { title: 'a < b & "c"' })).toContain(
      '<title>a &lt; b &amp; "c"</title>',
    );
  });

  it('shows the level as a gauge with one segment for each', () => {
    const paints = segments(renderBadge(blue, { title: 'Functions', level: 2, levels: 5 }));
    expect(paints).toHaveLength(5);
    expect(paints[0]).toBe(paints[1]);
    expect(paints[2]).toBe(paints[4]);
    expect(paints[1]).not.toBe(paints[2]);
  });

  it('tells people who cannot see it what is on it', () => {
    const svg = renderBadge(blue, { title: 'Functions', level: 2, levels: 5 });
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(/<desc>[^<]*circle[^<]*graph[^<]*Level 2 of 5\.<\/desc>/);
    expect(renderBadge(blue, { title: 'Algebra' })).not.toContain('Level');
  });

  it('has another picture for each of its icons, and one for a name that it does not know', () => {
    const pictures = badgeIcons.map((icon) => renderBadge({ ...blue, icon }, { title: 'A' }));
    expect(badgeIcons.length).toBeGreaterThanOrEqual(16);
    expect(new Set(pictures).size).toBe(badgeIcons.length);
    expect(renderBadge({ ...blue, icon: 'constructor' }, { title: 'A' })).toContain('<path');
  });

  it('can be read on every colour', () => {
    fc.assert(
      fc.property(anyColor, (color) => {
        expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(3.9);
      }),
    );
  });

  it.each(shapes)('becomes a PNG with its title painted: %s', async (shape) => {
    const withTitle = renderBadge(
      { ...blue, shape },
      { title: 'Linear functions', level: 1, levels: 4 },
    );
    const untitled = withTitle.replace(/<tspan.*<\/tspan>/, '');
    const [png, plain] = await Promise.all([renderBadgePng(withTitle), renderBadgePng(untitled)]);
    const { width, height, format, hasAlpha } = await sharp(png).metadata();
    expect({ width, height, format, hasAlpha }).toEqual({
      width: 600,
      height: 600,
      format: 'png',
      hasAlpha: true,
    });
    expect(Buffer.compare(png, plain)).not.toBe(0);
    expect(png.length).toBeLessThan(200_000);
  });
});

describe('a title', () => {
  const sizes = [50, 40, 30];

  it('is broken into at most three lines that fit', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (title) => {
        const { lines, size } = fitText(title, 350, sizes);
        expect(lines.length).toBeLessThanOrEqual(3);
        expect(sizes).toContain(size);
        for (const line of lines) expect(widthOf(line, size)).toBeLessThanOrEqual(350);
      }),
    );
  });

  it('loses no words while there is room', () => {
    const title = 'Primary sources: reading what people left';
    expect(fitText(title, 350, sizes).lines.join(' ')).toBe(title);
    expect(fitText('Functions', 350, sizes)).toEqual({ lines: ['Functions'], size: 50 });
  });

  it('ends in an ellipsis when there is none', () => {
    const { lines } = fitText('word '.repeat(100), 350, sizes);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/…$/);
  });
});
