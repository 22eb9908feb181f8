import type { TemplateImage } from '../domain/achievements.ts';
import { inkOn, mix } from './color.ts';
import { icons, isBadgeIcon } from './icons.ts';
import { fitText } from './text.ts';

export type BadgeTemplate = Pick<TemplateImage, 'shape' | 'color' | 'icon'>;

export interface BadgeText {
  readonly title: string;
  /** From 1; together with `levels` it is shown as a gauge around the badge. */
  readonly level?: number;
  readonly levels?: number;
}

interface Shape {
  /** Outline around the middle of a square of 600. */
  readonly path: string;
  /** Middle of the icon and of the title, and the room for the title's lines. */
  readonly icon: number;
  readonly title: number;
  readonly width: number;
}

const shapes: Readonly<Record<BadgeTemplate['shape'], Shape>> = {
  circle: {
    path: 'M300 66A234 234 0 1 1 300 534A234 234 0 1 1 300 66Z',
    icon: 208,
    title: 376,
    width: 356,
  },
  hexagon: {
    path: 'M278 68Q300 55 322 68L490 165Q512 178 512 203V397Q512 422 490 435L322 532Q300 545 278 532L110 435Q88 422 88 397V203Q88 178 110 165Z',
    icon: 204,
    title: 372,
    width: 372,
  },
  shield: {
    path: 'M300 62C352 100 420 114 474 112Q496 112 497 134C504 268 484 444 319 534Q300 544 281 534C116 444 96 268 103 134Q104 112 126 112C180 114 248 100 300 62Z',
    icon: 206,
    title: 364,
    width: 332,
  },
  stone: {
    path: 'M204 92C268 58 346 66 404 104C458 138 540 190 536 296C532 372 492 418 470 462C436 524 340 544 268 530C196 518 118 506 80 424C50 356 66 296 84 244C106 180 140 126 204 92Z',
    icon: 210,
    title: 376,
    width: 366,
  },
  square: {
    path: 'M178 92H422Q508 92 508 178V422Q508 508 422 508H178Q92 508 92 422V178Q92 92 178 92Z',
    icon: 206,
    title: 378,
    width: 368,
  },
};

const gauge = { radius: 279, width: 15, from: 208, sweep: 304, gap: 4 };

/** The picture of an achievement as SVG: 600 × 600, transparent around, readable by screen readers. */
export function renderBadge(template: BadgeTemplate, text: BadgeText): string {
  const { color } = template;
  const shape = shapes[template.shape];
  const id = `badge-${template.shape}-${color.slice(1)}`;
  const ink = inkOn(color);
  const title = escapeXml(text.title.trim());
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="600" height="600" role="img">',
    `<title>${title}</title><desc>${escapeXml(describe(template, text))}</desc>`,
    `<defs><linearGradient id="${id}" x1="0.2" y1="0" x2="0.8" y2="1">`,
    `<stop offset="0" stop-color="${mix(color, '#ffffff', 0.14)}"/>`,
    `<stop offset="1" stop-color="${mix(color, '#000000', 0.16)}"/></linearGradient>`,
    `<clipPath id="${id}-clip"><path d="${shape.path}"/></clipPath></defs>`,
    gaugeOf(color, text),
    plate(shape, id, ink),
    drawing(template.icon, shape, ink),
    titleOf(text.title, shape, ink),
    ordinal(color, text),
    '</svg>',
  ].join('');
}

function describe({ shape, icon }: BadgeTemplate, { level, levels }: BadgeText): string {
  const looks = `Badge in the shape of a ${shape} with a drawing of: ${icon}.`;
  if (level === undefined) return looks;
  return `${looks} Level ${level}${levels === undefined ? '' : ` of ${levels}`}.`;
}

function plate({ path }: Shape, id: string, ink: string): string {
  return [
    `<path d="${path}" fill="url(#${id})"/>`,
    `<g clip-path="url(#${id}-clip)"><ellipse cx="220" cy="60" rx="430" ry="210" fill="#ffffff" opacity="0.09"/></g>`,
    `<path d="${path}" transform="translate(300 300) scale(0.925) translate(-300 -300)" fill="none" `,
    `stroke="${ink}" stroke-opacity="0.38" stroke-width="3"/>`,
  ].join('');
}

function drawing(name: string, { icon }: Shape, ink: string): string {
  const path = icons[isBadgeIcon(name) ? name : 'star'];
  return [
    `<g transform="translate(${300 - 84} ${icon - 84}) scale(7)" fill="none" stroke="${ink}" `,
    `stroke-width="1.35" stroke-linecap="round" stroke-linejoin="round"><path d="${path}"/></g>`,
  ].join('');
}

function titleOf(title: string, { title: middle, width }: Shape, ink: string): string {
  const { lines, size } = fitText(title, width, [52, 47, 42, 38, 34, 31, 28]);
  const lineHeight = size * 1.16;
  const first = middle - ((lines.length - 1) * lineHeight) / 2 + size * 0.36;
  const spans = lines.map(
    (line, index) =>
      `<tspan x="300" y="${round(first + index * lineHeight)}">${escapeXml(line)}</tspan>`,
  );
  return [
    `<text font-family="Inter, 'Helvetica Neue', Arial, sans-serif" font-weight="700" font-size="${size}" `,
    `text-anchor="middle" letter-spacing="-0.4" fill="${ink}">${spans.join('')}</text>`,
  ].join('');
}

/** One segment for each level, filled up to the one that was reached; a closed ring where there are no levels. */
function gaugeOf(color: string, { level, levels }: BadgeText): string {
  const full = mix(color, '#000000', 0.22);
  const empty = mix(color, '#d9dce3', 0.78);
  const { radius, width, from, sweep, gap } = gauge;
  if (level === undefined || levels === undefined || levels < 1 || levels > 40) {
    return `<circle cx="300" cy="300" r="${radius}" fill="none" stroke="${empty}" stroke-width="6"/>`;
  }
  const step = (sweep - gap * (levels - 1)) / levels;
  const arcs = Array.from({ length: levels }, (_, index) => {
    const start = from + index * (step + gap);
    const reached = index < level;
    return `<path d="${arc(radius, start, start + step)}" stroke="${reached ? full : empty}"/>`;
  });
  return `<g fill="none" stroke-width="${width}" stroke-linecap="butt">${arcs.join('')}</g>`;
}

/** Degrees clockwise from the top. */
function arc(radius: number, from: number, to: number): string {
  const point = (degrees: number): string => {
    const angle = ((degrees - 90) * Math.PI) / 180;
    return `${round(300 + radius * Math.cos(angle))} ${round(300 + radius * Math.sin(angle))}`;
  };
  return `M${point(from)}A${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}

function ordinal(color: string, { level }: BadgeText): string {
  if (level === undefined) return '';
  const fill = mix(color, '#000000', 0.22);
  return [
    `<circle cx="300" cy="546" r="45" fill="${fill}" stroke="#ffffff" stroke-width="7"/>`,
    `<text x="300" y="563" font-family="Inter, 'Helvetica Neue', Arial, sans-serif" font-weight="700" `,
    `font-size="48" text-anchor="middle" fill="${inkOn(fill)}">${level}</text>`,
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
