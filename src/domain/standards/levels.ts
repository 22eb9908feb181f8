import { conflict, invalid, type Issue } from '../../shared/errors.ts';
import type { Level } from '../standards.ts';

/** The levels in order, when their ordinals are 1, 2, 3 … without a gap and every name is there once. */
export function parseLevels(levels: readonly Level[]): readonly Level[] {
  const ordered = [...levels].sort((a, b) => a.ordinal - b.ordinal);
  const names = new Set<string>();
  const issues: Issue[] = [];
  for (const [place, { ordinal, name }] of ordered.entries()) {
    const path = `${levels.findIndex((level) => level.ordinal === ordinal)}`;
    if (ordinal !== place + 1) {
      issues.push({ path: `${path}.ordinal`, message: 'ordinals are 1, 2, 3 … without a gap' });
      break;
    }
    if (names.has(name.toLowerCase()))
      issues.push({ path: `${path}.name`, message: 'two levels cannot have the same name' });
    names.add(name.toLowerCase());
  }
  if (issues.length === 0) return ordered;
  throw invalid('level.invalid', 'Levels are counted 1, 2, 3 … and have different names.', issues);
}

/** @throws ServiceError when a level that is in use would go */
export function assertLevelsKept(next: readonly Level[], inUse: readonly number[]): void {
  const lost = inUse.filter((ordinal) => !next.some((level) => level.ordinal === ordinal));
  if (lost.length === 0) return;
  throw conflict(
    'level.in_use',
    `Level ${Math.min(...lost)} is in use and cannot be removed. Levels can be renamed and added.`,
  );
}
