import { pickTemplate } from '../../../src/domain/achievement-images.ts';
import { achievementKinds } from '../../../src/domain/achievements.ts';
import { contrast } from '../../../src/images/color.ts';
import { badgeIcons } from '../../../src/images/icons.ts';

const picks = Array.from({ length: 500 }, (_, index) =>
  pickTemplate({ kind: 'boss', name: `Achievement ${index}` }, badgeIcons),
);

describe('pickTemplate', () => {
  it('gives every kind a shape of its own', () => {
    const shapes = achievementKinds.map(
      (kind) => pickTemplate({ kind, name: 'x' }, badgeIcons).shape,
    );
    expect(new Set(shapes).size).toBe(achievementKinds.length);
  });

  it('uses every icon and several colors, all dark enough for white on them', () => {
    expect(new Set(picks.map(({ icon }) => icon))).toEqual(new Set(badgeIcons));
    const colors = [...new Set(picks.map(({ color }) => color))];
    expect(colors.length).toBeGreaterThan(5);
    for (const color of colors) expect(contrast(color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  it('does not mind spaces and capitals', () => {
    const one = pickTemplate({ kind: 'level', name: 'Adding' }, badgeIcons);
    expect(pickTemplate({ kind: 'level', name: ' ADDING ' }, badgeIcons)).toEqual(one);
  });
});
