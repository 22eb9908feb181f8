import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: { readonly start: string };
};

/**
 * What `npm start` gives Node.js. With small generations a server of a school needs some 60 MB less (BENCHMARKS.md), and
 * 768 MB are more than twice what its largest work, 10,000 awards from a sheet, was seen to take.
 */
export const startFlags = scripts.start.split(' ').filter((word) => word.startsWith('--'));
