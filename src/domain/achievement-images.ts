import { sha256 } from '../shared/ids.ts';
import type { AchievementKind, TemplateImage } from './achievements.ts';

/** Each kind has its outline, so that a boss is told from a skill at a glance. */
const shapes: Readonly<Record<AchievementKind, TemplateImage['shape']>> = {
  microcredential: 'circle',
  boss: 'shield',
  level: 'stone',
  credit: 'hexagon',
};

/** All dark enough for white on them (WCAG 2.2, 1.4.3: at least 4.5:1). */
const colors = [
  '#1f5f8b',
  '#0b6e4f',
  '#8a3ffc',
  '#9f1853',
  '#a2460f',
  '#005d5d',
  '#4c5b1f',
  '#6b3fa0',
  '#7a4b2a',
  '#b0203a',
] as const;

/** The picture of an achievement that nobody chose one for: always the same one for the same kind and name. */
export function pickTemplate(
  { kind, name }: { readonly kind: AchievementKind; readonly name: string },
  icons: readonly string[],
): TemplateImage {
  const digest = Buffer.from(sha256(name.normalize('NFC').trim().toLowerCase()), 'hex');
  return {
    kind: 'template',
    shape: shapes[kind],
    color: colors[digest.readUInt16BE(0) % colors.length] ?? colors[0],
    icon: icons[digest.readUInt16BE(2) % Math.max(icons.length, 1)] ?? '',
  };
}
